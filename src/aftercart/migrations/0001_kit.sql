-- What every area stands on: outcomes of commands, the event log with its queue and feed, leases and cursors.
CREATE SCHEMA IF NOT EXISTS kit;

-- One row per accepted command, written in the command's own commit. An idempotency key is the command's id (hashed
-- with its caller), so one primary key answers both "was this key used?" and "did that commit happen?".
CREATE TABLE kit.outcomes (
    command_id uuid PRIMARY KEY,
    fingerprint text NOT NULL,
    result json NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX outcomes_by_time ON kit.outcomes USING brin (at);

CREATE TABLE kit.event_log (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream uuid NOT NULL,
    seq integer NOT NULL,
    type text NOT NULL,
    data json NOT NULL,
    actor text NOT NULL,
    cause uuid NOT NULL,
    policy_version integer NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT seq_starts_at_one CHECK (seq >= 1),
    CONSTRAINT one_event_per_stream_and_seq UNIQUE (stream, seq)
);

-- Positions not yet sequenced; the sequencer moves them to the feed in position order.
CREATE TABLE kit.event_queue (
    position bigint PRIMARY KEY
);

-- The order in which consumers see events: gapless, and nothing ever appears behind a consumer's cursor.
CREATE TABLE kit.event_feed (
    "offset" bigint PRIMARY KEY,
    position bigint NOT NULL
);

-- Who may run a loop now (sequencer, reactions, deadlines). `token` grows with each new holder.
CREATE TABLE kit.leases (
    name text PRIMARY KEY,
    holder uuid NOT NULL,
    token bigint NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE kit.cursors (
    consumer text PRIMARY KEY,
    "offset" bigint NOT NULL,
    CONSTRAINT cursor_is_not_negative CHECK ("offset" >= 0)
);
INSERT INTO kit.cursors (consumer, "offset") VALUES ('sequencer', 0), ('reactions', 0);
