"""Leases: of several processes that could run a loop, one does; another takes over when it falls silent."""

from typing import Final
from uuid import UUID

from aftercart.kit.database import Database
from aftercart.kit.state import Statement

LEASE_SECONDS: Final = 10


async def take_lease(database: Database, *, name: str, holder: UUID, seconds: float = LEASE_SECONDS) -> int | None:
    """Takes or renews the lease ``name`` and returns its token, ``None`` while somebody else holds it.

    The token grows with each new holder. The database's clock counts: simulated clocks do not move leases.
    """
    asked = {"name": name, "holder": holder, "seconds": seconds}
    # Most turns come long before the lease runs out: they only look, and cost no commit.
    rows = await database.rows(_STILL_FRESH, asked) or await database.run(Statement(_TAKE, asked))
    return rows[0][0] if rows else None


async def seize_lease(database: Database, *, name: str, holder: UUID, seconds: float = LEASE_SECONDS) -> int:
    """Takes or renews the lease even from somebody who holds it, and returns its token.

    For a run under a simulated clock beside loops under the real one: they find the lease gone at their next turn.
    """
    rows = await database.run(Statement(_SEIZE, {"name": name, "holder": holder, "seconds": seconds}))
    token: int = rows[0][0]
    return token


async def release_lease(database: Database, *, name: str, holder: UUID) -> None:
    """Ends the lease now, if ``holder`` still has it."""
    await database.run(Statement(_RELEASE, {"name": name, "holder": holder}))


_STILL_FRESH: Final = """
    SELECT token
    FROM kit.leases
    WHERE name = %(name)s AND holder = %(holder)s
        AND expires_at > clock_timestamp() + make_interval(secs => %(seconds)s / 2.0)
"""

_TAKE: Final = """
    INSERT INTO kit.leases AS l (name, holder, token, expires_at)
    VALUES (%(name)s, %(holder)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s))
    ON CONFLICT (name) DO UPDATE SET
        holder = excluded.holder,
        token = CASE WHEN l.holder = excluded.holder THEN l.token ELSE l.token + 1 END,
        expires_at = excluded.expires_at
    WHERE l.holder = excluded.holder OR l.expires_at < clock_timestamp()
    RETURNING l.token
"""

_SEIZE: Final = """
    INSERT INTO kit.leases AS l (name, holder, token, expires_at)
    VALUES (%(name)s, %(holder)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s))
    ON CONFLICT (name) DO UPDATE SET
        holder = excluded.holder,
        token = CASE WHEN l.holder = excluded.holder THEN l.token ELSE l.token + 1 END,
        expires_at = excluded.expires_at
    RETURNING l.token
"""

_RELEASE: Final = """
    UPDATE kit.leases SET expires_at = clock_timestamp() WHERE name = %(name)s AND holder = %(holder)s
"""
