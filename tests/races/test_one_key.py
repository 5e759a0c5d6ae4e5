"""One key, fifty times at once through two buses: one order, and every answer is that order or says: not yet."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import msgspec
import pytest
from tests.races.buyers import Outcome, outcome, stock_of, two_shops
from tests.scenario import cart
from tests.small_shop import ADMIN, open_for_business, receipt

from aftercart.kit.commands import Answer, IdempotencyKeyInFlight
from aftercart.orders.handlers import OrderRef

CALLS = 50

pytestmark = pytest.mark.anyio


async def ask_at_once(url: str, *, rounds: int, one_key: bool) -> list[list[Outcome]]:
    """Returns the outcomes of each round; without ``one_key`` every call has a key of its own (the control)."""
    async with two_shops(url) as shops:
        await open_for_business(shops[0], ["A"])
        await shops[0].submit(receipt("W1", {"A": 10_000}), ADMIN)
        told: list[list[Outcome]] = []
        for number in range(rounds):
            keys = [f"round-{number}" if one_key else f"round-{number}-{call}" for call in range(CALLS)]
            asked = (outcome(shops[call % 2].submit(cart(), ADMIN, key=key)) for call, key in enumerate(keys))
            told.append(await asyncio.gather(*asked))
        _, reserved = await stock_of(shops[0], "A")
        assert reserved == sum(len(orders_of(outcomes)) for outcomes in told)
        return told


def orders_of(outcomes: list[Outcome]) -> set[UUID]:
    answers = (one for one in outcomes if isinstance(one, Answer))
    return {msgspec.json.decode(answer.result, type=OrderRef).order_id for answer in answers}


async def test_one_key_fifty_times_at_once_is_one_order(database_url: str, share: Callable[[int], int]) -> None:
    for outcomes in await ask_at_once(database_url, rounds=share(50), one_key=True):
        assert len(orders_of(outcomes)) == 1
        assert {type(one) for one in outcomes} <= {Answer, IdempotencyKeyInFlight}
        assert sum(isinstance(one, Answer) and not one.replayed for one in outcomes) == 1


async def test_control_fifty_keys_are_fifty_orders(database_url: str) -> None:
    (outcomes,) = await ask_at_once(database_url, rounds=1, one_key=False)
    assert len(orders_of(outcomes)) == CALLS


async def test_one_reference_fifty_times_at_once_is_one_order(database_url: str, share: Callable[[int], int]) -> None:
    async with two_shops(database_url) as shops:
        await open_for_business(shops[0], ["A"])
        await shops[0].submit(receipt("W1", {"A": 10_000}), ADMIN)
        for number in range(share(50)):
            wish = cart(reference=f"WEB-{number}")
            asked = (outcome(shops[call % 2].submit(wish, ADMIN)) for call in range(CALLS))
            outcomes = await asyncio.gather(*asked)
            assert {type(one) for one in outcomes} == {Answer}
            assert len(orders_of(outcomes)) == 1
        assert (await stock_of(shops[0], "A"))[1] == share(50)
