"""Connections are lent to whoever still wants them, and all of them come back."""

import asyncio
import sys

import pytest

from aftercart.kit import database as database_module
from aftercart.kit.database import Database
from aftercart.kit.state import Statement

TURNS_OF_THE_LOOP = 12
"""More than pass between a connection's return and the moment it has reached who waits for it."""


async def goes_on(database: Database, *, turns: int, patience_seconds: float) -> bool:
    """Cancels who waits for a connection that many turns of the loop after it came back; tells whether that is lost."""

    async def read_for_ever() -> None:
        while True:
            await database.run(Statement("SELECT 1", {}))
            await asyncio.Event().wait()

    async with database.connection():
        async with database.connection():
            waiting = asyncio.create_task(read_for_ever())
            for _ in range(TURNS_OF_THE_LOOP):
                await asyncio.sleep(0)
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        ended, _ = await asyncio.wait((waiting,), timeout=patience_seconds)
        waiting.cancel()
    return not ended


async def lost_cancellations(url: str, *, patience_seconds: float) -> list[int]:
    """Returns after how many turns of the loop a cancellation was lost."""
    async with Database(url, connections_max=2) as database:
        return [
            turns
            for turns in range(TURNS_OF_THE_LOOP)
            if await goes_on(database, turns=turns, patience_seconds=patience_seconds)
        ]


async def test_who_is_canceled_the_moment_a_connection_comes_ends_all_the_same(database_url: str) -> None:
    assert await lost_cancellations(database_url, patience_seconds=10) == []


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="there `asyncio.wait_for` loses no cancellation")
async def test_control_a_pool_left_to_itself_loses_a_cancellation(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "_times_canceled", lambda: 0)
    assert await lost_cancellations(database_url, patience_seconds=0.2) != []
