-- Where goods are: locations, stock per SKU and location, and the append-only ledger of physical movements.
CREATE SCHEMA inventory;

CREATE TABLE inventory.locations (
    code text PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    address jsonb NOT NULL,
    timezone text NOT NULL,
    cutoff time NOT NULL,
    working_days jsonb NOT NULL,
    ships boolean NOT NULL,
    pickups boolean NOT NULL,
    returns boolean NOT NULL,
    hourly_capacity_orders integer,
    version integer NOT NULL,
    CONSTRAINT location_kind_is_known CHECK (kind IN ('warehouse', 'store', 'supplier')),
    CONSTRAINT hourly_capacity_is_positive CHECK (hourly_capacity_orders IS NULL OR hourly_capacity_orders > 0)
);

-- `reserved` is not a second truth: it equals the units of all orders in holding stages (audited).
-- The fill factor leaves room for in-page updates of hot SKUs.
CREATE TABLE inventory.stock (
    sku text NOT NULL,
    location text NOT NULL REFERENCES inventory.locations (code),
    on_hand integer NOT NULL,
    reserved integer NOT NULL,
    safety integer NOT NULL,
    quarantined integer NOT NULL,
    short integer NOT NULL,
    PRIMARY KEY (sku, location),
    CONSTRAINT on_hand_is_not_negative CHECK (on_hand >= 0),
    CONSTRAINT reserved_is_not_negative CHECK (reserved >= 0),
    CONSTRAINT safety_is_not_negative CHECK (safety >= 0),
    CONSTRAINT quarantined_is_not_negative CHECK (quarantined >= 0),
    CONSTRAINT short_is_exactly_what_is_missing CHECK (short = GREATEST(reserved - on_hand, 0)),
    CONSTRAINT reserved_does_not_exceed_on_hand_and_short CHECK (reserved <= on_hand + short)
) WITH (fillfactor = 50);
CREATE INDEX stock_that_is_short ON inventory.stock (sku, location) WHERE short > 0;

-- `document` is the stream of the event that moved the goods; the event log knows when and who.
CREATE TABLE inventory.movements (
    movement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku text NOT NULL,
    location text NOT NULL,
    quantity integer NOT NULL,
    kind text NOT NULL,
    reference text NOT NULL,
    document uuid NOT NULL,
    CONSTRAINT a_movement_moves_something CHECK (quantity <> 0),
    CONSTRAINT movement_kind_is_known CHECK (kind IN ('receipt', 'adjustment', 'count'))
);
CREATE INDEX movements_by_stock ON inventory.movements (sku, location);
