"""The list of orders, newest first, and the search for one."""

from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import msgspec

from aftercart.kit.database import Database, Row
from aftercart.kit.ids import parse_order_number
from aftercart.kit.paging import Page, page_of
from aftercart.orders.model import Status

Cursor = tuple[datetime, UUID]
"""When the last order of a page was placed, and its id."""

RECENT: Final = 2_000
MORE_RECENT: Final = 30_000
"""How many of the newest orders are looked through before the index of words is asked."""
RARE: Final = 4
"""With fewer matches among the ``RECENT`` it is not worth looking through more of them."""


class OrderFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which orders are wanted; what is ``None`` does not matter. ``query`` is what a person typed."""

    status: Status | None = None
    email: str | None = None
    query: str | None = None
    placed_after: datetime | None = None


class OrderSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What a list shows of an order."""

    order_id: UUID
    number: str
    version: int
    status: Status
    reference: str | None
    channel: str
    email: str
    name: str
    currency: str
    total_minor: int
    placed_at: datetime
    release_at: datetime | None


async def find_orders(
    database: Database, wanted: OrderFilter, *, cursor: Cursor | None, limit: int
) -> Page[OrderSummary]:
    """Returns a page of the orders wanted, newest first; every word of ``query`` must begin a word of the order."""
    conditions, parameters = _conditions(wanted, cursor)
    parameters["limit"] = limit + 1
    words = _words(wanted.query)
    if wanted.query is None:
        rows = await database.rows(_SELECT + conditions + _NEWEST, parameters)
    elif not words:
        rows = []
    else:
        parameters |= _searched(words)
        rows = await _search(database, wanted.query, conditions, parameters, limit=limit)
    return page_of([_summary(row) for row in rows], limit=limit, sort_key=lambda one: (one.placed_at, one.order_id))


async def _search(
    database: Database, query: str, conditions: LiteralString, parameters: dict[str, Any], *, limit: int
) -> list[Row]:
    number = parse_order_number(query)
    if number is not None:
        sql = _SELECT + conditions + _WITH_NUMBER
        rows = await database.rows(sql, parameters | {"number": number})
        if rows:
            return rows
    # Left to itself the planner, who cannot know how many orders a prefix matches, at times reads all orders to find
    # one. A word that many orders have is found among the newest at once, a rare one by the index of words at once.
    for recent in (RECENT, MORE_RECENT):
        rows = await database.rows(_SELECT_RECENT + conditions + _NEWEST_OF_RECENT, parameters | {"recent": recent})
        if len(rows) > limit:
            return rows
        if len(rows) < RARE:
            break
    return await database.rows(_SELECT_MATCHING + conditions + _NEWEST_OF_MATCHING, parameters)


def _conditions(wanted: OrderFilter, cursor: Cursor | None) -> tuple[LiteralString, dict[str, Any]]:
    sql: LiteralString = ""
    parameters: dict[str, Any] = {}
    if wanted.status is not None:
        sql += " AND o.status = %(status)s"
        parameters["status"] = wanted.status.value
    if wanted.email is not None:
        sql += " AND o.email = %(email)s"
        parameters["email"] = wanted.email.lower()
    if wanted.placed_after is not None:
        sql += " AND o.placed_at > %(placed_after)s"
        parameters["placed_after"] = wanted.placed_after
    if cursor is not None:
        sql += " AND (o.placed_at, o.order_id) < (%(cursor_at)s, %(cursor_id)s)"
        parameters["cursor_at"], parameters["cursor_id"] = cursor
    return sql, parameters


def _words(query: str | None) -> list[str]:
    words = (query or "").lower().replace("'", " ").replace("\\", " ").split()
    return [word for word in words if any(character.isalnum() for character in word)]


def _searched(words: list[str]) -> dict[str, str]:
    """Every word as PostgreSQL's parser takes it apart, or as it stands: half an e-mail address is no address to it."""
    text = " & ".join(f"'{word}':*" for word in words)
    return {"parsed": text, "literal": text}


def _summary(row: Row) -> OrderSummary:
    order_id, number, version, status, reference, channel, email, name, currency, total, placed_at, release_at = row
    return OrderSummary(
        order_id=order_id,
        number=number,
        version=version,
        status=Status(status),
        reference=reference,
        channel=channel,
        email=email,
        name=name,
        currency=currency,
        total_minor=total,
        placed_at=placed_at,
        release_at=release_at,
    )


_SELECT: Final = """
    SELECT o.order_id, o.number, o.version, o.status, o.reference, o.channel, o.email, o.customer ->> 'name',
        o.currency, o.total_minor, o.placed_at, o.release_at
    FROM orders.orders AS o
    WHERE TRUE
"""

_NEWEST: Final = """
    ORDER BY o.placed_at DESC, o.order_id DESC
    LIMIT %(limit)s
"""

_WITH_NUMBER: Final = " AND o.number = %(number)s"

# The words stand in a subquery, so that they are taken apart once and not for each order.
_SELECT_RECENT: Final = """
    SELECT r.order_id, r.number, r.version, r.status, r.reference, r.channel, r.email, r.name, r.currency,
        r.total_minor, r.placed_at, r.release_at
    FROM (
        SELECT o.order_id, o.number, o.version, o.status, o.reference, o.channel, o.email,
            o.customer ->> 'name' AS name, o.currency, o.total_minor, o.placed_at, o.release_at, o.search
        FROM orders.orders AS o
        WHERE TRUE
"""

_NEWEST_OF_RECENT: Final = """
        ORDER BY o.placed_at DESC, o.order_id DESC
        LIMIT %(recent)s
    ) AS r
    WHERE r.search @@ (SELECT to_tsquery('simple', %(parsed)s) || %(literal)s::tsquery)
    ORDER BY r.placed_at DESC, r.order_id DESC
    LIMIT %(limit)s
"""

_SELECT_MATCHING: Final = """
    WITH o AS MATERIALIZED (
        SELECT order_id, number, version, status, reference, channel, email, customer, currency, total_minor, placed_at,
            release_at
        FROM orders.orders
        WHERE search @@ (SELECT to_tsquery('simple', %(parsed)s) || %(literal)s::tsquery)
    )
    SELECT o.order_id, o.number, o.version, o.status, o.reference, o.channel, o.email, o.customer ->> 'name',
        o.currency, o.total_minor, o.placed_at, o.release_at
    FROM o
    WHERE TRUE
"""

_NEWEST_OF_MATCHING: Final = """
    ORDER BY o.placed_at DESC, o.order_id DESC
    LIMIT %(limit)s
"""
