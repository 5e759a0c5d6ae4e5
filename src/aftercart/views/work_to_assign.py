"""The work that waits to be put on a pick list, and how the floor it is on is laid out."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Final

import msgspec

from aftercart.fulfillment.rules.planned_lists import Layout, WaitingWork
from aftercart.inventory.model import Bin, BinQuantity
from aftercart.kit.database import Database

_NO_TRUCK: Final = datetime(9999, 1, 1, tzinfo=UTC)


class WorkFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which work: at a location, of these ``methods`` (``None`` for all), for trucks until ``due_until``, if given."""

    location: str
    methods: tuple[str, ...] | None = None
    due_until: datetime | None = None


async def find_work_to_assign(database: Database, which: WorkFilter, *, limit: int) -> list[WaitingWork]:
    """Returns orders without holds whose released units are on no list, the earliest truck first, at most ``limit``."""
    rows = await database.rows(
        _FIND_WORK,
        {
            "location": which.location,
            "methods": None if which.methods is None else list(which.methods),
            "due_until": which.due_until,
            "no_truck": _NO_TRUCK,
            "limit": limit,
        },
    )
    return [WaitingWork(order_id=order_id, due_at=due_at, units=units) for order_id, due_at, units in rows]


async def find_layout(database: Database, location: str, skus: set[str]) -> Layout:
    """Returns the bins of a location, and which of them these SKUs lie in."""
    bins = {
        code: Bin(code=code, location=location, aisle=aisle, bay=bay, level=level, x_m=x_m, y_m=y_m)
        for code, aisle, bay, level, x_m, y_m in await database.rows(_FIND_BINS, {"location": location})
    }
    stock: defaultdict[str, list[BinQuantity]] = defaultdict(list)
    if bins:
        for sku, code, quantity in await database.rows(_FIND_STOCK, {"location": location, "skus": sorted(skus)}):
            stock[sku].append(BinQuantity(bin=code, quantity=quantity))
    return Layout(bins=bins, stock=stock)


_FIND_WORK: Final = """
    SELECT w.order_id, w.due_at, jsonb_object_agg(w.sku, w.units)
    FROM (
        SELECT o.order_id, u.sku, sum(u.quantity)::integer AS units, o.released_at, o.placed_at,
            coalesce((
                SELECT min((t ->> 'at')::timestamptz)
                FROM jsonb_array_elements(o.delivery #> '{promise, trucks}') AS t
                WHERE t ->> 'location' = u.location), %(no_truck)s::timestamptz) AS due_at
        FROM orders.units AS u
        JOIN orders.orders AS o ON o.order_id = u.order_id
        WHERE u.stage = 'released' AND u.location = %(location)s AND o.holds = '[]'
            AND (%(methods)s::text[] IS NULL OR o.delivery ->> 'method' = ANY(%(methods)s::text[]))
            AND NOT EXISTS (
                SELECT 1 FROM fulfillment.assignments AS a
                WHERE a.order_id = u.order_id AND a.location = u.location AND NOT a.ended)
        GROUP BY o.order_id, u.location, u.sku) AS w
    WHERE %(due_until)s::timestamptz IS NULL OR w.due_at <= %(due_until)s::timestamptz
    GROUP BY w.order_id, w.due_at, w.released_at, w.placed_at
    ORDER BY w.due_at, coalesce(w.released_at, w.placed_at), w.order_id
    LIMIT %(limit)s
"""

_FIND_BINS: Final = """
    SELECT b.code, b.aisle, b.bay, b.level, b.x_m, b.y_m
    FROM inventory.bins AS b
    WHERE b.location = %(location)s
"""

_FIND_STOCK: Final = """
    SELECT b.sku, b.bin, b.quantity
    FROM inventory.bin_stock AS b
    WHERE b.location = %(location)s AND b.sku = ANY(%(skus)s)
    ORDER BY b.sku, b.bin COLLATE "C"
"""
