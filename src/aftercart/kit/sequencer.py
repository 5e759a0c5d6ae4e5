"""The sequencer: gives committed events their place in the feed, so that no consumer can miss one.

Positions are handed out before the commit, so they become visible out of order. The queue holds exactly the
positions that are committed and not yet placed; whatever is visible is moved behind the last offset, in position
order. Two events of one stream are never visible in the wrong order, as the second waited for the first one's lock.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from aftercart.kit.database import Connection, Database
from aftercart.kit.state import Statement

MOVED_MAX: Final = 5_000


class FeedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event as consumers get it; ``data`` is its JSON."""

    offset: int
    position: int
    type: str
    stream: Any
    seq: int
    data: bytes


async def sequence(database: Database, *, moved_max: int = MOVED_MAX) -> int:
    """Moves what waits in the queue to the feed and returns how many events it moved.

    Any number of processes may call this: the cursor row lets one at a time through and the others return 0. It is
    locked in a statement of its own, so the next one sees all that the last holder did.
    """
    async with database.connection() as connection:
        locked = await connection.execute(_LOCK)
        if await locked.fetchone() is None:
            return 0
        moved = await connection.execute(_MOVE, {"moved_max": moved_max})
        row = await moved.fetchone()
        return 0 if row is None else row[0]


async def read_feed(
    database: Database, *, after: int, limit: int, types: Sequence[str] | None = None
) -> tuple[list[FeedEntry], int]:
    """Returns what stands in the ``limit`` places behind offset ``after``, and the offset that was read up to.

    With ``types`` only events of these types are returned; the others count as read all the same.
    """
    rows = await database.rows(_READ, {"after": after, "limit": limit, "types": None if types is None else list(types)})
    entries = [
        FeedEntry(offset=offset, position=position, type=kind, stream=stream, seq=seq, data=data.encode())
        for offset, position, kind, stream, seq, data, _ in rows
        if offset is not None
    ]
    return entries, rows[0][-1]


async def find_cursor(database: Database, consumer: str) -> int:
    """Returns the offset up to which ``consumer`` has seen the feed."""
    rows = await database.rows(_FIND_CURSOR, {"consumer": consumer})
    return rows[0][0]


async def move_cursor(database: Database, *, consumer: str, offset: int) -> None:
    """Remembers that ``consumer`` has seen the feed up to ``offset``; never moves back."""
    await database.run(Statement(_MOVE_CURSOR, {"consumer": consumer, "offset": offset}))


async def is_behind(database: Database, consumer: str) -> bool:
    """Tells whether the feed has something that ``consumer`` has not seen, without locking its cursor."""
    rows = await database.rows(_IS_BEHIND, {"consumer": consumer})
    return rows[0][0]


async def lock_cursor(connection: Connection, consumer: str) -> tuple[int, int]:
    """Locks the cursor of a consumer whose effect is in this database too, for the caller's transaction.

    Returns the offset it has seen and the last one there is. The cursor was made by a migration.
    """
    locked = await connection.execute(_LOCK_CURSOR, {"consumer": consumer})
    row = await locked.fetchone()
    assert row is not None, f"there is no cursor {consumer}"
    return row[0], row[1]


async def move_locked_cursor(connection: Connection, *, consumer: str, offset: int) -> None:
    """Remembers in the caller's transaction that ``consumer`` has seen the feed up to ``offset``."""
    await connection.execute(_MOVE_CURSOR, {"consumer": consumer, "offset": offset})


_LOCK: Final = """
    SELECT consumer FROM kit.cursors WHERE consumer = 'sequencer' FOR UPDATE SKIP LOCKED
"""

_MOVE: Final = """
    WITH taken AS (
        DELETE FROM kit.event_queue
        WHERE position IN (SELECT position FROM kit.event_queue ORDER BY position LIMIT %(moved_max)s)
        RETURNING position
    ), placed AS (
        INSERT INTO kit.event_feed ("offset", position)
        SELECT c."offset" + row_number() OVER (ORDER BY t.position), t.position
        FROM taken AS t
        CROSS JOIN kit.cursors AS c
        WHERE c.consumer = 'sequencer'
        RETURNING "offset"
    )
    UPDATE kit.cursors AS c
    SET "offset" = c."offset" + p.moved
    FROM (SELECT count(*)::integer AS moved FROM placed) AS p
    WHERE c.consumer = 'sequencer' AND p.moved > 0
    RETURNING p.moved
"""

# The feed has no gaps, so the end of a page is known from the sequencer's cursor without counting rows.
_READ: Final = """
    SELECT f."offset", f.position, f.type, f.stream, f.seq, f.data::text, c.upto
    FROM (
        SELECT LEAST(%(after)s::bigint + %(limit)s, GREATEST("offset", %(after)s)) AS upto
        FROM kit.cursors
        WHERE consumer = 'sequencer'
    ) AS c
    LEFT JOIN LATERAL (
        SELECT p."offset", p.position, e.type, e.stream, e.seq, e.data
        FROM kit.event_feed AS p
        JOIN kit.event_log AS e ON e.position = p.position
        WHERE p."offset" > %(after)s AND p."offset" <= c.upto
            AND (%(types)s::text[] IS NULL OR e.type = ANY(%(types)s::text[]))
    ) AS f ON true
    ORDER BY f."offset"
"""

_FIND_CURSOR: Final = """
    SELECT "offset" FROM kit.cursors WHERE consumer = %(consumer)s
"""

_MOVE_CURSOR: Final = """
    INSERT INTO kit.cursors AS c (consumer, "offset") VALUES (%(consumer)s, %(offset)s)
    ON CONFLICT (consumer) DO UPDATE SET "offset" = GREATEST(c."offset", excluded."offset")
"""

_LOCK_CURSOR: Final = """
    SELECT c."offset", (SELECT s."offset" FROM kit.cursors AS s WHERE s.consumer = 'sequencer')
    FROM kit.cursors AS c
    WHERE c.consumer = %(consumer)s
    FOR UPDATE OF c
"""

_IS_BEHIND: Final = """
    SELECT EXISTS (
        SELECT 1
        FROM kit.cursors AS c
        JOIN kit.cursors AS s ON s."offset" > c."offset"
        WHERE c.consumer = %(consumer)s AND s.consumer = 'sequencer')
"""
