"""One Idempotency-Key, many calls at once: one order, and every answer is that order."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.connection import Answer, Connection, connections
from tests.races_http.two_servers import open_shop_with, receive, two_servers
from tests.shop_over_http import order

CALLERS = 50
SKU = "LAMPE"
CONTROL_ROUNDS_MAX = 20


async def call_all_at_once(callers: Sequence[Connection], key: str) -> list[Answer]:
    body = order({SKU: 1})
    return await asyncio.gather(*(caller.post("/v1/orders", body, key=key) for caller in callers))


def orders_behind(answers: Sequence[Answer]) -> set[bytes]:
    """Return the different orders in the answers; a call that got none must have been told to wait."""
    bodies: set[bytes] = set()
    for answer in answers:
        if answer.status == 201:
            bodies.add(answer.body)
        else:
            assert (answer.status, answer.json["code"]) == (409, "idempotency_key_in_flight"), answer.body
    return bodies


def count_orders(url: str) -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM orders.orders").fetchone()
        assert row is not None
        return row[0]


async def test_one_key_50_times_at_once_is_one_order_and_one_answer(
    database_url: str, tmp_path: Path, share: Callable[[int], int]
) -> None:
    rounds = share(50)
    async with (
        two_servers(database_url, tmp_path) as servers,
        connections(servers.ports, servers.key, CALLERS) as callers,
    ):
        await open_shop_with(callers[0], (SKU,), missing_stock="refuse")
        await receive(callers[0], SKU, rounds)
        for number in range(rounds):
            answers = await call_all_at_once(callers, f"key-{number}")
            (first,) = orders_behind(answers)
            (again,) = orders_behind(
                [await caller.post("/v1/orders", order({SKU: 1}), key=f"key-{number}") for caller in callers[:2]]
            )
            assert again == first
            assert sum(answer.status == 201 and "idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert count_orders(database_url) == rounds


@pytest.mark.broken_on_purpose
async def test_one_key_would_make_many_orders_if_it_were_only_looked_up_and_noted(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        two_servers(database_url, tmp_path, without="key-lock") as servers,
        connections(servers.ports, servers.key, CALLERS) as callers,
    ):
        await open_shop_with(callers[0], (SKU,), missing_stock="refuse")
        await receive(callers[0], SKU, 1_000)
        for number in range(CONTROL_ROUNDS_MAX):
            if len(orders_behind(await call_all_at_once(callers, f"key-{number}"))) > 1:
                return
    pytest.fail(f"one order a key in {CONTROL_ROUNDS_MAX} rounds: the test above proves nothing")
