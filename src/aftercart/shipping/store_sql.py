"""The SQL of shipping's store."""

from typing import Final

# A method that was never described has no row to lock, so its code is locked instead, until the commit.
LOCK_METHODS: Final = """
    SELECT pg_advisory_xact_lock(k.name)
    FROM (
        SELECT DISTINCT hashtextextended(m.code, 2) AS name
        FROM unnest(%(codes)s::text[]) AS m (code)
        ORDER BY name
    ) AS k
"""

LOAD_METHODS: Final = """
    SELECT DISTINCT ON (code) json_build_object(
        'code', code, 'version', version, 'kind', kind, 'carrier', carrier, 'names', names, 'currency', currency,
        'rates', rates, 'free_from', free_from, 'transit', transit, 'delivery_days', delivery_days, 'slots', slots,
        'slot_ahead_days_max', slot_ahead_days_max, 'slot_notice_minutes_min', slot_notice_minutes_min,
        'timezone', timezone, 'network', network, 'weight_grams_max', weight_grams_max, 'active', active)::text
    FROM shipping.methods
    WHERE %(codes)s::text[] IS NULL OR code = ANY(%(codes)s::text[])
    ORDER BY code, version DESC
"""

INSERT_METHODS: Final = """
    INSERT INTO shipping.methods (
        code, version, kind, carrier, names, currency, rates, free_from, transit, delivery_days, slots,
        slot_ahead_days_max, slot_notice_minutes_min, timezone, network, weight_grams_max, active)
    SELECT
        code, version, kind, carrier, names, currency, rates, free_from, transit, delivery_days, slots,
        slot_ahead_days_max, slot_notice_minutes_min, timezone, network, weight_grams_max, active
    FROM json_to_recordset(%(rows)s) AS r (
        code text, version integer, kind text, carrier text, names jsonb, currency text, rates jsonb, free_from jsonb,
        transit jsonb, delivery_days jsonb, slots jsonb, slot_ahead_days_max integer, slot_notice_minutes_min integer,
        timezone text, network text, weight_grams_max integer, active boolean)
"""

LOCK_POINTS: Final = """
    SELECT p.network, p.code
    FROM shipping.pickup_points AS p
    JOIN json_to_recordset(%(keys)s) AS k (network text, code text) ON p.network = k.network AND p.code = k.code
    ORDER BY p.network, p.code
    FOR NO KEY UPDATE OF p
"""

LOAD_POINTS: Final = """
    SELECT json_build_object(
        'network', p.network, 'code', p.code, 'name', p.name, 'address', p.address, 'latitude', p.latitude,
        'longitude', p.longitude, 'opening_hours', p.opening_hours, 'active', p.active, 'version', p.version)::text
    FROM shipping.pickup_points AS p
    JOIN json_to_recordset(%(keys)s) AS k (network text, code text) ON p.network = k.network AND p.code = k.code
"""

SAVE_POINTS: Final = """
    INSERT INTO shipping.pickup_points (
        network, code, name, address, latitude, longitude, opening_hours, active, version)
    SELECT network, code, name, address, latitude, longitude, opening_hours, active, version
    FROM json_to_recordset(%(rows)s) AS r (
        network text, code text, name text, address jsonb, latitude double precision, longitude double precision,
        opening_hours text, active boolean, version integer)
    ORDER BY network, code
    ON CONFLICT (network, code) DO UPDATE SET
        name = excluded.name, address = excluded.address, latitude = excluded.latitude,
        longitude = excluded.longitude, opening_hours = excluded.opening_hours, active = excluded.active,
        version = excluded.version
"""

LOAD_POSTCODES: Final = """
    SELECT p.country, p.postcode, p.latitude, p.longitude
    FROM shipping.postcodes AS p
    JOIN json_to_recordset(%(keys)s) AS k (country text, postcode text)
        ON p.country = k.country AND p.postcode = k.postcode
"""

SAVE_POSTCODES: Final = """
    INSERT INTO shipping.postcodes (country, postcode, latitude, longitude)
    SELECT country, postcode, latitude, longitude
    FROM json_to_recordset(%(rows)s) AS r (
        country text, postcode text, latitude double precision, longitude double precision)
    ORDER BY country, postcode
    ON CONFLICT (country, postcode) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude
"""

CREATE_CAPACITY: Final = """
    INSERT INTO shipping.capacity (resource, at, booked)
    SELECT k.resource, k.at, '{}'
    FROM json_to_recordset(%(keys)s) AS k (resource text, at timestamptz)
    ORDER BY k.resource, k.at
    ON CONFLICT (resource, at) DO NOTHING
"""

LOCK_CAPACITY: Final = """
    SELECT c.resource, c.at
    FROM shipping.capacity AS c
    JOIN json_to_recordset(%(keys)s) AS k (resource text, at timestamptz) ON c.resource = k.resource AND c.at = k.at
    ORDER BY c.resource, c.at
    FOR NO KEY UPDATE OF c
"""

LOAD_CAPACITY: Final = """
    SELECT c.resource, c.at, c.booked
    FROM shipping.capacity AS c
    JOIN json_to_recordset(%(keys)s) AS k (resource text, at timestamptz) ON c.resource = k.resource AND c.at = k.at
"""

# A shop under a simulated clock lives in another time than its database: its last event tells when.
LOAD_UPCOMING_CAPACITY: Final = """
    SELECT c.resource, c.at, c.booked
    FROM shipping.capacity AS c
    WHERE c.at >= (
        SELECT LEAST(now(), (SELECT e.at FROM kit.event_log AS e ORDER BY e.position DESC LIMIT 1)) - interval '1 day')
"""

SAVE_CAPACITY: Final = """
    UPDATE shipping.capacity AS c
    SET booked = r.booked
    FROM json_to_recordset(%(rows)s) AS r (resource text, at timestamptz, booked integer[])
    WHERE c.resource = r.resource AND c.at = r.at
"""

LOAD_DIRECTORIES: Final = """
    SELECT n.network
    FROM unnest(%(networks)s::text[]) AS n (network)
    WHERE EXISTS (SELECT 1 FROM shipping.pickup_points AS p WHERE p.network = n.network)
"""
