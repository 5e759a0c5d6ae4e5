"""Many buyers, few units: however they crowd, what is sold is what there is."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from tests.connection import Answer, Connection, connections
from tests.races_http.two_servers import available, open_shop_with, receive, two_servers
from tests.shop_over_http import order

BUYERS = 200
UNITS = 10
SKU = "ROBE-ROUGE"
CONTROL_ROUNDS_MAX = 20
ONE_UNIT: Final = order({SKU: 1})
TWO_LINES: Final = order() | {"lines": [{"sku": SKU, "quantity": 2}, {"sku": SKU, "quantity": 1}]}


async def buy_all_at_once(buyers: Sequence[Connection], body: Mapping[str, Any], *, round_name: str) -> list[Answer]:
    return await asyncio.gather(
        *(buyer.post("/v1/orders", body, key=f"{round_name}-{number}") for number, buyer in enumerate(buyers))
    )


def units_sold(answers: Sequence[Answer]) -> int:
    """Return how many units were sold; whoever got none must have been told so properly."""
    sold = 0
    for answer in answers:
        if answer.status == 201:
            sold += sum(line["quantity"] for line in answer.json["lines"])
        else:
            assert answer.status == 409, answer.body
            problem = answer.json
            assert problem["code"] == "insufficient_stock"
            assert [missing["sku"] for missing in problem["missing"]] == [SKU]
    return sold


async def give_back(buyers: Sequence[Connection], answers: Sequence[Answer]) -> None:
    """Cancel every order, every other one by its lines."""
    placed = [answer.json for answer in answers if answer.status == 201]
    wishes = [
        (f"/v1/orders/{one['id']}/cancel-order", {"reason": "changed_mind"})
        if number % 2
        else (
            f"/v1/orders/{one['id']}/cancel-lines",
            {"reason": "changed_mind", "lines": [{"line": line["line"]} for line in one["lines"]]},
        )
        for number, one in enumerate(placed)
    ]
    freed = await asyncio.gather(*(buyer.post(path, body) for buyer, (path, body) in zip(buyers, wishes, strict=False)))
    assert {answer.status for answer in freed} == {200}
    assert {answer.json["status"] for answer in freed} == {"canceled"}


async def test_200_buyers_get_exactly_the_10_units_there_are_and_freed_units_sell_again(
    database_url: str, tmp_path: Path, share: Callable[[int], int]
) -> None:
    async with (
        two_servers(database_url, tmp_path) as servers,
        connections(servers.ports, servers.key, BUYERS) as buyers,
    ):
        await open_shop_with(buyers[0], (SKU,), missing_stock="refuse")
        await receive(buyers[0], SKU, UNITS)
        for number in range(share(50)):
            answers = await buy_all_at_once(buyers, ONE_UNIT, round_name=f"round-{number}")
            assert units_sold(answers) == UNITS, f"in round {number}"
            assert await available(buyers[0], SKU) == 0
            await give_back(buyers, answers)
            assert await available(buyers[0], SKU) == UNITS


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize("body", [ONE_UNIT, TWO_LINES], ids=["one unit", "two lines"])
async def test_buyers_would_get_more_than_there_is_without_the_lock_on_stock(
    body: Mapping[str, Any], database_url: str, tmp_path: Path
) -> None:
    async with (
        two_servers(database_url, tmp_path, without="stock-lock") as servers,
        connections(servers.ports, servers.key, BUYERS) as buyers,
    ):
        await open_shop_with(buyers[0], (SKU,), missing_stock="refuse")
        for number in range(CONTROL_ROUNDS_MAX):
            await receive(buyers[0], SKU, UNITS)
            answers = await buy_all_at_once(buyers, body, round_name=f"round-{number}")
            if units_sold(answers) > UNITS:
                return
    pytest.fail(f"nothing was oversold in {CONTROL_ROUNDS_MAX} rounds: the test above proves nothing")


async def test_a_sku_on_two_lines_is_checked_on_the_sum(
    database_url: str, tmp_path: Path, share: Callable[[int], int]
) -> None:
    async with (
        two_servers(database_url, tmp_path) as servers,
        connections(servers.ports, servers.key, 50) as buyers,
    ):
        await open_shop_with(buyers[0], (SKU,), missing_stock="refuse")
        await receive(buyers[0], SKU, UNITS)
        for number in range(share(20)):
            answers = await buy_all_at_once(buyers, TWO_LINES, round_name=f"round-{number}")
            assert units_sold(answers) == 9, "three orders of three units, and one unit is left"
            refused = Counter(str(answer.json["missing"]) for answer in answers if answer.status == 409)
            assert str([{"sku": SKU, "requested": 3, "available": 1}]) in refused
            assert await available(buyers[0], SKU) == 1
            await give_back(buyers, answers)
