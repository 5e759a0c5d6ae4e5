"""What other areas may ask about orders: who waits for stock, who holds it, what is due, and by which policy."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.inventory.model import StockKey
from aftercart.kit.database import Database
from aftercart.kit.state import Statement
from aftercart.orders.model import DEFAULT_POLICY, HoldReason, Policy
from aftercart.orders.store_sql import LOAD_POLICY

TO_BE_SENT: Final = ""
"""Where those wait who take from every location that ships."""


def skus_of_orders_statement(order_ids: Sequence[UUID]) -> Statement:
    """Returns the statement that asks for ``(order id, SKU)`` of all units of some orders."""
    return Statement(_FIND_SKUS, {"order_ids": list(order_ids)})


async def load_policy(database: Database) -> Policy:
    """Returns the latest version of the policy, the built-in one when nobody has set any."""
    rows = await database.rows(LOAD_POLICY)
    return msgspec.json.decode(rows[0][0], type=Policy) if rows else DEFAULT_POLICY


async def find_orders_waiting(
    database: Database, units_within_reach: Mapping[StockKey, int], *, collecting_methods: Iterable[str]
) -> list[tuple[UUID, str]]:
    """Returns ``(order id, SKU)`` of orders that wait for these SKUs, the oldest promise first.

    ``units_within_reach`` says how many units those may take who collect at a location by one of
    ``collecting_methods``, and, under the location ``TO_BE_SENT``, all others. Of those who may take from the same
    places only as many as the units can serve, in whole or in part. An order without a promise comes after those with
    one; among equals the one placed first comes first.
    """
    reach = [{"sku": key.sku, "place": key.location, "units": units} for key, units in units_within_reach.items()]
    rows = await database.rows(
        _FIND_WAITING,
        {
            "skus": sorted({key.sku for key in units_within_reach}),
            "reach": msgspec.json.encode(reach).decode(),
            "collecting": list(collecting_methods),
        },
    )
    return [(order_id, sku) for order_id, sku in rows]


async def find_concerned(database: Database, places: Iterable[StockKey]) -> list[tuple[UUID, StockKey]]:
    """Returns ``(order id, where it waits)`` of the orders whom it concerns what comes to these places.

    They wait there, or wait elsewhere for these SKUs and nobody can say until when. An order without a promise comes
    after those with one, of these the oldest first; among equals the one placed first comes first.
    """
    keys = sorted(places)
    rows = await database.rows(
        _FIND_CONCERNED, {"keys": msgspec.json.encode(keys).decode(), "skus": sorted({key.sku for key in keys})}
    )
    return [(order_id, StockKey(sku, location)) for order_id, sku, location in rows]


async def find_waiting_places(database: Database, skus: Iterable[str]) -> list[StockKey]:
    """Returns where orders wait for these SKUs."""
    rows = await database.rows(_FIND_WAITING_PLACES, {"skus": list(skus)})
    return [StockKey(sku, location) for sku, location in rows]


async def find_overdue(database: Database, *, before: date, limit: int) -> list[tuple[UUID, StockKey]]:
    """Returns ``(order id, place)`` of what was expected before a day and did not come, the longest overdue first."""
    rows = await database.rows(_FIND_OVERDUE, {"before": before, "limit": limit})
    return [(order_id, StockKey(sku, location)) for order_id, sku, location in rows]


async def find_orders_holding(database: Database, *, sku: str, location: str, units: int) -> list[UUID]:
    """Returns the orders with reserved units of a SKU at a location, the latest promise first, until ``units``."""
    rows = await database.rows(_FIND_HOLDING, {"sku": sku, "location": location, "units": units})
    return [order_id for (order_id,) in rows]


async def find_expired_holds(
    database: Database, *, now: datetime, limit: int
) -> list[tuple[UUID, HoldReason, datetime]]:
    """Returns ``(order id, reason, due time)`` of holds that are over, the longest over first."""
    rows = await database.rows(_FIND_EXPIRED, {"now": now, "limit": limit})
    return [(order_id, HoldReason(reason), due_at) for order_id, reason, due_at in rows]


async def find_due_releases(database: Database, *, now: datetime, limit: int) -> list[tuple[UUID, datetime]]:
    """Returns ``(order id, due time)`` of orders whose release is due, the longest due first."""
    rows = await database.rows(_FIND_DUE, {"now": now, "limit": limit})
    return [(order_id, due_at) for order_id, due_at in rows]


async def find_next_times(database: Database) -> tuple[list[datetime], date | None]:
    """Returns when the next release and the next end of a hold are due, and the first day something is awaited on."""
    ((release_at, expires_at, awaited_date),) = await database.rows(_FIND_NEXT, {})
    return [moment for moment in (release_at, expires_at) if moment is not None], awaited_date


_FIND_WAITING: Final = """
    SELECT w.order_id, w.sku
    FROM (
        SELECT u.order_id, u.sku, p.place, o.placed_at, o.delivery ->> 'promised_date' AS promised,
            sum(u.quantity) OVER (
                PARTITION BY u.sku, p.place
                ORDER BY o.delivery ->> 'promised_date' NULLS LAST, o.placed_at, u.order_id, u.line
            ) - u.quantity AS units_before
        FROM orders.units AS u
        JOIN orders.orders AS o ON o.order_id = u.order_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN o.delivery ->> 'method' = ANY(%(collecting)s::text[])
                THEN o.delivery ->> 'pickup_point' ELSE '' END) AS p (place)
        WHERE u.stage = 'backordered' AND u.sku = ANY(%(skus)s)
    ) AS w
    JOIN json_to_recordset(%(reach)s) AS r (sku text, place text, units bigint)
        ON r.sku = w.sku AND r.place = w.place
    WHERE w.units_before < r.units
    GROUP BY w.order_id, w.sku, w.promised, w.placed_at
    ORDER BY w.promised NULLS LAST, w.placed_at, w.order_id
"""

_FIND_CONCERNED: Final = """
    SELECT u.order_id, u.sku, u.location
    FROM orders.units AS u
    JOIN orders.orders AS o ON o.order_id = u.order_id
    LEFT JOIN json_to_recordset(%(keys)s) AS k (sku text, location text)
        ON k.sku = u.sku AND k.location = u.location
    WHERE u.stage = 'backordered' AND u.sku = ANY(%(skus)s) AND (
        k.sku IS NOT NULL OR EXISTS (
            SELECT FROM jsonb_to_recordset(o.awaited) AS a (sku text, location text, expected_date date)
            WHERE a.sku = u.sku AND a.location = u.location AND a.expected_date IS NULL))
    GROUP BY u.order_id, u.sku, u.location, o.delivery ->> 'promised_date', o.placed_at
    ORDER BY o.delivery ->> 'promised_date' NULLS LAST, o.placed_at, u.order_id, u.sku, u.location
"""

_FIND_WAITING_PLACES: Final = """
    SELECT DISTINCT sku, location FROM orders.units WHERE stage = 'backordered' AND sku = ANY(%(skus)s)
"""

_FIND_OVERDUE: Final = """
    SELECT o.order_id, a.sku, a.location
    FROM orders.orders AS o
    CROSS JOIN LATERAL jsonb_to_recordset(o.awaited) AS a (sku text, location text, expected_date date)
    WHERE o.awaited_date < %(before)s AND a.expected_date < %(before)s
    ORDER BY o.awaited_date
    LIMIT %(limit)s
"""

_FIND_HOLDING: Final = """
    SELECT h.order_id
    FROM (
        SELECT u.order_id, o.placed_at, o.delivery ->> 'promised_date' AS promised,
            sum(u.quantity) OVER (
                ORDER BY o.delivery ->> 'promised_date' DESC NULLS FIRST, o.placed_at DESC, u.order_id DESC, u.line DESC
            ) - u.quantity AS units_before
        FROM orders.units AS u
        JOIN orders.orders AS o ON o.order_id = u.order_id
        WHERE u.stage = 'reserved' AND u.sku = %(sku)s AND u.location = %(location)s
    ) AS h
    WHERE h.units_before < %(units)s
    GROUP BY h.order_id, h.promised, h.placed_at
    ORDER BY h.promised DESC NULLS FIRST, h.placed_at DESC, h.order_id DESC
"""

_FIND_EXPIRED: Final = """
    SELECT o.order_id, h.reason, h.expires_at
    FROM orders.orders AS o
    CROSS JOIN LATERAL jsonb_to_recordset(o.holds) AS h (reason text, expires_at timestamptz)
    WHERE o.hold_expires_at <= %(now)s AND h.expires_at <= %(now)s
    ORDER BY o.hold_expires_at
    LIMIT %(limit)s
"""

_FIND_DUE: Final = """
    SELECT order_id, release_at
    FROM orders.orders
    WHERE release_at <= %(now)s
    ORDER BY release_at
    LIMIT %(limit)s
"""

_FIND_NEXT: Final = """
    SELECT
        (SELECT min(release_at) FROM orders.orders WHERE release_at IS NOT NULL),
        (SELECT min(hold_expires_at) FROM orders.orders WHERE hold_expires_at IS NOT NULL),
        (SELECT min(awaited_date) FROM orders.orders WHERE awaited_date IS NOT NULL)
"""

_FIND_SKUS: Final = """
    SELECT DISTINCT u.order_id, u.sku FROM orders.units AS u WHERE u.order_id = ANY(%(order_ids)s)
"""
