"""The feed of all events, in the order in which every consumer sees them."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database


class FeedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the feed; ``cause`` is the id of the command behind it, ``stream`` what it happened to."""

    offset: int
    stream: UUID
    seq: int
    type: str
    at: datetime
    actor: str
    cause: UUID
    data: msgspec.Raw


async def read_feed(database: Database, *, after: int, limit: int) -> tuple[FeedEvent, ...]:
    """Returns up to ``limit`` events behind the offset ``after``; nothing ever appears in front of what was read."""
    rows = await database.rows(_READ_FEED, {"after": after, "limit": limit})
    return tuple(
        FeedEvent(
            offset=offset,
            stream=stream,
            seq=seq,
            type=event_type,
            at=at,
            actor=actor,
            cause=cause,
            data=msgspec.Raw(event_json.encode()),
        )
        for offset, stream, seq, event_type, at, actor, cause, event_json in rows
    )


_READ_FEED: Final = """
    SELECT f."offset", l.stream, l.seq, l.type, l.at, l.actor, l.cause, l.data::text
    FROM kit.event_feed AS f
    JOIN kit.event_log AS l ON l.position = f.position
    WHERE f."offset" > %(after)s
    ORDER BY f."offset"
    LIMIT %(limit)s
"""
