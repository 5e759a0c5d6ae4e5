"""What is told to whom and what came of it: endpoints with their calls, orders with their mails."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database, Row
from aftercart.kit.paging import Page, page_of
from aftercart.notifications.model import DeliveryState, WebhookEndpoint

Cursor = tuple[int]
"""The offset of the last event of a page."""


class SeenDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message: of which event of the feed (a mail: the first it tells), and how far it got.

    ``status`` and ``error`` are those of the last attempt; ``due_at`` is the next one while it waits.
    """

    delivery_id: UUID
    offset: int
    type: str
    stream: UUID
    state: DeliveryState
    attempts: int
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    status: int | None
    error: str | None


async def find_endpoints(database: Database) -> tuple[WebhookEndpoint, ...]:
    """Returns all endpoints, the oldest first."""
    rows = await database.rows(_FIND_ENDPOINTS, {"endpoint_id": None})
    return tuple(msgspec.json.decode(row, type=WebhookEndpoint) for (row,) in rows)


async def find_endpoint(database: Database, endpoint_id: UUID) -> WebhookEndpoint | None:
    """Returns one endpoint, ``None`` when there is none of this id."""
    rows = await database.rows(_FIND_ENDPOINTS, {"endpoint_id": endpoint_id})
    return msgspec.json.decode(rows[0][0], type=WebhookEndpoint) if rows else None


async def find_calls(
    database: Database, endpoint_id: UUID, *, state: DeliveryState | None, cursor: Cursor | None, limit: int
) -> Page[SeenDelivery]:
    """Returns a page of the calls to an endpoint, those of the newest events first."""
    asked = {
        "endpoint": endpoint_id,
        "state": None if state is None else state.value,
        "before": None if cursor is None else cursor[0],
        "limit": limit + 1,
    }
    rows = await database.rows(_FIND_CALLS, asked)
    return page_of([_seen(row) for row in rows], limit=limit, sort_key=lambda one: (one.offset,))


async def find_mails(database: Database, order_id: UUID) -> tuple[SeenDelivery, ...]:
    """Returns the mails about an order that are waiting or were settled lately, the oldest first."""
    return tuple(_seen(row) for row in await database.rows(_FIND_MAILS, {"order_id": order_id}))


def _seen(row: Row) -> SeenDelivery:
    fields = SeenDelivery.__struct_fields__
    return msgspec.convert(dict(zip(fields, row, strict=True)), SeenDelivery)


_FIND_ENDPOINTS: Final = """
    SELECT to_json(e)::text
    FROM notifications.webhook_endpoints AS e
    WHERE %(endpoint_id)s::uuid IS NULL OR e.endpoint_id = %(endpoint_id)s
    ORDER BY e.created_at, e.endpoint_id
"""

_FIND_CALLS: Final = """
    SELECT d.delivery_id, d."offset", l.type, d.stream, d.state, d.attempts, d.created_at, d.due_at, d.settled_at,
        d.last_status, d.last_error
    FROM notifications.deliveries AS d
    JOIN kit.event_feed AS f ON f."offset" = d."offset"
    JOIN kit.event_log AS l ON l.position = f.position
    WHERE d.kind = 'webhook' AND d.endpoint = %(endpoint)s
        AND (%(state)s::text IS NULL OR d.state = %(state)s)
        AND (%(before)s::bigint IS NULL OR d."offset" < %(before)s)
    ORDER BY d."offset" DESC
    LIMIT %(limit)s
"""

# Codes have streams of their own.
_FIND_MAILS: Final = """
    SELECT d.delivery_id, d."offset", l.type, d.stream, d.state, d.attempts, d.created_at, d.due_at, d.settled_at,
        d.last_status, d.last_error
    FROM notifications.deliveries AS d
    JOIN kit.event_feed AS f ON f."offset" = d."offset"
    JOIN kit.event_log AS l ON l.position = f.position
    WHERE d.kind = 'mail' AND d.stream = ANY(
        SELECT %(order_id)s::uuid UNION ALL SELECT code_id FROM access.customer_codes WHERE order_id = %(order_id)s)
    ORDER BY d."offset"
"""
