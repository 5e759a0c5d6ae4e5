"""The SQL of the inventory's store: rows travel as one JSON parameter, so a statement's text never changes."""

from typing import Final

CREATE_STOCK: Final = """
    INSERT INTO inventory.stock (sku, location, on_hand, reserved, safety, quarantined, short, backordered, in_hand)
    SELECT k.sku, k.location, 0, 0, 0, 0, 0, 0, 0
    FROM json_to_recordset(%(keys)s) AS k (sku text, location text)
    ORDER BY k.sku, k.location
    ON CONFLICT (sku, location) DO NOTHING
"""

LOCK_STOCK: Final = """
    SELECT s.sku, s.location
    FROM inventory.stock AS s
    JOIN json_to_recordset(%(keys)s) AS k (sku text, location text)
        ON s.sku = k.sku AND s.location = k.location
    ORDER BY s.sku, s.location
    FOR NO KEY UPDATE OF s
"""

LOAD_STOCK: Final = """
    SELECT
        s.sku, s.location, s.on_hand, s.reserved, s.safety, s.quarantined, s.short, s.backordered, s.in_hand,
        s.incoming::text
    FROM inventory.stock AS s
    JOIN json_to_recordset(%(keys)s) AS k (sku text, location text)
        ON s.sku = k.sku AND s.location = k.location
"""

SAVE_STOCK: Final = """
    UPDATE inventory.stock AS s
    SET on_hand = r.on_hand, reserved = r.reserved, safety = r.safety, quarantined = r.quarantined, short = r.short,
        backordered = r.backordered, in_hand = r.in_hand
    FROM json_to_recordset(%(rows)s) AS r (
        sku text, location text, on_hand integer, reserved integer, safety integer, quarantined integer,
        short integer, backordered integer, in_hand integer)
    WHERE s.sku = r.sku AND s.location = r.location
"""

SAVE_INCOMING: Final = """
    UPDATE inventory.stock AS s
    SET incoming = NULLIF(r.incoming, '[]')
    FROM json_to_recordset(%(rows)s) AS r (sku text, location text, incoming jsonb)
    WHERE s.sku = r.sku AND s.location = r.location
"""

LOAD_SUPPLY_LINES: Final = """
    SELECT json_build_object(
        'sku', s.sku, 'location', s.location, 'reference', s.reference, 'supplier', s.supplier,
        'expected_date', s.expected_date, 'ordered', s.ordered, 'received', s.received, 'closed', s.closed,
        'version', s.version)::text
    FROM inventory.supply AS s
    JOIN json_to_recordset(%(keys)s) AS k (sku text, location text, reference text)
        ON s.sku = k.sku AND s.location = k.location AND s.reference = k.reference
"""

SAVE_SUPPLY_LINES: Final = """
    INSERT INTO inventory.supply (
        sku, location, reference, supplier, expected_date, ordered, received, closed, version)
    SELECT sku, location, reference, supplier, expected_date, ordered, received, closed, version
    FROM json_to_recordset(%(rows)s) AS r (
        sku text, location text, reference text, supplier text, expected_date date, ordered integer, received bigint,
        closed boolean, version integer)
    ORDER BY sku, location, reference
    ON CONFLICT (sku, location, reference) DO UPDATE SET
        supplier = excluded.supplier, expected_date = excluded.expected_date, ordered = excluded.ordered,
        received = excluded.received, closed = excluded.closed, version = excluded.version
"""

LOAD_SUPPLIES: Final = """
    SELECT s.location, s.reference, array_agg(s.sku ORDER BY s.sku)
    FROM inventory.supply AS s
    JOIN json_to_recordset(%(keys)s) AS k (location text, reference text)
        ON s.reference = k.reference AND s.location = k.location
    GROUP BY s.location, s.reference
"""

SAVE_MOVEMENTS: Final = """
    INSERT INTO inventory.movements (sku, location, quantity, kind, reference, document)
    SELECT sku, location, quantity, kind, reference, document
    FROM json_to_recordset(%(rows)s) AS r (
        sku text, location text, quantity integer, kind text, reference text, document uuid)
"""

LOCK_LOCATIONS: Final = """
    SELECT code FROM inventory.locations WHERE code = ANY(%(codes)s) ORDER BY code FOR NO KEY UPDATE
"""

LOAD_LOCATIONS: Final = """
    SELECT json_build_object(
        'code', code, 'name', name, 'kind', kind, 'address', address, 'timezone', timezone,
        'cutoff', to_char(cutoff, 'HH24:MI'), 'working_days', working_days, 'ships', ships, 'pickups', pickups,
        'returns', returns, 'hourly_capacity_orders', hourly_capacity_orders, 'coordinates', coordinates,
        'opens', to_char(opens, 'HH24:MI'), 'closed_dates', closed_dates, 'holiday_region', holiday_region,
        'floor_units', floor_units, 'parcel_cost_minor', parcel_cost_minor, 'version', version)::text
    FROM inventory.locations
    WHERE %(codes)s::text[] IS NULL OR code = ANY(%(codes)s::text[])
    ORDER BY code
"""

SAVE_LOCATIONS: Final = """
    INSERT INTO inventory.locations (
        code, name, kind, address, timezone, cutoff, working_days, ships, pickups, returns, hourly_capacity_orders,
        coordinates, opens, closed_dates, holiday_region, floor_units, parcel_cost_minor, version)
    SELECT
        code, name, kind, address, timezone, cutoff, working_days, ships, pickups, returns, hourly_capacity_orders,
        coordinates, opens, closed_dates, holiday_region, floor_units, parcel_cost_minor, version
    FROM json_to_recordset(%(rows)s) AS r (
        code text, name text, kind text, address jsonb, timezone text, cutoff time, working_days jsonb, ships boolean,
        pickups boolean, returns boolean, hourly_capacity_orders integer, coordinates jsonb, opens time,
        closed_dates jsonb, holiday_region text, floor_units integer, parcel_cost_minor bigint, version integer)
    ORDER BY code
    ON CONFLICT (code) DO UPDATE SET
        name = excluded.name, kind = excluded.kind, address = excluded.address, timezone = excluded.timezone,
        cutoff = excluded.cutoff, working_days = excluded.working_days, ships = excluded.ships,
        pickups = excluded.pickups, returns = excluded.returns,
        hourly_capacity_orders = excluded.hourly_capacity_orders, coordinates = excluded.coordinates,
        opens = excluded.opens, closed_dates = excluded.closed_dates, holiday_region = excluded.holiday_region,
        floor_units = excluded.floor_units, parcel_cost_minor = excluded.parcel_cost_minor, version = excluded.version
"""
