"""The way of a delivery: taken under a lease, sent, and then completed, postponed or given up.

A delivery is taken when it is due, nobody holds it, and nothing older about the same stream waits for the same
receiver. It may be sent twice (a sender can die after it sent), but never by two senders at once: who settles it must
show the token of the last lease.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database
from aftercart.kit.state import Statement
from aftercart.notifications.model import DeliveryKind

LEASE_SECONDS: Final = 120.0
"""Longer than any sender tries; how long a delivery rests when its sender was killed."""
KEPT_FOR: Final = timedelta(days=30)
"""How long a settled delivery can still be looked at."""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that its taker alone may send and settle, until the lease runs out."""

    delivery_id: UUID
    kind: DeliveryKind
    endpoint: UUID | None
    stream: UUID
    cause: UUID
    offset: int
    urgent: bool
    attempts: int
    lease_token: int
    created_at: datetime


async def claim_mails(
    database: Database, *, now: datetime, limit: int, lease_seconds: float = LEASE_SECONDS
) -> list[Claim]:
    """Takes up to ``limit`` mails that are due, the urgent ones first."""
    asked = {"now": now, "limit": limit, "seconds": lease_seconds}
    return _claims(await database.run(Statement(CLAIM_MAILS, asked)))


async def claim_webhooks(
    database: Database,
    *,
    now: datetime,
    limit: int,
    per_endpoint: int,
    full: Iterable[UUID] = (),
    lease_seconds: float = LEASE_SECONDS,
) -> list[Claim]:
    """Takes up to ``limit`` calls that are due, ``per_endpoint`` of each endpoint at most; ``full`` ones get none."""
    asked = {"now": now, "limit": limit, "per_endpoint": per_endpoint, "full": list(full), "seconds": lease_seconds}
    return _claims(await database.run(Statement(_CLAIM_WEBHOOKS, asked)))


async def complete(database: Database, claim: Claim, *, now: datetime, status: int | None = None) -> bool:
    """Settles the delivery as sent; ``False`` when somebody else took it in the meantime, and nothing is changed."""
    held = {"delivery_id": claim.delivery_id, "lease_token": claim.lease_token}
    return bool(await database.run(Statement(COMPLETE, {**held, "now": now, "status": status})))


async def postpone(
    database: Database, claim: Claim, *, due_at: datetime, error: str, status: int | None = None
) -> bool:
    """Lets the delivery wait until ``due_at``, and with it what waits behind it; ``False`` as in ``complete``."""
    held = {"delivery_id": claim.delivery_id, "lease_token": claim.lease_token}
    return bool(await database.run(Statement(_POSTPONE, {**held, "due_at": due_at, "error": error, "status": status})))


async def took_nothing_since(database: Database, endpoint: UUID, since: datetime) -> bool:
    """Tells whether no delivery to the endpoint was accepted at or after ``since``."""
    rows = await database.rows(_ACCEPTED, {"endpoint": endpoint, "since": since})
    return not rows


def forget_settled_statement(now: datetime) -> Statement:
    """Deletes deliveries that were settled longer ago than ``KEPT_FOR``."""
    return Statement(_FORGET, {"until": now - KEPT_FOR})


def _claims(rows: Iterable[tuple[object, ...]]) -> list[Claim]:
    fields = Claim.__struct_fields__
    return [msgspec.convert(dict(zip(fields, row, strict=True)), Claim) for row in rows]


CLAIM_MAILS: Final = """
    WITH due AS (
        SELECT d.delivery_id
        FROM notifications.deliveries AS d
        WHERE d.kind = 'mail' AND d.state = 'waiting' AND d.due_at <= %(now)s
            AND (d.leased_until IS NULL OR d.leased_until < clock_timestamp())
            AND NOT EXISTS (
                SELECT 1 FROM notifications.deliveries AS o
                WHERE o.stream = d.stream AND o."offset" < d."offset" AND o.kind = 'mail' AND o.state = 'waiting')
        ORDER BY d.urgent DESC, d.due_at
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    )
    UPDATE notifications.deliveries AS d
    SET attempts = d.attempts + 1, lease_token = d.lease_token + 1,
        leased_until = clock_timestamp() + make_interval(secs => %(seconds)s)
    FROM due
    WHERE d.delivery_id = due.delivery_id
    RETURNING d.delivery_id, d.kind, d.endpoint, d.stream, d.cause, d."offset", d.urgent, d.attempts, d.lease_token,
        d.created_at
"""

_CLAIM_WEBHOOKS: Final = """
    WITH due AS (
        SELECT c.delivery_id
        FROM notifications.webhook_endpoints AS w
        CROSS JOIN LATERAL (
            SELECT d.delivery_id, d.due_at
            FROM notifications.deliveries AS d
            WHERE d.endpoint = w.endpoint_id AND d.kind = 'webhook' AND d.state = 'waiting' AND d.due_at <= %(now)s
                AND (d.leased_until IS NULL OR d.leased_until < clock_timestamp())
                AND NOT EXISTS (
                    SELECT 1 FROM notifications.deliveries AS o
                    WHERE o.stream = d.stream AND o."offset" < d."offset" AND o.endpoint = d.endpoint
                        AND o.state = 'waiting')
            ORDER BY d.due_at, d."offset"
            LIMIT %(per_endpoint)s
            FOR UPDATE SKIP LOCKED
        ) AS c
        WHERE w.disabled_at IS NULL AND w.endpoint_id <> ALL(%(full)s::uuid[])
        ORDER BY c.due_at
        LIMIT %(limit)s
    )
    UPDATE notifications.deliveries AS d
    SET attempts = d.attempts + 1, lease_token = d.lease_token + 1,
        leased_until = clock_timestamp() + make_interval(secs => %(seconds)s)
    FROM due
    WHERE d.delivery_id = due.delivery_id
    RETURNING d.delivery_id, d.kind, d.endpoint, d.stream, d.cause, d."offset", d.urgent, d.attempts, d.lease_token,
        d.created_at
"""

COMPLETE: Final = """
    UPDATE notifications.deliveries
    SET state = 'sent', settled_at = %(now)s, leased_until = NULL, last_status = %(status)s, last_error = NULL
    WHERE delivery_id = %(delivery_id)s AND lease_token = %(lease_token)s AND state = 'waiting'
    RETURNING delivery_id
"""

# What waits behind it is not due earlier: else every look at what is due would find it first, and find it blocked.
_POSTPONE: Final = """
    WITH postponed AS (
        UPDATE notifications.deliveries
        SET due_at = %(due_at)s, leased_until = NULL, last_status = %(status)s, last_error = %(error)s
        WHERE delivery_id = %(delivery_id)s AND lease_token = %(lease_token)s AND state = 'waiting'
        RETURNING delivery_id, kind, endpoint, stream, "offset"
    ), behind AS (
        UPDATE notifications.deliveries AS d
        SET due_at = greatest(d.due_at, %(due_at)s)
        FROM postponed AS p
        WHERE d.stream = p.stream AND d."offset" > p."offset" AND d.kind = p.kind
            AND d.endpoint IS NOT DISTINCT FROM p.endpoint AND d.state = 'waiting'
    )
    SELECT delivery_id FROM postponed
"""

_ACCEPTED: Final = """
    SELECT 1
    FROM notifications.deliveries
    WHERE endpoint = %(endpoint)s AND kind = 'webhook' AND state = 'sent' AND settled_at >= %(since)s
    LIMIT 1
"""

_FORGET: Final = """
    DELETE FROM notifications.deliveries WHERE state <> 'waiting' AND settled_at < %(until)s
"""
