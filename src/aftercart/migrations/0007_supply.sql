-- What is to come and what waits for it: bundles, pre-orders and goods made to order in the catalog; where locations lie
-- and when they open; purchase orders, and per stock row the units that orders wait for and the supply still outstanding.
ALTER TABLE catalog.variants
    ADD COLUMN components jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN available_from date,
    ADD COLUMN advantage jsonb,
    ADD COLUMN production_days integer,
    DROP CONSTRAINT variant_kind_is_known,
    ADD CONSTRAINT variant_kind_is_known CHECK (kind IN ('stocked', 'made_to_order', 'preorder', 'bundle')),
    ADD CONSTRAINT bundles_and_only_bundles_have_components CHECK ((kind = 'bundle') = (components <> '[]')),
    ADD CONSTRAINT only_preorders_are_announced CHECK (kind = 'preorder' OR available_from IS NULL),
    ADD CONSTRAINT only_preorders_bring_an_advantage CHECK (kind = 'preorder' OR advantage IS NULL),
    ADD CONSTRAINT only_made_to_order_takes_production_days CHECK (kind = 'made_to_order' OR production_days IS NULL),
    ADD CONSTRAINT production_days_are_positive CHECK (production_days > 0);

ALTER TABLE inventory.locations
    ADD COLUMN coordinates jsonb,
    ADD COLUMN opens time NOT NULL DEFAULT '08:00',
    ADD COLUMN closed_dates jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN floor_units integer NOT NULL DEFAULT 0,
    ADD COLUMN parcel_cost_minor bigint NOT NULL DEFAULT 0,
    ADD COLUMN holiday_region text,
    ADD CONSTRAINT floor_units_are_not_negative CHECK (floor_units >= 0),
    ADD CONSTRAINT parcel_cost_is_not_negative CHECK (parcel_cost_minor >= 0);
-- A cut-off at midnight could be given before there were opening hours, so the two may be equal.
UPDATE inventory.locations SET opens = '00:00' WHERE cutoff <= '08:00';
ALTER TABLE inventory.locations
    ADD CONSTRAINT opening_is_not_after_cutoff CHECK (opens <= cutoff);

-- `incoming` is what supply announces for this row and did not bring yet, or NULL: the row is read with every order, the
-- table of supply is not.
ALTER TABLE inventory.stock
    ADD COLUMN backordered integer NOT NULL DEFAULT 0,
    ADD COLUMN incoming jsonb,
    ADD CONSTRAINT backordered_is_not_negative CHECK (backordered >= 0);
INSERT INTO inventory.stock (sku, location, on_hand, reserved, safety, quarantined, short, backordered)
SELECT sku, location, 0, 0, 0, 0, 0, sum(quantity)
FROM orders.units
WHERE stage = 'backordered'
GROUP BY sku, location
ON CONFLICT (sku, location) DO UPDATE SET backordered = excluded.backordered;

-- One row per SKU of a purchase order. Whoever changes it holds the lock of its stock row.
CREATE TABLE inventory.supply (
    sku text NOT NULL,
    location text NOT NULL REFERENCES inventory.locations (code),
    reference text NOT NULL,
    supplier text,
    expected_date date NOT NULL,
    ordered integer NOT NULL,
    received bigint NOT NULL,
    closed boolean NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (sku, location, reference),
    CONSTRAINT supply_ordered_is_not_negative CHECK (ordered >= 0),
    CONSTRAINT supply_received_is_not_negative CHECK (received >= 0)
);
CREATE INDEX supply_by_reference ON inventory.supply (reference, location, sku);
CREATE INDEX supply_by_date ON inventory.supply (expected_date, sku, location, reference);

-- Units of such a line do not exist before they are made, so they hold no stock until then.
ALTER TABLE orders.lines
    ADD COLUMN made_to_order boolean NOT NULL DEFAULT false;
