"""Server and PostgreSQL are killed under load: what was acknowledged is there and whole, and nothing is there twice."""

import asyncio
import os
import random
import signal
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.connection import Connection, connections
from tests.kill.crowd import SKU, Crowd
from tests.server import (
    AFTERCART,
    ENDS_WITHIN_SECONDS,
    RunningServer,
    aftercart_without,
    create_key,
    serving,
    wait_until,
)
from tests.shop_over_http import ShopOverHttp

from aftercart.kit.embedded_postgres import EmbeddedPostgres
from aftercart.views.audit import audit

CUSTOMERS = 32
CONTROL_KILLS_MAX = 30


@pytest.fixture
def data_dir(tmp_path: Path) -> Generator[Path]:
    folder = tmp_path / "shop"
    yield folder
    EmbeddedPostgres(folder).stop()


class Killing:
    """A shop that is killed again and again; `program` is what serves it."""

    def __init__(self, data_dir: Path, folder: Path, *, program: Sequence[str] = AFTERCART, seed: int = 0) -> None:
        self.crowd = Crowd()
        self._data_dir = data_dir
        self._folder = folder
        self._program = program
        self._random = random.Random(seed)
        self._key = ""

    async def kill_server(self) -> list[str]:
        """Kill the server while customers call, start another one; return what is wrong then."""
        return await self._kill_and_start_again(lambda server: server.process.kill())

    async def kill_both(self) -> list[str]:
        """Kill the server and its PostgreSQL while customers call, start another one; return what is wrong then."""

        def kill(server: RunningServer) -> None:
            server.process.kill()
            os.kill(self._postmaster_pid(), signal.SIGKILL)

        return await self._kill_and_start_again(kill)

    async def stop_in_order(self) -> list[str]:
        """Ask the server to end while customers call, start another one; return what is wrong then."""
        return await self._kill_and_start_again(lambda server: server.process.terminate())

    async def _kill_and_start_again(self, kill: Callable[[RunningServer], None]) -> list[str]:
        with serving(self._data_dir, self._folder, program=self._program) as server:
            await self._open(server)
            async with connections((server.port,), self._key, CUSTOMERS) as customers:
                rush = asyncio.create_task(self.crowd.rush_in(customers))
                await self.crowd.wait_for_answers(self._random.randint(100, 400))
                kill(server)
                await rush
            server.process.wait(ENDS_WITHIN_SECONDS)
            ended_badly = ["its log has a traceback"] if "Traceback" in server.log else []
        with serving(self._data_dir, self._folder, program=self._program) as server:
            return ended_badly + await self._look(server)

    async def kill_postgresql(self) -> list[str]:
        """Kill the server's PostgreSQL while customers call, wait until it is there again; return what is wrong."""
        postgres = EmbeddedPostgres(self._data_dir)
        with serving(self._data_dir, self._folder, program=self._program) as server:
            await self._open(server)
            async with connections((server.port,), self._key, CUSTOMERS) as customers:
                rush = asyncio.create_task(self.crowd.rush_in(customers))
                await self.crowd.wait_for_answers(self._random.randint(100, 400))
                os.kill(self._postmaster_pid(), signal.SIGKILL)
                await asyncio.to_thread(wait_until, lambda: not postgres.is_running())
                await asyncio.to_thread(server.wait_until_it_answers)
                await self.crowd.wait_for_answers(CUSTOMERS)
                self.crowd.close()
                await rush
            return await self._look(server)

    async def _open(self, server: RunningServer) -> None:
        if self._key:
            return
        self._key = await create_key(EmbeddedPostgres(self._data_dir).url(), role="admin")
        with ShopOverHttp(server.address, self._key) as shop:
            shop.open(stock={SKU: 1_000_000})

    async def _look(self, server: RunningServer) -> list[str]:
        """Repeat what was not answered, then compare what customers know with what the shop has."""
        async with connections((server.port,), self._key, CUSTOMERS) as customers:
            repeated = await self.crowd.repeat_unanswered(customers)
            wrong = await self._compare(customers)
        orders = self._count_orders()
        print(f"{len(self.crowd.placed)} orders acknowledged, {orders} there, {repeated} calls repeated just now")
        print(f"{self.crowd.carried_out_unanswered} calls were carried out, but not answered the first time")
        if orders != len(self.crowd.placed):
            wrong.append(f"{len(self.crowd.placed)} orders were acknowledged, {orders} are there")
        wrong.extend(f"unexpected: {answer.status} {answer.body!r}" for answer in self.crowd.unexpected)
        report = audit(EmbeddedPostgres(self._data_dir).url())
        return [*wrong, *(f"audit: {check}" for check in report.failed)]

    async def _compare(self, customers: Sequence[Connection]) -> list[str]:
        wrong: list[str] = []
        known = iter(list(self.crowd.last_known.items()))

        async def compare(customer: Connection) -> None:
            for order_id, body in known:
                answer = await customer.get(f"/v1/orders/{order_id}")
                if answer.body != body:
                    wrong.append(f"{order_id} is {answer.body!r} and was {body!r}")

        await asyncio.gather(*(compare(customer) for customer in customers))
        return wrong

    def _count_orders(self) -> Any:
        with psycopg.connect(EmbeddedPostgres(self._data_dir).url()) as connection:
            row = connection.execute("SELECT count(*) FROM orders.orders").fetchone()
            assert row is not None
            return row[0]

    def _postmaster_pid(self) -> int:
        return int((self._data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])


async def test_no_acknowledged_order_is_lost_when_the_server_is_killed(
    data_dir: Path, tmp_path: Path, share: Callable[[int], int]
) -> None:
    killing = Killing(data_dir, tmp_path)
    for number in range(share(20)):
        assert await killing.kill_server() == [], f"after kill {number + 1}"


async def test_no_acknowledged_order_is_lost_when_postgresql_is_killed(
    data_dir: Path, tmp_path: Path, share: Callable[[int], int]
) -> None:
    killing = Killing(data_dir, tmp_path)
    for number in range(share(20)):
        assert await killing.kill_postgresql() == [], f"after kill {number + 1}"


async def test_no_acknowledged_order_is_lost_when_both_are_killed_at_once(
    data_dir: Path, tmp_path: Path, share: Callable[[int], int]
) -> None:
    killing = Killing(data_dir, tmp_path)
    for number in range(share(20)):
        assert await killing.kill_both() == [], f"after kill {number + 1}"


async def test_a_server_that_is_stopped_under_load_ends_cleanly(
    data_dir: Path, tmp_path: Path, share: Callable[[int], int]
) -> None:
    killing = Killing(data_dir, tmp_path)
    for number in range(share(20)):
        assert await killing.stop_in_order() == [], f"after stop {number + 1}"


async def test_orders_would_be_there_twice_if_their_keys_were_not_kept(data_dir: Path, tmp_path: Path) -> None:
    killing = Killing(data_dir, tmp_path, program=aftercart_without("outcomes"))
    for kill in range(CONTROL_KILLS_MAX):
        if any("are there" in wrong for wrong in await killing.kill_server()):
            print(f"an order was there twice after kill {kill + 1}")
            return
    pytest.fail("no order was placed twice: the tests above prove nothing")


async def test_orders_would_be_lost_if_commits_were_acknowledged_too_early(data_dir: Path, tmp_path: Path) -> None:
    killing = Killing(data_dir, tmp_path, program=aftercart_without("durable-commits"))
    for kill in range(CONTROL_KILLS_MAX):
        if any("are there" in wrong for wrong in await killing.kill_postgresql()):
            print(f"orders were lost by kill {kill + 1}")
            return
    pytest.fail("no order was lost: the tests above prove nothing")
