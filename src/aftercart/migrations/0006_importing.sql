-- What imports were refused: orders that exist speak for themselves, but a refusal is stored nowhere else, and an import
-- that continues must neither ask again nor forget why. One row per invoice of the other system.
CREATE SCHEMA importing;

CREATE TABLE importing.refusals (
    source text NOT NULL,
    reference text NOT NULL,
    fingerprint text NOT NULL,
    code text NOT NULL,
    missing_skus jsonb NOT NULL,
    PRIMARY KEY (source, reference)
);
