"""Two hundred buyers want the last ten units at once: ten get one, and what is given back sells again."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from tests.races.buyers import buy, give_back, stock_of, two_shops, without_stock_locks
from tests.small_shop import ADMIN, open_for_business, receipt

from aftercart.orders.rules import stock_for_lines
from aftercart.sourcing.model import Candidate, Demand, SourcingPlan
from aftercart.sourcing.rules.candidates import Available
from aftercart.sourcing.rules.plan import plan_sourcing

BUYERS = 200
UNITS = 10
ONE = [{"sku": "A"}]
ON_TWO_LINES = [{"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 2}]

pytestmark = pytest.mark.anyio


async def test_exactly_ten_of_two_hundred_buyers_get_one_and_freed_units_sell_again(
    database_url: str, share: Callable[[int], int]
) -> None:
    async with two_shops(database_url) as shops:
        await open_for_business(shops[0], ["A"])
        for round_number in range(1, share(50) + 1):
            await shops[0].submit(receipt("W1", {"A": 4}), ADMIN)
            await shops[0].submit(receipt("W2", {"A": UNITS - 4}), ADMIN)
            sold = await buy(shops, buyers=BUYERS, lines=ONE)
            assert len(sold) == UNITS
            assert await stock_of(shops[0], "A") == (UNITS * round_number, UNITS * round_number)
            await give_back(shops, sold[:3])
            assert len(await buy(shops, buyers=BUYERS // 4, lines=ONE)) == 3
            await give_back(shops, sold[3:])
            rest = await buy(shops, buyers=BUYERS // 4, lines=ONE)
            assert len(rest) == UNITS - 3


async def test_control_without_locks_on_stock_more_is_sold_than_there_is(unaudited_url: str) -> None:
    async with two_shops(unaudited_url, without_stock_locks) as shops:
        await open_for_business(shops[0], ["A"])
        for _ in range(50):
            await shops[0].submit(receipt("W1", {"A": UNITS}), ADMIN)
            sold = await buy(shops, buyers=BUYERS, lines=ONE)
            on_hand, reserved = await stock_of(shops[0], "A")
            if len(sold) > UNITS or reserved != on_hand:
                return
    pytest.fail("the control did not sell too much in fifty rounds")


async def test_one_sku_on_two_lines_is_sold_as_long_as_both_lines_can_be_served(
    database_url: str, share: Callable[[int], int]
) -> None:
    async with two_shops(database_url) as shops:
        await open_for_business(shops[0], ["A"])
        for round_number in range(1, share(50) + 1):
            await shops[0].submit(receipt("W1", {"A": UNITS}), ADMIN)
            there, reserved = await stock_of(shops[0], "A")
            sold = await buy(shops, buyers=BUYERS // 4, lines=ON_TWO_LINES)
            assert len(sold) == (there - reserved) // 3
            assert await stock_of(shops[0], "A") == (UNITS * round_number, reserved + 3 * len(sold))


async def test_control_looking_at_each_line_alone_sells_what_is_not_there(
    unaudited_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plan_each_alone(
        demands: Sequence[Demand], candidates: Sequence[Candidate], available: Available, **rest: Any
    ) -> SourcingPlan:
        plans = [plan_sourcing((one,), candidates, available, **rest) for one in demands]
        return SourcingPlan(
            allocations=tuple(allocation for plan in plans for allocation in plan.allocations),
            missing=tuple(demand for plan in plans for demand in plan.missing),
            sourcing=plans[0].sourcing,
        )

    monkeypatch.setattr(stock_for_lines, "plan_sourcing", plan_each_alone)
    async with two_shops(unaudited_url) as shops:
        await open_for_business(shops[0], ["A"])
        # Three orders leave two units: enough for either line, not for both.
        await shops[0].submit(receipt("W1", {"A": UNITS + 1}), ADMIN)
        await buy(shops, buyers=BUYERS // 4, lines=ON_TWO_LINES)
        on_hand, reserved = await stock_of(shops[0], "A")
        assert reserved > on_hand
