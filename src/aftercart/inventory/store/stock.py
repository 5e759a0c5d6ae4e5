"""Stock, movements and locations in PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from aftercart.inventory import store_sql as sql
from aftercart.inventory.model import (
    Incoming,
    Location,
    LocationKey,
    LocationsKey,
    Movement,
    MovementKey,
    Stock,
    StockKey,
    SupplyKey,
    SupplyLine,
    SupplyLineKey,
)
from aftercart.kit.state import Change, Kind, Statement

_encode: Final = msgspec.json.encode
_decode_incoming: Final = msgspec.json.Decoder(tuple[Incoming, ...]).decode


class _MovementRow(Movement, frozen=True, kw_only=True):
    document: str


def _stock_keys(keys: Sequence[StockKey]) -> dict[str, object]:
    # JSON, as rows travel: written in C, where an array of texts is written item by item in Python.
    return {"keys": _encode(keys).decode()}


def _create_stock(keys: Sequence[StockKey]) -> Statement:
    return Statement(sql.CREATE_STOCK, _stock_keys(keys))


def _lock_stock(keys: Sequence[StockKey]) -> Statement:
    return Statement(sql.LOCK_STOCK, _stock_keys(keys))


def _load_stock(keys: Sequence[StockKey]) -> Statement:
    return Statement(sql.LOAD_STOCK, _stock_keys(keys))


def _read_stock(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[StockKey, Stock]]:
    for sku, location, on_hand, reserved, safety, quarantined, short, backordered, in_hand, incoming in rows:
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
                backordered=backordered,
                in_hand=in_hand,
                incoming=() if incoming is None else _decode_incoming(incoming),
            ),
        )


def _save_stock(changes: Sequence[Change]) -> Iterable[Statement]:
    yield Statement(sql.SAVE_STOCK, {"rows": _encode([change.after for change in changes]).decode()})
    # Orders never change it, so they never pay for it.
    supplied = [change.after for change in changes if change.before.incoming != change.after.incoming]
    if supplied:
        yield Statement(sql.SAVE_INCOMING, {"rows": _encode(supplied).decode()})


def _load_supply_lines(keys: Sequence[SupplyLineKey]) -> Statement:
    return Statement(sql.LOAD_SUPPLY_LINES, {"keys": _encode(keys).decode()})


def _read_supply_lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[SupplyLineKey, SupplyLine]]:
    for (row,) in rows:
        line = msgspec.json.decode(row, type=SupplyLine)
        yield SupplyLineKey(line.sku, line.location, line.reference), line


def _save_supply_lines(changes: Sequence[Change]) -> Iterable[Statement]:
    yield Statement(sql.SAVE_SUPPLY_LINES, {"rows": _encode([change.after for change in changes]).decode()})


def _load_supplies(keys: Sequence[SupplyKey]) -> Statement:
    return Statement(sql.LOAD_SUPPLIES, {"keys": _encode(keys).decode()})


def _read_supplies(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[SupplyKey, tuple[str, ...]]]:
    for location, reference, skus in rows:
        yield SupplyKey(location, reference), tuple(skus)


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
    return (Statement(sql.SAVE_MOVEMENTS, {"rows": _encode(rows).decode()}),)


def _lock_locations(keys: Sequence[LocationKey]) -> Statement:
    return Statement(sql.LOCK_LOCATIONS, {"codes": [key.code for key in keys]})


def _load_locations(keys: Sequence[LocationKey]) -> Statement:
    return Statement(sql.LOAD_LOCATIONS, {"codes": [key.code for key in keys]})


def _load_all_locations(_keys: Sequence[LocationsKey]) -> Statement:
    return Statement(sql.LOAD_LOCATIONS, {"codes": None})


def _read_locations(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[LocationKey, Location]]:
    for (row,) in rows:
        location = msgspec.json.decode(row, type=Location)
        yield LocationKey(location.code), location


def _read_all_locations(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[LocationsKey, tuple[Location, ...]]]:
    yield LocationsKey(), tuple(location for _, location in _read_locations(rows))


def _save_locations(changes: Sequence[Change]) -> Iterable[Statement]:
    rows = _encode([change.after for change in changes]).decode()
    return (Statement(sql.SAVE_LOCATIONS, {"rows": rows}),)


LOCATIONS: Final = Kind(
    key=LocationKey, rank=30, lock=_lock_locations, load=_load_locations, read=_read_locations, save=_save_locations
)
ALL_LOCATIONS: Final = Kind(key=LocationsKey, load=_load_all_locations, read=_read_all_locations)
STOCK: Final = Kind(
    key=StockKey,
    rank=90,
    create=_create_stock,
    lock=_lock_stock,
    locked=lambda row: StockKey(row[0], row[1]),
    load=_load_stock,
    read=_read_stock,
    save=_save_stock,
)
# Whoever changes a line of supply holds the lock of its stock row, so it needs none of its own.
SUPPLY_LINES: Final = Kind(
    key=SupplyLineKey, rank=92, load=_load_supply_lines, read=_read_supply_lines, save=_save_supply_lines
)
SUPPLIES: Final = Kind(key=SupplyKey, load=_load_supplies, read=_read_supplies)
MOVEMENTS: Final = Kind(key=MovementKey, rank=91, load=_load_no_movements, read=lambda _: (), save=_save_movements)
KINDS: Final = (LOCATIONS, ALL_LOCATIONS, STOCK, SUPPLY_LINES, SUPPLIES, MOVEMENTS)
