"""The feed of all events, in the order in which every consumer sees them."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database, Row


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
    return tuple(_feed_event(row) for row in rows)


async def load_feed_event(database: Database, offset: int) -> FeedEvent:
    """Returns the event at an offset of the feed; raises ``LookupError`` when there is none."""
    rows = await database.rows(_LOAD_EVENT, {"offset": offset})
    if not rows:
        raise LookupError(f"the feed has no offset {offset}")
    return _feed_event(rows[0])


async def find_feed_end(database: Database) -> int:
    """Returns the offset of the newest event in the feed, 0 before the first."""
    rows = await database.rows(_FIND_END)
    return rows[0][0]


def _feed_event(row: Row) -> FeedEvent:
    offset, stream, seq, event_type, at, actor, cause, event_json = row
    return FeedEvent(
        offset=offset,
        stream=stream,
        seq=seq,
        type=event_type,
        at=at,
        actor=actor,
        cause=cause,
        data=msgspec.Raw(event_json.encode()),
    )


_READ_FEED: Final = """
    SELECT f."offset", l.stream, l.seq, l.type, l.at, l.actor, l.cause, l.data::text
    FROM kit.event_feed AS f
    JOIN kit.event_log AS l ON l.position = f.position
    WHERE f."offset" > %(after)s
    ORDER BY f."offset"
    LIMIT %(limit)s
"""

_LOAD_EVENT: Final = """
    SELECT f."offset", l.stream, l.seq, l.type, l.at, l.actor, l.cause, l.data::text
    FROM kit.event_feed AS f
    JOIN kit.event_log AS l ON l.position = f.position
    WHERE f."offset" = %(offset)s
"""

_FIND_END: Final = """
    SELECT "offset" FROM kit.cursors WHERE consumer = 'sequencer'
"""
