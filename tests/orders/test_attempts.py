"""How often a decision has to run: what it looks at is named before, so that a rush costs one attempt an order."""

from collections.abc import AsyncGenerator

import msgspec
import pytest
from tests.scenario import NOW, cart, location
from tests.small_shop import ADMIN, PATIENT, open_for_business, order_of, receipt

from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Actor, Command
from aftercart.kit.ids import SeededIds
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.model import Order
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop

ONE_AN_HOUR = (location("W1", hourly_capacity_orders=1), location("W2", hourly_capacity_orders=1))

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    async with open_shop(database_url, clock=SimulatedClock(NOW), ids=SeededIds(3)) as shop:
        await open_for_business(shop, ["A", "B", "C"], places=ONE_AN_HOUR)
        await shop.submit(receipt("W1", {"A": 50}), ADMIN)
        yield shop


async def attempts(shop: Shop, command: Command, actor: Actor) -> tuple[int, Order]:
    before = shop.bus.batches
    answer = await shop.submit(command, actor)
    return shop.bus.batches - before, order_of(answer)


async def test_an_order_that_passes_over_full_trucks_is_decided_once(shop: Shop) -> None:
    trucks: list[object] = []
    needed: list[int] = []
    for _ in range(20):
        count, order = await attempts(shop, cart(), ADMIN)
        assert order.delivery.promise is not None
        trucks.append(order.delivery.promise.trucks[0].at)
        needed.append(count)
    assert len(set(trucks)) > 2
    # The first order of a truck makes the row on which its hours are counted.
    firsts = {trucks.index(truck) for truck in trucks}
    assert {count for place, count in enumerate(needed) if place not in firsts} == {1}


async def test_an_order_that_gets_a_part_of_what_it_waits_for_is_decided_once(shop: Shop) -> None:
    supply = {
        "reference": "PO-1",
        "location": "W2",
        "expected_date": "2026-03-09",
        "lines": [{"sku": "B", "quantity": 9}, {"sku": "C", "quantity": 9}],
    }
    await shop.submit(msgspec.convert({"supplies": [supply]}, UpsertSupply), ADMIN)
    wish = cart({"sku": "A"}, {"sku": "B"}, {"sku": "C"}, channel=PATIENT)
    waiting = [order_of(await shop.submit(wish, ADMIN)) for _ in range(3)]
    await shop.submit(receipt("W2", {"B": 9}), ADMIN)
    for order in waiting:
        assert order.delivery.promise is not None
        needed, served = await attempts(shop, ReserveBackorder(order_id=order.order_id, sku="B"), SYSTEM)
        assert served.units != order.units
        assert served.delivery == order.delivery
        assert needed == 1
