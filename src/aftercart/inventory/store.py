"""Stock, movements and locations in PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from aftercart.inventory.model import Location, LocationKey, LocationsKey, Movement, MovementKey, Stock, StockKey
from aftercart.kit.state import Change, Kind, Statement

_encode: Final = msgspec.json.encode


class _MovementRow(Movement, frozen=True, kw_only=True):
    document: str


def _stock_keys(keys: Sequence[StockKey]) -> dict[str, object]:
    # JSON, as rows travel: written in C, where an array of texts is written item by item in Python.
    return {"keys": _encode(keys).decode()}


def _create_stock(keys: Sequence[StockKey]) -> Statement:
    return Statement(_CREATE_STOCK, _stock_keys(keys))


def _lock_stock(keys: Sequence[StockKey]) -> Statement:
    return Statement(_LOCK_STOCK, _stock_keys(keys))


def _load_stock(keys: Sequence[StockKey]) -> Statement:
    return Statement(_LOAD_STOCK, _stock_keys(keys))


def _read_stock(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[StockKey, Stock]]:
    for sku, location, on_hand, reserved, safety, quarantined, short in rows:
        yield (
            StockKey(sku, location),
            Stock(
                sku=sku,
                location=location,
                on_hand=on_hand,
                reserved=reserved,
                safety=safety,
                quarantined=quarantined,
                short=short,
            ),
        )


def _save_stock(changes: Sequence[Change]) -> Iterable[Statement]:
    rows = _encode([change.after for change in changes]).decode()
    return (Statement(_SAVE_STOCK, {"rows": rows}),)


def _load_no_movements(_keys: Sequence[MovementKey]) -> Statement:
    raise AssertionError("movements are only ever appended")


def _save_movements(changes: Sequence[Change]) -> Iterable[Statement]:
    rows = [
        _MovementRow(
            document=change.key.document,
            sku=change.after.sku,
            location=change.after.location,
            quantity=change.after.quantity,
            kind=change.after.kind,
            reference=change.after.reference,
        )
        for change in changes
    ]
    return (Statement(_SAVE_MOVEMENTS, {"rows": _encode(rows).decode()}),)


def _lock_locations(keys: Sequence[LocationKey]) -> Statement:
    return Statement(_LOCK_LOCATIONS, {"codes": [key.code for key in keys]})


def _load_locations(keys: Sequence[LocationKey]) -> Statement:
    return Statement(_LOAD_LOCATIONS, {"codes": [key.code for key in keys]})


def _load_all_locations(_keys: Sequence[LocationsKey]) -> Statement:
    return Statement(_LOAD_LOCATIONS, {"codes": None})


def _read_locations(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[LocationKey, Location]]:
    for (row,) in rows:
        location = msgspec.json.decode(row, type=Location)
        yield LocationKey(location.code), location


def _read_all_locations(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[LocationsKey, tuple[Location, ...]]]:
    yield LocationsKey(), tuple(location for _, location in _read_locations(rows))


def _save_locations(changes: Sequence[Change]) -> Iterable[Statement]:
    rows = _encode([change.after for change in changes]).decode()
    return (Statement(_SAVE_LOCATIONS, {"rows": rows}),)


_CREATE_STOCK: Final = """
    INSERT INTO inventory.stock (sku, location, on_hand, reserved, safety, quarantined, short)
    SELECT k.sku, k.location, 0, 0, 0, 0, 0
    FROM json_to_recordset(%(keys)s) AS k (sku text, location text)
    ORDER BY k.sku, k.location
    ON CONFLICT (sku, location) DO NOTHING
"""

_LOCK_STOCK: Final = """
    SELECT s.sku, s.location
    FROM inventory.stock AS s
    JOIN json_to_recordset(%(keys)s) AS k (sku text, location text)
        ON s.sku = k.sku AND s.location = k.location
    ORDER BY s.sku, s.location
    FOR NO KEY UPDATE OF s
"""

_LOAD_STOCK: Final = """
    SELECT s.sku, s.location, s.on_hand, s.reserved, s.safety, s.quarantined, s.short
    FROM inventory.stock AS s
    JOIN json_to_recordset(%(keys)s) AS k (sku text, location text)
        ON s.sku = k.sku AND s.location = k.location
"""

_SAVE_STOCK: Final = """
    UPDATE inventory.stock AS s
    SET on_hand = r.on_hand, reserved = r.reserved, safety = r.safety, quarantined = r.quarantined, short = r.short
    FROM json_to_recordset(%(rows)s) AS r (
        sku text, location text, on_hand integer, reserved integer, safety integer, quarantined integer,
        short integer)
    WHERE s.sku = r.sku AND s.location = r.location
"""

_SAVE_MOVEMENTS: Final = """
    INSERT INTO inventory.movements (sku, location, quantity, kind, reference, document)
    SELECT sku, location, quantity, kind, reference, document
    FROM json_to_recordset(%(rows)s) AS r (
        sku text, location text, quantity integer, kind text, reference text, document uuid)
"""

_LOCK_LOCATIONS: Final = """
    SELECT code FROM inventory.locations WHERE code = ANY(%(codes)s) ORDER BY code FOR NO KEY UPDATE
"""

_LOAD_LOCATIONS: Final = """
    SELECT json_build_object(
        'code', code, 'name', name, 'kind', kind, 'address', address, 'timezone', timezone,
        'cutoff', to_char(cutoff, 'HH24:MI'), 'working_days', working_days, 'ships', ships, 'pickups', pickups,
        'returns', returns, 'hourly_capacity_orders', hourly_capacity_orders, 'version', version)::text
    FROM inventory.locations
    WHERE %(codes)s::text[] IS NULL OR code = ANY(%(codes)s::text[])
    ORDER BY code
"""

_SAVE_LOCATIONS: Final = """
    INSERT INTO inventory.locations (
        code, name, kind, address, timezone, cutoff, working_days, ships, pickups, returns, hourly_capacity_orders,
        version)
    SELECT
        code, name, kind, address, timezone, cutoff, working_days, ships, pickups, returns, hourly_capacity_orders,
        version
    FROM json_to_recordset(%(rows)s) AS r (
        code text, name text, kind text, address jsonb, timezone text, cutoff time, working_days jsonb, ships boolean,
        pickups boolean, returns boolean, hourly_capacity_orders integer, version integer)
    ORDER BY code
    ON CONFLICT (code) DO UPDATE SET
        name = excluded.name, kind = excluded.kind, address = excluded.address, timezone = excluded.timezone,
        cutoff = excluded.cutoff, working_days = excluded.working_days, ships = excluded.ships,
        pickups = excluded.pickups, returns = excluded.returns,
        hourly_capacity_orders = excluded.hourly_capacity_orders, version = excluded.version
"""

LOCATIONS: Final = Kind(
    key=LocationKey, rank=30, lock=_lock_locations, load=_load_locations, read=_read_locations, save=_save_locations
)
ALL_LOCATIONS: Final = Kind(key=LocationsKey, load=_load_all_locations, read=_read_all_locations)
STOCK: Final = Kind(
    key=StockKey,
    rank=90,
    create=_create_stock,
    lock=_lock_stock,
    load=_load_stock,
    read=_read_stock,
    save=_save_stock,
)
MOVEMENTS: Final = Kind(key=MovementKey, rank=91, load=_load_no_movements, read=lambda _: (), save=_save_movements)
KINDS: Final = (LOCATIONS, ALL_LOCATIONS, STOCK, MOVEMENTS)
