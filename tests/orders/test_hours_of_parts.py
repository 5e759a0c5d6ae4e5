"""Two parts of an order at one location: each keeps its own hour of the floor, and gives back no other."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import pytest
from tests.orders.living_shop import BUSY
from tests.scenario import CUTOFF, NOW, cart
from tests.small_shop import ADMIN, PATIENT, fold_order, load_order, open_for_business, order_of, receipt

from aftercart.kit.clock import SimulatedClock
from aftercart.orders.decisions.accept_split import AcceptSplit
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel
from aftercart.orders.decisions.hold_order import HoldOrder
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.model import CancellationReason, Order
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop

TOMORROW = CUTOFF + timedelta(days=1)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    async with open_shop(database_url, clock=SimulatedClock(NOW)) as shop:
        await open_for_business(shop, ["A", "B"], places=(BUSY,))
        yield shop


async def booked(shop: Shop) -> dict[datetime, int]:
    """Returns how many hours are booked on each truck of the floor."""
    rows = await shop.database.rows("SELECT at, booked FROM shipping.capacity ORDER BY at")
    return {at: sum(hours) for at, hours in rows if sum(hours)}


async def in_two_parts(shop: Shop) -> Order:
    """Returns an order of which A was handed over for the truck of today, and B lies ready for that of tomorrow."""
    await shop.submit(receipt("W1", {"A": 1}), ADMIN)
    order = order_of(await shop.submit(cart({"sku": "A"}, {"sku": "B"}, channel=PATIENT), ADMIN))
    await shop.submit(AcceptSplit(order_id=order.order_id), ADMIN)
    await shop.submit(ReleaseOrder(order_id=order.order_id), ADMIN)
    assert await booked(shop) == {CUTOFF: 1}
    assert isinstance(shop.clock, SimulatedClock)
    shop.clock.advance_to(CUTOFF + timedelta(minutes=5))
    await shop.submit(receipt("W1", {"B": 1}), ADMIN)
    order = order_of(await shop.submit(ReserveBackorder(order_id=order.order_id, sku="B"), SYSTEM))
    assert await booked(shop) == {CUTOFF: 1, TOMORROW: 1}
    return order


def without(order: Order, line: int) -> CancelLines:
    wish = LineToCancel(line=line)
    return CancelLines(order_id=order.order_id, lines=(wish,), reason=CancellationReason.OTHER)


async def test_the_hour_of_a_part_that_is_canceled_before_its_release_is_free_again(shop: Shop) -> None:
    order = await in_two_parts(shop)
    await shop.submit(without(order, 2), ADMIN)
    assert await booked(shop) == {CUTOFF: 1}


async def test_the_hour_of_a_part_that_is_held_is_free_while_it_is(shop: Shop) -> None:
    order = await in_two_parts(shop)
    await shop.submit(HoldOrder(order_id=order.order_id), ADMIN)
    assert await booked(shop) == {CUTOFF: 1}


async def test_parts_that_were_handed_over_one_after_the_other_keep_both_hours(shop: Shop) -> None:
    order = await in_two_parts(shop)
    await shop.submit(ReleaseOrder(order_id=order.order_id), ADMIN)
    assert await booked(shop) == {CUTOFF: 1, TOMORROW: 1}


async def test_what_is_handed_over_later_keeps_its_hour_when_the_first_part_is_canceled(shop: Shop) -> None:
    order = await in_two_parts(shop)
    await shop.submit(without(order, 1), ADMIN)
    assert await booked(shop) == {TOMORROW: 1}
    assert await load_order(shop, order.order_id) == await fold_order(shop, order.order_id)
