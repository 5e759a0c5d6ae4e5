"""Bins, what lies in them and how it came there, in PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from aftercart.inventory.model import (
    Bin,
    BinKey,
    BinMovement,
    BinMovementKey,
    BinQuantity,
    BinStockKey,
)
from aftercart.kit.state import Change, Kind, Statement

_encode: Final = msgspec.json.Encoder().encode


class _BinStockRow(BinQuantity, frozen=True, kw_only=True, gc=False):
    sku: str
    location: str


class _MovementRow(BinMovement, frozen=True, kw_only=True, gc=False):
    document: str


def _keys(keys: Sequence[msgspec.Struct]) -> dict[str, object]:
    return {"keys": _encode(keys).decode()}


def _rows(rows: Iterable[msgspec.Struct]) -> dict[str, object]:
    return {"rows": _encode(tuple(rows)).decode()}


def _read_bins(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[BinKey, Bin]]:
    for location, code, aisle, bay, level, x_m, y_m in rows:
        one = Bin(code=code, location=location, aisle=aisle, bay=bay, level=level, x_m=x_m, y_m=y_m)
        yield BinKey(location, code), one


def _save_bins(changes: Sequence[Change]) -> Iterable[Statement]:
    return (Statement(_SAVE_BINS, _rows(change.after for change in changes)),)


def _read_bin_stock(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[BinStockKey, tuple[BinQuantity, ...]]]:
    for (sku, location), of_sku in groupby(rows, key=lambda row: (row[0], row[1])):
        yield BinStockKey(sku, location), tuple(BinQuantity(bin=row[2], quantity=row[3]) for row in of_sku)


def _save_bin_stock(changes: Sequence[Change]) -> Iterable[Statement]:
    rows = [
        _BinStockRow(sku=change.key.sku, location=change.key.location, bin=one.bin, quantity=one.quantity)
        for change in changes
        for one in change.after
        if one not in (change.before or ())
    ]
    gone = [
        _BinStockRow(sku=change.key.sku, location=change.key.location, bin=one.bin, quantity=one.quantity)
        for change in changes
        for one in change.before or ()
        if all(one.bin != other.bin for other in change.after)
    ]
    if gone:
        yield Statement(_DELETE_BIN_STOCK, _rows(gone))
    if rows:
        yield Statement(_SAVE_BIN_STOCK, _rows(rows))


def _load_no_movements(_keys: Sequence[BinMovementKey]) -> Statement:
    raise AssertionError("movements are only ever appended")


def _save_movements(changes: Sequence[Change]) -> Iterable[Statement]:
    rows = [
        _MovementRow(
            document=change.key.document,
            location=change.after.location,
            bin=change.after.bin,
            sku=change.after.sku,
            quantity=change.after.quantity,
            kind=change.after.kind,
        )
        for change in changes
    ]
    return (Statement(_SAVE_MOVEMENTS, _rows(rows)),)


_LOCK_BINS: Final = """
    SELECT b.location, b.code
    FROM inventory.bins AS b
    JOIN json_to_recordset(%(keys)s) AS k (location text, code text) ON b.location = k.location AND b.code = k.code
    ORDER BY b.location, b.code
    FOR NO KEY UPDATE OF b
"""

_LOAD_BINS: Final = """
    SELECT b.location, b.code, b.aisle, b.bay, b.level, b.x_m, b.y_m
    FROM inventory.bins AS b
    JOIN json_to_recordset(%(keys)s) AS k (location text, code text) ON b.location = k.location AND b.code = k.code
"""

_SAVE_BINS: Final = """
    INSERT INTO inventory.bins (location, code, aisle, bay, level, x_m, y_m)
    SELECT location, code, aisle, bay, level, x_m, y_m
    FROM json_to_recordset(%(rows)s) AS r (
        location text, code text, aisle integer, bay integer, level integer, x_m double precision,
        y_m double precision)
    ORDER BY location, code
    ON CONFLICT (location, code) DO UPDATE SET
        aisle = excluded.aisle, bay = excluded.bay, level = excluded.level, x_m = excluded.x_m, y_m = excluded.y_m
"""

_LOAD_BIN_STOCK: Final = """
    SELECT b.sku, b.location, b.bin, b.quantity
    FROM inventory.bin_stock AS b
    JOIN json_to_recordset(%(keys)s) AS k (sku text, location text) ON b.sku = k.sku AND b.location = k.location
    ORDER BY b.sku, b.location, b.bin COLLATE "C"
"""

_SAVE_BIN_STOCK: Final = """
    INSERT INTO inventory.bin_stock (sku, location, bin, quantity)
    SELECT sku, location, bin, quantity
    FROM json_to_recordset(%(rows)s) AS r (sku text, location text, bin text, quantity integer)
    ON CONFLICT (sku, location, bin) DO UPDATE SET quantity = excluded.quantity
"""

_DELETE_BIN_STOCK: Final = """
    DELETE FROM inventory.bin_stock AS b
    USING json_to_recordset(%(rows)s) AS r (sku text, location text, bin text)
    WHERE b.sku = r.sku AND b.location = r.location AND b.bin = r.bin
"""

_SAVE_MOVEMENTS: Final = """
    INSERT INTO inventory.bin_movements (location, bin, sku, quantity, kind, document)
    SELECT location, bin, sku, quantity, kind, document
    FROM json_to_recordset(%(rows)s) AS r (
        location text, bin text, sku text, quantity integer, kind text, document uuid)
"""

BINS: Final = Kind(
    key=BinKey,
    rank=31,
    lock=lambda keys: Statement(_LOCK_BINS, _keys(keys)),
    load=lambda keys: Statement(_LOAD_BINS, _keys(keys)),
    read=_read_bins,
    save=_save_bins,
)
# Whoever changes what lies in bins holds the lock of the stock row, so it needs none of its own.
BIN_STOCK: Final = Kind(
    key=BinStockKey,
    rank=93,
    load=lambda keys: Statement(_LOAD_BIN_STOCK, _keys(keys)),
    read=_read_bin_stock,
    save=_save_bin_stock,
)
BIN_MOVEMENTS: Final = Kind(
    key=BinMovementKey, rank=94, load=_load_no_movements, read=lambda _: (), save=_save_movements
)
KINDS: Final = (BINS, BIN_STOCK, BIN_MOVEMENTS)
