"""What the state machines of orders run on."""

import asyncio
from collections.abc import Generator
from contextlib import AsyncExitStack

import pytest
import uvloop
from tests.orders.hands import open_shop_with_hands
from tests.orders.living_order import Run, World
from tests.scenario import NOW

from aftercart.kit.clock import SimulatedClock
from aftercart.kit.ids import SeededIds


@pytest.fixture
def run() -> Generator[Run]:
    """Runs coroutines on a loop that lives as long as the test."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield runner.run


@pytest.fixture
def world(database_url: str, run: Run) -> Generator[World]:
    """A shop on a database of its own, whose clock stands still until it is moved."""
    stack = AsyncExitStack()
    clock = SimulatedClock(NOW)
    shop = run(stack.enter_async_context(open_shop_with_hands(database_url, clock=clock, ids=SeededIds(1))))
    yield World(run, shop, clock)
    run(stack.aclose())
