"""What happened to an order, from its first event on."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database


class RecordedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event as the log keeps it; ``data`` is the event's JSON."""

    seq: int
    type: str
    at: datetime
    actor: str
    data: msgspec.Raw


async def find_timeline(database: Database, order_id: UUID) -> tuple[RecordedEvent, ...]:
    """Returns the order's events in the order they happened, none for an order that does not exist."""
    rows = await database.rows(_FIND_TIMELINE, {"stream": order_id})
    return tuple(
        RecordedEvent(seq=seq, type=event_type, at=at, actor=actor, data=msgspec.Raw(event_json.encode()))
        for seq, event_type, at, actor, event_json in rows
    )


_FIND_TIMELINE: Final = """
    SELECT seq, type, at, actor, data::text
    FROM kit.event_log
    WHERE stream = %(stream)s
    ORDER BY seq
"""
