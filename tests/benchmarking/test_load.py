"""Requests that fall due at a pace are sent at that pace, and who waits behind a slow answer counts too."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from aftercart.benchmarking.load import Load, LoadPlan, run_load

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
STALL_SECONDS = 0.2

pytestmark = pytest.mark.anyio


class Shop(asyncio.Protocol):
    """Answers at once, but takes its time for the first request."""

    def __init__(self) -> None:
        self._stalls = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop registers none of its own

    def data_received(self, data: bytes) -> None:
        assert data == b"GET / HTTP/1.1\r\n\r\n"
        stall = STALL_SECONDS if self._stalls else 0.0
        self._stalls = False
        asyncio.get_running_loop().call_later(stall, self._transport.write, ANSWER)


@asynccontextmanager
async def stalling_shop() -> AsyncGenerator[int]:
    server = await asyncio.get_running_loop().create_server(Shop, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def load(*, per_second: int | None) -> Load:
    async with stalling_shop() as port:
        plan = LoadPlan(
            host="127.0.0.1",
            port=port,
            connections=1,
            warm_up_seconds=0.0,
            seconds=0.5,
            repeat=True,
            server_pid=os.getpid(),
            postmaster_pid=None,
            requests=(b"GET / HTTP/1.1\r\n\r\n",),
            per_second=per_second,
        )
        return await run_load(plan)


async def test_no_more_is_sent_than_falls_due_and_what_waited_is_counted_with_its_wait() -> None:
    measured = await load(per_second=100)
    assert 30 <= measured.accepted <= 55
    assert measured.p50_ms < 1_000 * STALL_SECONDS
    assert measured.p95_ms > 500 * STALL_SECONDS  # they fell due while the first one was under way


async def test_control_one_after_the_other_hides_the_wait_behind_a_slow_answer() -> None:
    measured = await load(per_second=None)
    assert measured.accepted > 55
    assert measured.p95_ms < 500 * STALL_SECONDS
