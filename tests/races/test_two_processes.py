"""Two processes do everything at once to the same few SKUs and orders: no deadlock, no mismatch, no gap."""

import random
from collections.abc import Callable

import pytest
from tests.races.processes import deadlocks_in, find_deadlocks_soon, run_together
from tests.races.rush import HOT, Done
from tests.small_shop import ADMIN, open_for_business, receipt

from aftercart.shop import open_shop
from aftercart.views.audit import audit

PROCESSES = 2
CONTROL_SECONDS = 3
CONTROL_ROUNDS = 10

pytestmark = pytest.mark.anyio


async def rush(url: str, *, seconds: float, seed: int, broken: tuple[str, ...] = ("", "")) -> list[Done]:
    """Opens the shop and lets one process for each part in ``broken`` rush over it."""
    find_deadlocks_soon(url)
    async with open_shop(url) as shop:
        await open_for_business(shop, HOT)
        for place in ("W1", "W2"):
            await shop.submit(receipt(place, dict.fromkeys(HOT, 30)), ADMIN)
    given = [(url, str(seconds), str(seed + number), part) for number, part in enumerate(broken)]
    return await run_together("tests.races.rush", given)


async def test_two_processes_rush_without_a_deadlock_a_mismatch_or_a_gap(
    database_url: str, share: Callable[[int], int]
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    done = await rush(database_url, seconds=share(60), seed=seed)
    told = f"seed {seed}: {[one.counts for one in done]}"
    assert deadlocks_in(database_url) == 0, told
    assert [one.faults for one in done] == [0] * PROCESSES, told
    assert all(one.accepted > 20 * share(60) for one in done), told
    assert audit(database_url).failed == (), told


async def test_control_a_process_that_locks_in_another_order_deadlocks(unaudited_url: str) -> None:
    # On a busy machine a short rush may miss it, so it gets several chances.
    for seed in range(CONTROL_ROUNDS):
        await rush(unaudited_url, seconds=CONTROL_SECONDS, seed=seed, broken=("", "lock-order"))
        if deadlocks_in(unaudited_url):
            return
    pytest.fail(f"no deadlock in {CONTROL_ROUNDS} rushes")


async def test_control_a_process_that_does_not_lock_stock_leaves_a_mismatch(unaudited_url: str) -> None:
    await rush(unaudited_url, seconds=CONTROL_SECONDS, seed=1, broken=("", "no-stock-locks"))
    assert audit(unaudited_url).failed != ()
