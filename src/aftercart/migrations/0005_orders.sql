-- Orders: the header, its lines, and the unit ledger in which every unit ordered is in exactly one stage at one place.
CREATE SCHEMA orders;

CREATE TABLE orders.channels (
    code text PRIMARY KEY,
    missing_stock text NOT NULL,
    version integer NOT NULL,
    CONSTRAINT missing_stock_policy_is_known CHECK (missing_stock IN ('refuse', 'backorder'))
);

CREATE TABLE orders.orders (
    order_id uuid PRIMARY KEY,
    number text NOT NULL,
    channel text NOT NULL,
    reference text,
    fingerprint text NOT NULL,
    email text NOT NULL,
    customer jsonb NOT NULL,
    billing_address jsonb,
    currency text NOT NULL,
    delivery jsonb NOT NULL,
    payment jsonb NOT NULL,
    holds jsonb NOT NULL,
    sourcing jsonb NOT NULL,
    status text NOT NULL,
    total_minor bigint NOT NULL,
    placed_at timestamptz NOT NULL,
    release_at timestamptz,
    hold_expires_at timestamptz,
    version integer NOT NULL,
    search tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple',
        number || ' ' || coalesce(reference, '') || ' ' || email || ' '
        || coalesce(customer ->> 'name', '') || ' ' || coalesce(customer ->> 'phone', '') || ' '
        || coalesce(delivery -> 'address' ->> 'name', '') || ' '
        || coalesce(delivery -> 'address' ->> 'postcode', '') || ' '
        || coalesce(delivery -> 'address' ->> 'city', ''))) STORED,
    CONSTRAINT one_order_per_number UNIQUE (number),
    CONSTRAINT total_is_not_negative CHECK (total_minor >= 0),
    CONSTRAINT version_starts_at_one CHECK (version >= 1),
    CONSTRAINT status_is_known CHECK (status IN (
        'awaiting_payment', 'on_hold', 'backordered', 'confirmed', 'released', 'in_preparation', 'partly_shipped',
        'shipped', 'delivered', 'completed', 'canceled', 'returned'))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX one_order_per_reference ON orders.orders (channel, reference) WHERE reference IS NOT NULL;
CREATE INDEX orders_by_time ON orders.orders (placed_at, order_id);
CREATE INDEX orders_by_status ON orders.orders (status, placed_at, order_id);
CREATE INDEX orders_by_email ON orders.orders (email, placed_at);
-- A short pending list: the insert that empties a long one would keep its whole batch waiting for a third of a second.
CREATE INDEX orders_by_words ON orders.orders USING gin (search) WITH (gin_pending_list_limit = 256);
CREATE INDEX orders_with_expiring_hold ON orders.orders (hold_expires_at) WHERE hold_expires_at IS NOT NULL;

CREATE TABLE orders.lines (
    order_id uuid NOT NULL,
    line integer NOT NULL,
    sku text NOT NULL,
    product text NOT NULL,
    name text NOT NULL,
    ordered integer NOT NULL,
    unit_price_minor bigint NOT NULL,
    tax_rate_bps integer NOT NULL,
    discount_minor bigint NOT NULL,
    discount_units integer NOT NULL,
    gift_message text,
    PRIMARY KEY (order_id, line),
    CONSTRAINT ordered_is_positive CHECK (ordered > 0),
    CONSTRAINT unit_price_is_not_negative CHECK (unit_price_minor >= 0),
    CONSTRAINT discount_does_not_exceed_price CHECK (
        discount_minor >= 0 AND discount_minor <= unit_price_minor * discount_units),
    CONSTRAINT discount_units_were_ordered CHECK (discount_units > 0 AND discount_units <= ordered)
);

CREATE TABLE orders.units (
    order_id uuid NOT NULL,
    line integer NOT NULL,
    location text NOT NULL,
    stage text NOT NULL,
    sku text NOT NULL,
    quantity integer NOT NULL,
    PRIMARY KEY (order_id, line, location, stage),
    CONSTRAINT quantity_is_positive CHECK (quantity > 0),
    CONSTRAINT stage_is_known CHECK (stage IN (
        'backordered', 'reserved', 'in_production', 'released', 'picked', 'packed', 'shipped', 'delivered',
        'returned', 'lost', 'canceled'))
);
CREATE INDEX units_waiting_for_stock ON orders.units (sku, order_id) WHERE stage = 'backordered';
CREATE INDEX units_holding_stock ON orders.units (sku, location, order_id)
    WHERE stage IN ('reserved', 'in_production', 'released', 'picked', 'packed');
