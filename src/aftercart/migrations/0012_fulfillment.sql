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

CREATE TABLE fulfillment.parcels (
    order_id uuid NOT NULL,
    parcel integer NOT NULL,
    location text NOT NULL,
    status text NOT NULL,
    contents jsonb NOT NULL,
    carton text,
    weight_grams integer,
    label jsonb,
    label_state text,
    tracking_number text,
    handover text,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    handed_over_at timestamptz,
    tracked_at timestamptz,
    PRIMARY KEY (order_id, parcel),
    CONSTRAINT parcels_are_numbered_from_one CHECK (parcel >= 1),
    CONSTRAINT parcel_status_is_known CHECK (status IN (
        'open', 'closed', 'handed_over', 'announced', 'in_transit', 'out_for_delivery', 'available_at_point', 'failed',
        'delivered', 'returned', 'lost', 'voided')),
    CONSTRAINT what_left_was_closed CHECK (handed_over_at IS NULL OR closed_at IS NOT NULL),
    CONSTRAINT label_state_is_known CHECK (label_state IN ('requested', 'printed', 'refused', 'void_requested', 'voided'))
);
CREATE UNIQUE INDEX one_parcel_per_tracking_number ON fulfillment.parcels (tracking_number)
    WHERE tracking_number IS NOT NULL;
CREATE INDEX parcels_waiting_for_the_carrier ON fulfillment.parcels (order_id, parcel)
    WHERE label_state IN ('requested', 'void_requested');
CREATE INDEX parcels_at_a_location ON fulfillment.parcels (location, order_id, parcel)
    WHERE status IN ('open', 'closed');
CREATE INDEX parcels_on_their_way ON fulfillment.parcels (handed_over_at, order_id, parcel)
    WHERE status IN ('handed_over', 'announced', 'in_transit', 'out_for_delivery', 'available_at_point', 'failed');
