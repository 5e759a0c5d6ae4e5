"""What is to come: the lines of purchase orders, the earliest first."""

from datetime import date
from typing import Any, Final, LiteralString

import msgspec

from aftercart.inventory.model import SupplyLine
from aftercart.kit.database import Database
from aftercart.kit.paging import Page, page_of

Cursor = tuple[date, str, str, str]
"""Expected date, SKU, location and reference of the last line of a page."""


class SupplyFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines are wanted; what is ``None`` does not matter. ``outstanding`` leaves out those that are settled."""

    sku: str | None = None
    location: str | None = None
    reference: str | None = None
    outstanding: bool = False


async def find_supply(
    database: Database, wanted: SupplyFilter, *, cursor: Cursor | None, limit: int
) -> Page[SupplyLine]:
    """Returns a page of the lines wanted, by expected date, then SKU, location and reference."""
    conditions, parameters = _conditions(wanted, cursor)
    parameters["limit"] = limit + 1
    rows = await database.rows(_SELECT + conditions + _EARLIEST, parameters)
    lines = [msgspec.json.decode(row, type=SupplyLine) for (row,) in rows]
    return page_of(lines, limit=limit, sort_key=lambda one: (one.expected_date, one.sku, one.location, one.reference))


def _conditions(wanted: SupplyFilter, cursor: Cursor | None) -> tuple[LiteralString, dict[str, Any]]:
    sql: LiteralString = ""
    parameters: dict[str, Any] = {}
    if wanted.sku is not None:
        sql += " AND s.sku = %(sku)s"
        parameters["sku"] = wanted.sku
    if wanted.location is not None:
        sql += " AND s.location = %(location)s"
        parameters["location"] = wanted.location
    if wanted.reference is not None:
        sql += " AND s.reference = %(reference)s"
        parameters["reference"] = wanted.reference
    if wanted.outstanding:
        sql += " AND NOT s.closed AND s.received < s.ordered"
    if cursor is not None:
        sql += (
            " AND (s.expected_date, s.sku, s.location, s.reference)"
            " > (%(after_date)s, %(after_sku)s, %(after_location)s, %(after_reference)s)"
        )
        names = ("after_date", "after_sku", "after_location", "after_reference")
        parameters |= dict(zip(names, cursor, strict=True))
    return sql, parameters


_SELECT: Final = """
    SELECT json_build_object(
        'sku', s.sku, 'location', s.location, 'reference', s.reference, 'supplier', s.supplier,
        'expected_date', s.expected_date, 'ordered', s.ordered, 'received', s.received, 'closed', s.closed,
        'version', s.version)::text
    FROM inventory.supply AS s
    WHERE TRUE
"""

_EARLIEST: Final = """
    ORDER BY s.expected_date, s.sku, s.location, s.reference
    LIMIT %(limit)s
"""
