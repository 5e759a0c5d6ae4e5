-- The living order: promotions, fees, bundles, production, release, and the policy that orders are under.
ALTER TABLE orders.orders
    ADD COLUMN promotions jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN fees jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN gift_message text,
    ADD COLUMN split_accepted boolean NOT NULL DEFAULT false,
    ADD COLUMN released_at timestamptz,
    ADD COLUMN again_of uuid,
    ADD COLUMN awaited jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN awaited_date date,
    ADD COLUMN bookings jsonb NOT NULL DEFAULT '[]';
CREATE INDEX orders_to_release ON orders.orders (release_at) WHERE release_at IS NOT NULL;
CREATE INDEX orders_to_review ON orders.orders (awaited_date) WHERE awaited_date IS NOT NULL;

-- `components` are frozen with the line: what a bundle consisted of when it was ordered.
ALTER TABLE orders.lines
    ADD COLUMN promotion text,
    ADD COLUMN clawed_back boolean NOT NULL DEFAULT false,
    ADD COLUMN components jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN replaces integer,
    ADD COLUMN replacement text,
    ADD COLUMN weight_grams integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT only_an_earlier_line_is_replaced CHECK (replaces < line),
    ADD CONSTRAINT replacement_is_known CHECK (replacement IN ('variant_swap', 'substitute'));

-- The units of a bundle are of several SKUs.
ALTER TABLE orders.units
    DROP CONSTRAINT units_pkey,
    ADD PRIMARY KEY (order_id, line, location, stage, sku);

-- Every version of the policy; the highest is in force, and version 0 is built in.
CREATE TABLE orders.policies (
    version integer PRIMARY KEY,
    policy jsonb NOT NULL,
    CONSTRAINT policy_version_starts_at_one CHECK (version >= 1)
);

-- What is made to order comes into stock by being made; its document is the order.
ALTER TABLE inventory.movements
    DROP CONSTRAINT movement_kind_is_known,
    ADD CONSTRAINT movement_kind_is_known CHECK (kind IN ('receipt', 'adjustment', 'count', 'production'));
