-- Picking: bins and what lies in them, pick lists, and what was fetched for which order.
SET LOCAL lock_timeout = '5s';

-- Kept like `reserved`: it equals the units of all orders that somebody has in hand (audited).
ALTER TABLE inventory.stock
    ADD COLUMN in_hand integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT in_hand_is_not_negative CHECK (in_hand >= 0);
UPDATE inventory.stock AS s
SET in_hand = h.units
FROM (
    SELECT sku, location, sum(quantity) AS units
    FROM orders.units
    WHERE stage IN ('picked', 'packed', 'intercepted')
    GROUP BY sku, location) AS h
WHERE h.sku = s.sku AND h.location = s.location;

CREATE TABLE inventory.bins (
    location text NOT NULL REFERENCES inventory.locations (code),
    code text NOT NULL,
    aisle integer NOT NULL,
    bay integer NOT NULL,
    level integer NOT NULL,
    x_m double precision NOT NULL,
    y_m double precision NOT NULL,
    PRIMARY KEY (location, code)
);

-- Locked by the stock row of its SKU and location. What is on hand, not in hand and in no bin here lies loose.
CREATE TABLE inventory.bin_stock (
    sku text NOT NULL,
    location text NOT NULL,
    bin text NOT NULL,
    quantity integer NOT NULL,
    PRIMARY KEY (sku, location, bin),
    FOREIGN KEY (location, bin) REFERENCES inventory.bins (location, code),
    CONSTRAINT bin_quantity_is_positive CHECK (quantity > 0)
);
CREATE INDEX bin_stock_by_bin ON inventory.bin_stock (location, bin);

CREATE TABLE inventory.bin_movements (
    bin_movement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    location text NOT NULL,
    bin text NOT NULL,
    sku text NOT NULL,
    quantity integer NOT NULL,
    kind text NOT NULL,
    document uuid NOT NULL,
    CONSTRAINT a_bin_movement_moves_something CHECK (quantity <> 0),
    CONSTRAINT bin_movement_kind_is_known CHECK (kind IN ('putaway', 'move', 'count', 'pick', 'return'))
);
CREATE INDEX bin_movements_by_bin ON inventory.bin_movements (location, bin, sku);

CREATE TABLE fulfillment.pick_lists (
    pick_list uuid PRIMARY KEY,
    location text NOT NULL,
    wave text,
    status text NOT NULL,
    picker text,
    stops jsonb NOT NULL,
    meters double precision NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT pick_list_status_is_known CHECK (status IN ('open', 'started', 'finished', 'abandoned')),
    CONSTRAINT a_list_is_started_by_somebody CHECK ((started_at IS NULL) = (picker IS NULL)),
    CONSTRAINT a_list_ended_exactly_when_its_status_says_so CHECK (
        (ended_at IS NULL) = (status IN ('open', 'started')))
);
CREATE INDEX pick_lists_by_location ON fulfillment.pick_lists (location, created_at, pick_list);
CREATE INDEX pick_lists_of_a_wave ON fulfillment.pick_lists (wave, created_at, pick_list) WHERE wave IS NOT NULL;

-- Which work is on which list: an order's work at a location is on one list that has not ended, at most.
CREATE TABLE fulfillment.assignments (
    pick_list uuid NOT NULL REFERENCES fulfillment.pick_lists (pick_list),
    order_id uuid NOT NULL,
    location text NOT NULL,
    tote integer NOT NULL,
    ended boolean NOT NULL DEFAULT false,
    PRIMARY KEY (pick_list, order_id),
    CONSTRAINT totes_are_numbered_from_one CHECK (tote >= 1)
);
CREATE UNIQUE INDEX work_is_on_one_list ON fulfillment.assignments (order_id, location) WHERE NOT ended;

-- What a bin's scan reached for an order, and what became of it. An empty `bin` is none.
CREATE TABLE fulfillment.picks (
    pick_list uuid NOT NULL REFERENCES fulfillment.pick_lists (pick_list),
    order_id uuid NOT NULL,
    sku text NOT NULL,
    bin text NOT NULL,
    reached integer NOT NULL,
    taken integer NOT NULL,
    short integer NOT NULL,
    written_off integer NOT NULL,
    returned integer NOT NULL,
    short_reason text,
    PRIMARY KEY (pick_list, order_id, sku, bin),
    CONSTRAINT no_more_is_taken_than_was_reached CHECK (taken + short + returned <= reached),
    CONSTRAINT no_more_is_written_off_than_is_short CHECK (written_off <= short),
    CONSTRAINT what_is_short_has_its_reason CHECK (short = 0 OR short_reason IS NOT NULL),
    CONSTRAINT what_was_picked_is_counted_upwards CHECK (least(taken, short, written_off, returned) >= 0)
);
