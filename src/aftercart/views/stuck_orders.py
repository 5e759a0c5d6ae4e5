"""What does not move: orders that wait, since when and why, the longest waiting first."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database
from aftercart.kit.paging import Page, page_of
from aftercart.orders.model import Status

Cursor = tuple[datetime, UUID]
"""Since when the last order of a page waits, and its id."""
LATE_AFTER: Final = timedelta(minutes=5)
"""How long a due release may take before something must be wrong with the clock's work."""


class StuckOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order that waits: ``causes`` are reasons of holds, ``backordered``, ``to_be_made`` (its production has not
    begun), ``in_production`` or ``release_overdue``.

    ``since`` is when the first of them began; ``promised_date`` is the last day that was promised, kept or not.
    """

    order_id: UUID
    number: str
    status: Status
    channel: str
    causes: tuple[str, ...]
    since: datetime
    locations: tuple[str, ...]
    promised_date: str | None


async def find_stuck_orders(
    database: Database,
    *,
    now: datetime,
    today: date,
    cursor: Cursor | None,
    limit: int,
    cause: str | None = None,
) -> Page[StuckOrder]:
    """Returns a page of the orders that are stuck, or that wait for this ``cause``, the one waiting longest first.

    What waits for nothing but goods or work that are on time does not count as stuck: each has its day, and neither
    that day nor the one its supply was announced for is before ``today``. With a ``cause`` it is listed all the same.
    """
    after = (None, None) if cursor is None else cursor
    parameters = {
        "late": now - LATE_AFTER,
        "today": today,
        "after_since": after[0],
        "after_id": after[1],
        "limit": limit + 1,
        "cause": cause,
    }
    rows = await database.rows(_FIND, parameters)
    found = [
        StuckOrder(
            order_id=order_id,
            number=number,
            status=Status(status),
            channel=channel,
            causes=tuple(causes),
            since=since,
            locations=tuple(locations or ()),
            promised_date=promised,
        )
        for order_id, number, status, channel, causes, since, locations, promised in rows
    ]
    return page_of(found, limit=limit, sort_key=lambda last: (last.since, last.order_id))


# A unit began to wait with the last event that moved one to a waiting stage. What is overdue is expected a week later
# by itself: supply then still has the day it was announced for, and the day of work moves for no other reason.
_FIND: Final = """
    SELECT w.order_id, w.number, w.status, w.channel, w.causes, w.since, w.locations, w.promised
    FROM (
        SELECT o.order_id, o.number, o.status, o.channel, o.awaited, c.causes, c.since,
            o.delivery ->> 'promised_date' AS promised,
            (SELECT array_agg(DISTINCT u.location ORDER BY u.location)
                FROM orders.units AS u
                WHERE u.order_id = o.order_id AND u.stage IN ('backordered', 'reserved', 'in_production')) AS locations
        FROM orders.orders AS o
        CROSS JOIN LATERAL (
            SELECT array_agg(k.cause ORDER BY k.since, k.cause) AS causes, min(k.since) AS since
            FROM (
                SELECT h.reason AS cause, h.since
                FROM jsonb_to_recordset(o.holds) AS h (reason text, since timestamptz)
                UNION ALL
                SELECT u.stage, coalesce(
                    (SELECT max(e.at) FROM kit.event_log AS e
                        WHERE e.stream = o.order_id
                            AND e.data::jsonb @> jsonb_build_object(
                                'moves', jsonb_build_array(jsonb_build_object('target', u.stage)))),
                    o.placed_at)
                FROM orders.units AS u
                WHERE u.order_id = o.order_id AND u.stage IN ('backordered', 'in_production')
                GROUP BY u.stage
                UNION ALL
                SELECT 'to_be_made', o.placed_at
                FROM orders.units AS u
                JOIN orders.lines AS l ON l.order_id = u.order_id AND l.line = u.line
                WHERE u.order_id = o.order_id AND u.stage = 'reserved' AND l.made_to_order
                GROUP BY u.order_id
                UNION ALL
                SELECT 'release_overdue', o.release_at
                WHERE o.release_at <= %(late)s) AS k) AS c
        WHERE o.status IN ('awaiting_payment', 'on_hold', 'backordered')
            OR (o.status = 'confirmed' AND (o.release_at IS NULL OR o.release_at <= %(late)s))
            OR (o.status IN ('in_preparation', 'partly_shipped') AND EXISTS (
                SELECT 1 FROM orders.units AS u
                WHERE u.order_id = o.order_id AND u.stage IN ('backordered', 'in_production')))) AS w
    WHERE w.causes IS NOT NULL
        AND CASE WHEN %(cause)s::text IS NOT NULL THEN %(cause)s = ANY (w.causes) ELSE
            NOT w.causes <@ ARRAY['backordered', 'to_be_made', 'in_production']
            OR w.awaited = '[]'
            OR EXISTS (
                SELECT 1
                FROM jsonb_to_recordset(w.awaited) AS a (sku text, location text, expected_date date, reference text)
                WHERE a.expected_date IS NULL OR a.expected_date < %(today)s
                    OR EXISTS (
                        SELECT 1 FROM inventory.supply AS s
                        WHERE s.sku = a.sku AND s.location = a.location AND s.reference = a.reference
                            AND s.expected_date < %(today)s)
                    OR EXISTS (
                        SELECT 1
                        FROM orders.lines AS l
                        JOIN kit.event_log AS e ON e.stream = l.order_id
                        WHERE l.order_id = w.order_id AND l.sku = a.sku AND l.made_to_order
                            AND e.type IN ('ExpectationMoved', 'PromiseMoved')
                            AND e.data::jsonb @> jsonb_build_object('sku', a.sku, 'location', a.location)))
            END
        AND (%(after_since)s::timestamptz IS NULL
            OR (w.since, w.order_id) > (%(after_since)s::timestamptz, %(after_id)s::uuid))
    ORDER BY w.since, w.order_id
    LIMIT %(limit)s
"""
