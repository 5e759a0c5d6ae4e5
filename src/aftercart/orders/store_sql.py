"""The SQL of the orders' store: rows travel as one JSON parameter, so a statement's text never changes."""

from typing import Final

# A reference that was never used has no row to lock, so its name is locked instead, until the commit.
LOCK_REFERENCES: Final = """
    SELECT pg_advisory_xact_lock(k.name)
    FROM (
        SELECT DISTINCT hashtextextended(r.channel || chr(31) || r.reference, 1) AS name
        FROM unnest(%(channels)s::text[], %(references)s::text[]) AS r (channel, reference)
        ORDER BY name
    ) AS k
"""

LOAD_REFERENCES: Final = """
    SELECT o.channel, o.reference, o.order_id, o.number, o.fingerprint
    FROM orders.orders AS o
    JOIN unnest(%(channels)s::text[], %(references)s::text[]) AS r (channel, reference)
        ON o.channel = r.channel AND o.reference = r.reference
    WHERE o.reference IS NOT NULL
"""

LOCK_ORDERS: Final = """
    SELECT order_id FROM orders.orders WHERE order_id = ANY(%(order_ids)s) ORDER BY order_id
    FOR NO KEY UPDATE SKIP LOCKED
"""

LOCK_ORDERS_WAITING: Final = """
    SELECT order_id FROM orders.orders WHERE order_id = ANY(%(order_ids)s) ORDER BY order_id FOR NO KEY UPDATE
"""

LOAD_ORDERS: Final = """
    SELECT json_build_object(
        'order_id', o.order_id, 'number', o.number, 'channel', o.channel, 'reference', o.reference,
        'fingerprint', o.fingerprint, 'customer', o.customer, 'billing_address', o.billing_address,
        'currency', o.currency, 'delivery', o.delivery, 'payment', o.payment, 'holds', o.holds,
        'sourcing', o.sourcing, 'status', o.status, 'total_minor', o.total_minor, 'placed_at', o.placed_at,
        'release_at', o.release_at, 'version', o.version, 'promotions', o.promotions, 'fees', o.fees,
        'gift_message', o.gift_message, 'split_accepted', o.split_accepted, 'released_at', o.released_at,
        'again_of', o.again_of, 'awaited', o.awaited, 'bookings', o.bookings, 'touched_at', o.touched_at,
        'lines', (
            SELECT json_agg(json_build_object(
                'line', l.line, 'sku', l.sku, 'product', l.product, 'name', l.name, 'ordered', l.ordered,
                'unit_price_minor', l.unit_price_minor, 'tax_rate_bps', l.tax_rate_bps,
                'discount_minor', l.discount_minor, 'discount_units', l.discount_units,
                'gift_message', l.gift_message, 'promotion', l.promotion, 'clawed_back', l.clawed_back,
                'components', l.components, 'made_to_order', l.made_to_order, 'replaces', l.replaces,
                'replacement', l.replacement, 'weight_grams', l.weight_grams) ORDER BY l.line)
            FROM orders.lines AS l
            WHERE l.order_id = o.order_id),
        'units', (
            SELECT json_agg(json_build_object(
                'line', u.line, 'sku', u.sku, 'location', u.location, 'stage', u.stage, 'quantity', u.quantity)
                ORDER BY u.line, u.location COLLATE "C", u.stage COLLATE "C", u.sku COLLATE "C")
            FROM orders.units AS u
            WHERE u.order_id = o.order_id))::text
    FROM orders.orders AS o
    WHERE o.order_id = ANY(%(order_ids)s)
"""

INSERT_ORDERS: Final = """
    INSERT INTO orders.orders (
        order_id, number, channel, reference, fingerprint, email, customer, billing_address, currency, delivery,
        payment, holds, sourcing, status, total_minor, placed_at, release_at, hold_expires_at, version, promotions,
        fees, gift_message, split_accepted, released_at, again_of, awaited, awaited_date, bookings, touched_at)
    SELECT
        order_id, number, channel, reference, fingerprint, email, customer, billing_address, currency, delivery,
        payment, holds, sourcing, status, total_minor, placed_at, release_at, hold_expires_at, version, promotions,
        fees, gift_message, split_accepted, released_at, again_of, awaited, awaited_date, bookings, touched_at
    FROM json_to_recordset(%(rows)s) AS r (
        order_id uuid, number text, channel text, reference text, fingerprint text, email text, customer jsonb,
        billing_address jsonb, currency text, delivery jsonb, payment jsonb, holds jsonb, sourcing jsonb, status text,
        total_minor bigint, placed_at timestamptz, release_at timestamptz, hold_expires_at timestamptz,
        version integer, promotions jsonb, fees jsonb, gift_message text, split_accepted boolean,
        released_at timestamptz, again_of uuid, awaited jsonb, awaited_date date, bookings jsonb,
        touched_at timestamptz)
"""

INSERT_LINES: Final = """
    INSERT INTO orders.lines (
        order_id, line, sku, product, name, ordered, unit_price_minor, tax_rate_bps, discount_minor, discount_units,
        gift_message, promotion, clawed_back, components, made_to_order, replaces, replacement, weight_grams)
    SELECT
        order_id, line, sku, product, name, ordered, unit_price_minor, tax_rate_bps, discount_minor, discount_units,
        gift_message, promotion, clawed_back, components, made_to_order, replaces, replacement, weight_grams
    FROM json_to_recordset(%(rows)s) AS r (
        order_id uuid, line integer, sku text, product text, name text, ordered integer, unit_price_minor bigint,
        tax_rate_bps integer, discount_minor bigint, discount_units integer, gift_message text, promotion text,
        clawed_back boolean, components jsonb, made_to_order boolean, replaces integer, replacement text,
        weight_grams integer)
"""

INSERT_UNITS: Final = """
    INSERT INTO orders.units (order_id, line, location, stage, sku, quantity)
    SELECT order_id, line, location, stage, sku, quantity
    FROM json_to_recordset(%(rows)s) AS r (
        order_id uuid, line integer, location text, stage text, sku text, quantity integer)
"""

UPDATE_ORDERS: Final = """
    UPDATE orders.orders AS o
    SET customer = r.customer, email = r.email, billing_address = r.billing_address, delivery = r.delivery,
        payment = r.payment, holds = r.holds, sourcing = r.sourcing, status = r.status, total_minor = r.total_minor,
        release_at = r.release_at, hold_expires_at = r.hold_expires_at, version = r.version,
        promotions = r.promotions, fees = r.fees, gift_message = r.gift_message, split_accepted = r.split_accepted,
        released_at = r.released_at, awaited = r.awaited, awaited_date = r.awaited_date, bookings = r.bookings,
        touched_at = r.touched_at
    FROM json_to_recordset(%(rows)s) AS r (
        order_id uuid, email text, customer jsonb, billing_address jsonb, delivery jsonb, payment jsonb, holds jsonb,
        sourcing jsonb, status text, total_minor bigint, release_at timestamptz, hold_expires_at timestamptz,
        version integer, promotions jsonb, fees jsonb, gift_message text, split_accepted boolean,
        released_at timestamptz, awaited jsonb, awaited_date date, bookings jsonb, touched_at timestamptz)
    WHERE o.order_id = r.order_id
"""

UPDATE_LINES: Final = """
    UPDATE orders.lines AS l
    SET ordered = r.ordered, gift_message = r.gift_message, unit_price_minor = r.unit_price_minor,
        discount_minor = r.discount_minor, discount_units = r.discount_units, clawed_back = r.clawed_back
    FROM json_to_recordset(%(rows)s) AS r (
        order_id uuid, line integer, ordered integer, gift_message text, unit_price_minor bigint,
        discount_minor bigint, discount_units integer, clawed_back boolean)
    WHERE l.order_id = r.order_id AND l.line = r.line
"""

DELETE_UNITS: Final = """
    DELETE FROM orders.units AS u
    USING json_to_recordset(%(rows)s) AS r (order_id uuid, line integer, location text, stage text, sku text)
    WHERE u.order_id = r.order_id AND u.line = r.line AND u.location = r.location AND u.stage = r.stage
        AND u.sku = r.sku
"""

UPSERT_UNITS: Final = """
    INSERT INTO orders.units (order_id, line, location, stage, sku, quantity)
    SELECT order_id, line, location, stage, sku, quantity
    FROM json_to_recordset(%(rows)s) AS r (
        order_id uuid, line integer, location text, stage text, sku text, quantity integer)
    ON CONFLICT (order_id, line, location, stage, sku) DO UPDATE SET quantity = excluded.quantity
"""

# Which stock a change may touch, read without locks before anything is locked.
SCOUT_ORDERS: Final = """
    SELECT o.order_id, o.channel, o.delivery ->> 'method', o.delivery ->> 'pickup_point',
        o.delivery -> 'address' ->> 'country', o.delivery -> 'address' ->> 'postcode', o.bookings::text,
        coalesce(o.delivery -> 'promise' -> 'trucks', '[]')::text, u.line, u.sku, u.location, u.stage, l.sku,
        l.replaces
    FROM orders.orders AS o
    JOIN orders.units AS u ON u.order_id = o.order_id
    JOIN orders.lines AS l ON l.order_id = u.order_id AND l.line = u.line
    WHERE o.order_id = ANY(%(order_ids)s)
"""

LOAD_QUEUES: Final = """
    SELECT q.sku, q.location, json_agg(json_build_object(
        'order_id', q.order_id, 'units', q.units, 'expected_date', q.expected_date,
        'promised_date', q.promised_date, 'placed_at', q.placed_at))::text
    FROM (
        SELECT u.sku, u.location, o.order_id, sum(u.quantity) AS units, o.placed_at,
            o.delivery -> 'promised_date' AS promised_date, (
                SELECT min(a.expected_date)
                FROM jsonb_to_recordset(o.awaited) AS a (sku text, location text, expected_date date)
                WHERE a.sku = u.sku AND a.location = u.location) AS expected_date
        FROM orders.units AS u
        JOIN orders.orders AS o ON o.order_id = u.order_id
        JOIN json_to_recordset(%(keys)s) AS k (sku text, location text)
            ON u.sku = k.sku AND u.location = k.location
        WHERE u.stage = 'backordered'
        GROUP BY u.sku, u.location, o.order_id
    ) AS q
    GROUP BY q.sku, q.location
"""

LOCK_CHANNELS: Final = """
    SELECT code FROM orders.channels WHERE code = ANY(%(codes)s) ORDER BY code FOR NO KEY UPDATE
"""

LOAD_CHANNELS: Final = """
    SELECT code, missing_stock, version FROM orders.channels WHERE code = ANY(%(codes)s)
"""

SAVE_CHANNELS: Final = """
    INSERT INTO orders.channels (code, missing_stock, version)
    SELECT code, missing_stock, version
    FROM json_to_recordset(%(rows)s) AS r (code text, missing_stock text, version integer)
    ORDER BY code
    ON CONFLICT (code) DO UPDATE SET missing_stock = excluded.missing_stock, version = excluded.version
"""

# The table has no row before the policy is set for the first time, so its name is locked until the commit.
LOCK_POLICY: Final = """
    SELECT pg_advisory_xact_lock(hashtextextended('orders.policies', 2))
"""

LOAD_POLICY: Final = """
    SELECT policy::text FROM orders.policies ORDER BY version DESC LIMIT 1
"""

SAVE_POLICY: Final = """
    INSERT INTO orders.policies (version, policy) VALUES (%(version)s, %(policy)s)
"""
