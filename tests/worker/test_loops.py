"""A loop outlives what goes wrong in one of its turns."""

import asyncio
import contextlib

import psycopg

from aftercart.worker.loops import repeat


async def test_a_loop_goes_on_after_a_turn_that_failed() -> None:
    failures: list[Exception] = [ValueError("a fault of ours"), psycopg.OperationalError("the database is away")]
    went_on = asyncio.Event()

    async def turn() -> int:
        if failures:
            raise failures.pop()
        went_on.set()
        return 0

    loop = asyncio.create_task(repeat("test", turn, pause_max=0.05))
    went_on_waiting = asyncio.create_task(went_on.wait())
    await asyncio.wait((loop, went_on_waiting), timeout=30, return_when=asyncio.FIRST_COMPLETED)
    assert went_on.is_set()
    assert not loop.done()
    loop.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await loop
