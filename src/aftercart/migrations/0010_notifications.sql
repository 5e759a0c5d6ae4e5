-- What is told to whom: endpoints of other systems, and one row per message until it is sent or given up.
CREATE SCHEMA notifications;

CREATE TABLE notifications.webhook_endpoints (
    endpoint_id uuid PRIMARY KEY,
    url text NOT NULL,
    description text NOT NULL,
    event_types jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    disabled_reason text,
    version integer NOT NULL,
    CONSTRAINT disabled_reason_is_known CHECK (disabled_reason IN ('asked', 'gone', 'failing')),
    CONSTRAINT a_disabled_endpoint_says_why CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
);

-- A row says which events are told to whom, never what: texts and addresses are looked up when it is sent. `offset`
-- is that of its first event in the feed, and the order of what is told about one stream. `lease_token` grows with each
-- sender that takes the row, so that one who lost it cannot settle it.
CREATE TABLE notifications.deliveries (
    delivery_id uuid PRIMARY KEY,
    kind text NOT NULL,
    endpoint uuid,
    stream uuid NOT NULL,
    cause uuid NOT NULL,
    "offset" bigint NOT NULL,
    urgent boolean NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL,
    lease_token bigint NOT NULL,
    leased_until timestamptz,
    settled_at timestamptz,
    last_status integer,
    last_error text,
    CONSTRAINT delivery_kind_is_known CHECK (kind IN ('mail', 'webhook')),
    CONSTRAINT delivery_state_is_known CHECK (state IN ('waiting', 'sent', 'failed')),
    CONSTRAINT webhooks_and_only_they_have_an_endpoint CHECK ((kind = 'webhook') = (endpoint IS NOT NULL)),
    CONSTRAINT what_waits_is_not_settled CHECK ((state = 'waiting') = (settled_at IS NULL)),
    CONSTRAINT attempts_are_not_negative CHECK (attempts >= 0)
) WITH (fillfactor = 70);
CREATE INDEX deliveries_due ON notifications.deliveries (kind, urgent DESC, due_at) WHERE state = 'waiting';
CREATE INDEX deliveries_due_by_endpoint ON notifications.deliveries (endpoint, due_at, "offset")
    WHERE state = 'waiting' AND kind = 'webhook';
CREATE INDEX deliveries_by_stream ON notifications.deliveries (stream, "offset");
CREATE INDEX deliveries_by_endpoint ON notifications.deliveries (endpoint, "offset")
    WHERE kind = 'webhook';
CREATE INDEX deliveries_by_settling ON notifications.deliveries (settled_at) WHERE state <> 'waiting';

INSERT INTO kit.cursors (consumer, "offset") VALUES ('notifications', 0);
