"""Planning deliveries: events of the feed become rows that wait to be sent, in the commit that moves the cursor."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from aftercart.access.events import CustomerCodeRequested
from aftercart.kit.database import Connection
from aftercart.notifications.audience import Audience, events_for
from aftercart.notifications.events import WebhookEndpointDisabled, WebhooksReplayRequested

NEWS_FOR: Final = timedelta(days=3)
"""An event older than this is not written about any more: nobody wants a confirmation of last year's imported order."""
URGENT_TYPES: Final = (CustomerCodeRequested.__name__,)
"""Somebody sits before a screen and waits for the mail."""

_WEBHOOK_TYPES: Final = events_for(Audience.INTEGRATOR)
_MAIL_TYPES: Final = events_for(Audience.CUSTOMER)
_OWN_TYPES: Final = (WebhooksReplayRequested.__name__, WebhookEndpointDisabled.__name__)


async def plan_deliveries(
    connection: Connection, *, after: int, upto: int, now: datetime, mail_types: Sequence[str] = _MAIL_TYPES
) -> None:
    """Plans what the feed's events behind offset ``after`` up to ``upto`` ask for, in the caller's transaction.

    One mail for all events of a command, one webhook call for each event and endpoint. What was planned before stays
    as it is, so planning the same events twice is planning them once.
    """
    span = {"after": after, "upto": upto, "now": now}
    if mail_types:
        asked = {"types": list(mail_types), "urgent": list(URGENT_TYPES), "news_since": now - NEWS_FOR}
        await connection.execute(_PLAN_MAILS, {**span, **asked})
    await connection.execute(_PLAN_WEBHOOKS, {**span, "types": list(_WEBHOOK_TYPES)})
    own = await connection.execute(_READ_OWN_EVENTS, {**span, "types": list(_OWN_TYPES)})
    for event_type, endpoint_id, data in await own.fetchall():
        if event_type == WebhooksReplayRequested.__name__:
            replay = msgspec.json.decode(data, type=WebhooksReplayRequested)
            await _replay(connection, endpoint_id, replay, now=now)
        else:
            await connection.execute(_END_DISABLED, {"endpoint": endpoint_id, "now": now})


async def _replay(connection: Connection, endpoint_id: UUID, replay: WebhooksReplayRequested, *, now: datetime) -> None:
    asked = {"after": replay.after, "upto": replay.until, "endpoint": endpoint_id}
    await connection.execute(_REPLAY, {**asked, "now": now, "types": list(_WEBHOOK_TYPES)})


# Ids are made from what is told to whom: they are the same again after a crash, and once the row was forgotten.
_PLAN_MAILS: Final = """
    INSERT INTO notifications.deliveries (
        delivery_id, kind, endpoint, stream, cause, "offset", urgent, state, created_at, due_at, attempts, lease_token)
    SELECT md5(concat_ws(' ', 'mail', e.stream, e.cause))::uuid, 'mail', NULL, e.stream, e.cause, min(f."offset"),
        bool_or(e.type = ANY(%(urgent)s)), 'waiting', %(now)s, %(now)s, 0, 0
    FROM kit.event_feed AS f
    JOIN kit.event_log AS e ON e.position = f.position
    WHERE f."offset" > %(after)s AND f."offset" <= %(upto)s AND e.type = ANY(%(types)s)
        AND coalesce((e.data ->> 'placed_at')::timestamptz, e.at) > %(news_since)s
    GROUP BY e.stream, e.cause
    ON CONFLICT (delivery_id) DO NOTHING
"""

# An endpoint hears of what happened after it was made: the position of its own first event tells.
_PLAN_WEBHOOKS: Final = """
    INSERT INTO notifications.deliveries (
        delivery_id, kind, endpoint, stream, cause, "offset", urgent, state, created_at, due_at, attempts, lease_token)
    SELECT md5(concat_ws(' ', w.endpoint_id, e.stream, e.seq))::uuid, 'webhook', w.endpoint_id, e.stream, e.cause,
        f."offset", false, 'waiting', %(now)s, %(now)s, 0, 0
    FROM notifications.webhook_endpoints AS w
    JOIN kit.event_log AS made ON made.stream = w.endpoint_id AND made.seq = 1
    JOIN kit.event_feed AS f ON f."offset" > %(after)s AND f."offset" <= %(upto)s AND f.position > made.position
    JOIN kit.event_log AS e ON e.position = f.position
    WHERE w.disabled_at IS NULL AND e.type = ANY(%(types)s)
        AND (w.event_types = '[]' OR w.event_types @> to_jsonb(e.type))
    ON CONFLICT (delivery_id) DO NOTHING
"""

_READ_OWN_EVENTS: Final = """
    SELECT e.type, e.stream, e.data::text
    FROM kit.event_feed AS f
    JOIN kit.event_log AS e ON e.position = f.position
    WHERE f."offset" > %(after)s AND f."offset" <= %(upto)s AND e.type = ANY(%(types)s)
    ORDER BY f."offset"
"""

_REPLAY: Final = """
    INSERT INTO notifications.deliveries AS d (
        delivery_id, kind, endpoint, stream, cause, "offset", urgent, state, created_at, due_at, attempts, lease_token)
    SELECT md5(concat_ws(' ', w.endpoint_id, e.stream, e.seq))::uuid, 'webhook', w.endpoint_id, e.stream, e.cause,
        f."offset", false, 'waiting', %(now)s, %(now)s, 0, 0
    FROM notifications.webhook_endpoints AS w
    JOIN kit.event_feed AS f ON f."offset" > %(after)s AND f."offset" <= %(upto)s
    JOIN kit.event_log AS e ON e.position = f.position
    WHERE w.endpoint_id = %(endpoint)s AND w.disabled_at IS NULL AND e.type = ANY(%(types)s)
        AND (w.event_types = '[]' OR w.event_types @> to_jsonb(e.type))
    ON CONFLICT (delivery_id) DO UPDATE SET
        state = 'waiting', created_at = excluded.created_at, due_at = excluded.due_at, attempts = 0,
        settled_at = NULL, last_status = NULL, last_error = NULL
    WHERE d.state <> 'waiting'
"""

_END_DISABLED: Final = """
    UPDATE notifications.deliveries
    SET state = 'failed', settled_at = %(now)s, leased_until = NULL, last_error = 'the endpoint is disabled'
    WHERE endpoint = %(endpoint)s AND state = 'waiting'
"""
