-- What the merchant packs with: cartons, and what is put in beside the goods. One document for each version.
CREATE TABLE fulfillment.packing (
    version integer PRIMARY KEY,
    packing jsonb NOT NULL,
    CONSTRAINT packing_version_starts_at_one CHECK (version >= 1)
);

ALTER TABLE fulfillment.parcels ADD COLUMN inserts jsonb NOT NULL DEFAULT '[]';
