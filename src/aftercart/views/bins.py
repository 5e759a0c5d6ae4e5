"""The bins of a location with what lies in them, and what lies in none."""

from typing import Final

import msgspec

from aftercart.inventory.model import Bin, BinQuantity
from aftercart.kit.database import Database
from aftercart.kit.paging import Page, page_of

Cursor = tuple[str]
"""The code of the last bin, or the SKU of the last row, of a page."""


class InBin(msgspec.Struct, frozen=True, kw_only=True):
    """So many units of a SKU lie in a bin."""

    sku: str
    quantity: int


class ListedBin(msgspec.Struct, frozen=True, kw_only=True):
    """One bin with what lies in it, by SKU."""

    place: Bin
    contents: tuple[InBin, ...]


class LooseStock(msgspec.Struct, frozen=True, kw_only=True):
    """What of a SKU lies in bins, and in none; ``loose`` is below zero when the bins have more than is on hand."""

    sku: str
    on_hand: int
    in_hand: int
    loose: int
    bins: tuple[BinQuantity, ...]


_decode_contents: Final = msgspec.json.Decoder(tuple[InBin, ...]).decode
_decode_bins: Final = msgspec.json.Decoder(tuple[BinQuantity, ...]).decode


async def find_bins(
    database: Database, *, location: str, code: str | None, sku: str | None, cursor: Cursor | None, limit: int
) -> Page[ListedBin]:
    """Returns a page of the bins of a location, by code; with ``sku`` only those in which units of it lie."""
    rows = await database.rows(
        _FIND_BINS,
        {
            "location": location,
            "code": code,
            "sku": sku,
            "after": None if cursor is None else cursor[0],
            "limit": limit + 1,
        },
    )
    found = [
        ListedBin(
            place=Bin(code=code, location=location, aisle=aisle, bay=bay, level=level, x_m=x_m, y_m=y_m),
            contents=_decode_contents(contents),
        )
        for code, aisle, bay, level, x_m, y_m, contents in rows
    ]
    return page_of(found, limit=limit, sort_key=lambda last: (last.place.code,))


async def find_loose_stock(database: Database, *, location: str, cursor: Cursor | None, limit: int) -> Page[LooseStock]:
    """Returns a page of what is to be put away, or counted: SKUs whose bins do not hold what they should."""
    rows = await database.rows(
        _FIND_LOOSE,
        {"location": location, "after": None if cursor is None else cursor[0], "limit": limit + 1},
    )
    found = [
        LooseStock(sku=sku, on_hand=on_hand, in_hand=in_hand, loose=loose, bins=_decode_bins(bins))
        for sku, on_hand, in_hand, loose, bins in rows
    ]
    return page_of(found, limit=limit, sort_key=lambda last: (last.sku,))


_FIND_BINS: Final = """
    SELECT b.code, b.aisle, b.bay, b.level, b.x_m, b.y_m, (
        SELECT coalesce(json_agg(json_build_object('sku', s.sku, 'quantity', s.quantity) ORDER BY s.sku), '[]')
        FROM inventory.bin_stock AS s
        WHERE s.location = b.location AND s.bin = b.code)::text
    FROM inventory.bins AS b
    WHERE b.location = %(location)s
        AND (%(code)s::text IS NULL OR b.code = %(code)s)
        AND (%(after)s::text IS NULL OR b.code > %(after)s)
        AND (%(sku)s::text IS NULL OR EXISTS (
            SELECT 1 FROM inventory.bin_stock AS s
            WHERE s.location = b.location AND s.bin = b.code AND s.sku = %(sku)s))
    ORDER BY b.code
    LIMIT %(limit)s
"""

_FIND_LOOSE: Final = """
    SELECT l.sku, l.on_hand, l.in_hand, l.loose, l.bins
    FROM (
        SELECT s.sku, s.on_hand, s.in_hand,
            s.on_hand - s.in_hand - coalesce(sum(b.quantity), 0)::integer AS loose,
            coalesce(
                json_agg(json_build_object('bin', b.bin, 'quantity', b.quantity) ORDER BY b.bin)
                FILTER (WHERE b.bin IS NOT NULL), '[]')::text AS bins
        FROM inventory.stock AS s
        LEFT JOIN inventory.bin_stock AS b ON b.sku = s.sku AND b.location = s.location
        WHERE s.location = %(location)s AND (%(after)s::text IS NULL OR s.sku > %(after)s)
        GROUP BY s.sku, s.location) AS l
    WHERE l.loose <> 0
    ORDER BY l.sku
    LIMIT %(limit)s
"""
