"""Two processes on one database, everybody on the same goods: no deadlock, no mismatch, no fault."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.connection import connections
from tests.races_http.rush import Rush
from tests.races_http.two_servers import two_servers

from aftercart.views.audit import audit

CLIENTS = 64
CONTROL_SLICES_MAX = 15
CONTROL_SLICE_SECONDS = 2.0
DONE_PER_SECOND_MIN = 1
"""Far below what any machine does: only to be sure that every kind of wish was granted again and again."""


def deadlocks(url: str) -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
        assert row is not None
        return row[0]


async def test_two_processes_on_hot_goods_keep_everything_in_order(
    database_url: str, tmp_path: Path, share: Callable[[int], int]
) -> None:
    seconds = share(60)
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    async with (
        two_servers(database_url, tmp_path) as servers,
        connections(servers.ports, servers.key, CLIENTS) as clients,
    ):
        rush = Rush(clients, seed=seed)
        await rush.open()
        await rush.run(seconds)
    print(f"{rush.answers.total()} calls in {seconds} s: {sorted(rush.answers.items())}")
    assert rush.faults == []
    assert {status for _, status in rush.answers} <= {200, 201, 409, 422, 503}
    wishes = {wish for wish, _ in rush.answers}
    assert {wish for wish in wishes if rush.done(wish) < seconds * DONE_PER_SECOND_MIN} == set()
    assert "Traceback" not in servers.log(tmp_path)
    assert deadlocks(database_url) == 0
    # That stock, units, totals, seq and the rest add up, the audit says at the end of this test as of every other.


@pytest.mark.broken_on_purpose
async def test_the_audit_would_find_stock_that_was_not_locked(database_url: str, tmp_path: Path) -> None:
    async with (
        two_servers(database_url, tmp_path, without="stock-lock") as servers,
        connections(servers.ports, servers.key, CLIENTS) as clients,
    ):
        rush = Rush(clients, seed=1)
        await rush.open()
        for _ in range(CONTROL_SLICES_MAX):
            await rush.run(CONTROL_SLICE_SECONDS)
            if "reserved_is_what_orders_hold" in {check.name for check in audit(database_url).failed}:
                return
    pytest.fail("the audit found nothing: it proves nothing in the test above")


async def test_deadlocks_would_be_seen_if_stock_were_locked_in_any_order(database_url: str, tmp_path: Path) -> None:
    async with (
        two_servers(database_url, tmp_path, without="lock-order") as servers,
        connections(servers.ports, servers.key, CLIENTS) as clients,
    ):
        rush = Rush(clients, seed=1)
        await rush.open()
        for _ in range(CONTROL_SLICES_MAX):
            await rush.run(CONTROL_SLICE_SECONDS)
            if deadlocks(database_url) > 0:
                return
    pytest.fail("no deadlock in any order: the order of locks is not needed, or the test above proves nothing")
