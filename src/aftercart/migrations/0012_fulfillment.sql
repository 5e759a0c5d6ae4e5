-- The floor: units that are pulled out again, what is found at a location, and parcels.
SET LOCAL lock_timeout = '5s';

ALTER TABLE orders.units DROP CONSTRAINT stage_is_known;
ALTER TABLE orders.units ADD CONSTRAINT stage_is_known CHECK (stage IN (
    'backordered', 'reserved', 'in_production', 'released', 'picked', 'packed', 'intercepted', 'shipped', 'delivered',
    'returned', 'lost', 'canceled'));
DROP INDEX orders.units_holding_stock;
CREATE INDEX units_holding_stock ON orders.units (sku, location, order_id)
    WHERE stage IN ('reserved', 'in_production', 'released', 'picked', 'packed', 'intercepted');
CREATE INDEX units_on_the_floor ON orders.units (location, order_id)
    WHERE stage IN ('released', 'picked', 'packed', 'intercepted');

CREATE SCHEMA fulfillment;

-- Locked by its order. What is asked of the table from outside its order stands in columns of its own.
CREATE TABLE fulfillment.parcels (
    order_id uuid NOT NULL,
    parcel integer NOT NULL,
    location text NOT NULL,
    status text NOT NULL,
    contents jsonb NOT NULL,
    opened_at timestamptz NOT NULL,
    carton text,
    void_bps integer,
    weight_grams integer,
    labels jsonb NOT NULL,
    tracked jsonb NOT NULL,
    handover text,
    closed_at timestamptz,
    handed_over_at timestamptz,
    tracking_number text,
    waits_for_carrier boolean NOT NULL,
    PRIMARY KEY (order_id, parcel),
    CONSTRAINT parcels_are_numbered_from_one CHECK (parcel >= 1),
    CONSTRAINT parcel_status_is_known CHECK (status IN (
        'open', 'closed', 'voided', 'handed_over', 'announced', 'in_transit', 'out_for_delivery',
        'available_at_point', 'failed', 'delivered', 'returned', 'lost')),
    CONSTRAINT a_parcel_that_left_was_closed CHECK (handed_over_at IS NULL OR closed_at IS NOT NULL),
    CONSTRAINT a_parcel_left_exactly_when_its_status_says_so CHECK (
        (handed_over_at IS NULL) = (status IN ('open', 'closed', 'voided')))
);
CREATE UNIQUE INDEX one_parcel_per_tracking_number ON fulfillment.parcels (tracking_number)
    WHERE tracking_number IS NOT NULL;
CREATE INDEX parcels_waiting_for_their_carrier ON fulfillment.parcels (closed_at, order_id, parcel)
    WHERE waits_for_carrier;
CREATE INDEX parcels_in_the_house ON fulfillment.parcels (location, order_id, parcel)
    WHERE status IN ('open', 'closed');
CREATE INDEX parcels_on_their_way ON fulfillment.parcels (handed_over_at, order_id, parcel)
    WHERE status IN ('handed_over', 'announced', 'in_transit', 'out_for_delivery', 'available_at_point', 'failed');
CREATE INDEX parcels_of_a_handover ON fulfillment.parcels (handover, order_id, parcel) WHERE handover IS NOT NULL;

ALTER TABLE inventory.movements
    DROP CONSTRAINT movement_kind_is_known,
    ADD CONSTRAINT movement_kind_is_known CHECK (
        kind IN ('receipt', 'adjustment', 'count', 'production', 'shipment', 'short_pick'));

CREATE INDEX variants_by_gtin ON catalog.variants (gtin) WHERE gtin IS NOT NULL;

-- What a carrier made for a request, kept before anybody is told: large, the same for ever, and no part of any decision.
CREATE TABLE fulfillment.label_documents (
    order_id uuid NOT NULL,
    parcel integer NOT NULL,
    request integer NOT NULL,
    zpl text NOT NULL,
    pdf bytea NOT NULL,
    price_minor integer,
    PRIMARY KEY (order_id, parcel, request)
);

-- How far what a carrier tells of parcels was read.
CREATE TABLE fulfillment.carrier_cursors (
    carrier text PRIMARY KEY,
    after text NOT NULL
);
