"""The work that lies on the floors: one row per order and location, the longest released first."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import FulfillmentStatus
from aftercart.fulfillment.rules.fulfillment_status import fulfillment_status
from aftercart.inventory.model import Stage
from aftercart.kit.database import Database
from aftercart.kit.paging import Page, page_of

Cursor = tuple[datetime, UUID, str]
"""When the last order of a page was released, its id, and the location."""
Work = Literal["pick", "pack", "hand_over", "put_back"]
"""What is to be done next with some of the units."""


class FulfillmentOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The units of one order at one location that are in the house and were released, by what is to be done next."""

    order_id: UUID
    number: str
    location: str
    status: FulfillmentStatus
    method: str
    released_at: datetime
    to_pick: int
    to_pack: int
    to_hand_over: int
    to_put_back: int


async def find_fulfillment_orders(
    database: Database, *, location: str | None, work: Work | None, cursor: Cursor | None, limit: int
) -> Page[FulfillmentOrder]:
    """Returns a page of the work at a location, or everywhere; with ``work`` only where that is to be done."""
    after = (None, None, None) if cursor is None else cursor
    rows = await database.rows(
        _FIND,
        {
            "location": location,
            "work": work,
            "after_released": after[0],
            "after_id": after[1],
            "after_location": after[2],
            "limit": limit + 1,
        },
    )
    found = [
        FulfillmentOrder(
            order_id=order_id,
            number=number,
            location=place,
            status=fulfillment_status(Stage(stage) for stage in stages),
            method=method,
            released_at=released_at,
            to_pick=to_pick,
            to_pack=to_pack,
            to_hand_over=to_hand_over,
            to_put_back=to_put_back,
        )
        for order_id, number, place, stages, method, released_at, to_pick, to_pack, to_hand_over, to_put_back in rows
    ]
    return page_of(found, limit=limit, sort_key=lambda last: (last.released_at, last.order_id, last.location))


_FIND: Final = """
    WITH work AS (
        SELECT
            u.order_id, u.location, array_agg(DISTINCT u.stage) AS stages,
            coalesce(sum(u.quantity) FILTER (WHERE u.stage = 'released'), 0) AS to_pick,
            coalesce(sum(u.quantity) FILTER (WHERE u.stage = 'picked'), 0) AS to_pack,
            coalesce(sum(u.quantity) FILTER (WHERE u.stage = 'packed'), 0) AS to_hand_over,
            coalesce(sum(u.quantity) FILTER (WHERE u.stage = 'intercepted'), 0) AS to_put_back
        FROM orders.units AS u
        WHERE u.stage IN ('released', 'picked', 'packed', 'intercepted')
            AND (%(location)s::text IS NULL OR u.location = %(location)s)
        GROUP BY u.order_id, u.location)
    SELECT
        o.order_id, o.number, w.location, w.stages, o.delivery ->> 'method',
        coalesce(o.released_at, o.placed_at) AS since,
        w.to_pick, w.to_pack, w.to_hand_over, w.to_put_back
    FROM work AS w
    JOIN orders.orders AS o ON o.order_id = w.order_id
    WHERE CASE %(work)s::text
            WHEN 'pick' THEN w.to_pick > 0
            WHEN 'pack' THEN w.to_pack > 0
            WHEN 'hand_over' THEN w.to_hand_over > 0
            WHEN 'put_back' THEN w.to_put_back > 0
            ELSE true END
        AND (%(after_id)s::uuid IS NULL OR (coalesce(o.released_at, o.placed_at), o.order_id, w.location)
            > (%(after_released)s::timestamptz, %(after_id)s::uuid, %(after_location)s::text))
    ORDER BY since, o.order_id, w.location
    LIMIT %(limit)s
"""
