"""What lies in hand is taken back over the bus: previewed, guarded by its quote, and held until it is put back."""

from collections.abc import AsyncGenerator

import pytest
from tests.orders.hands import MoveOn, open_shop_with_hands
from tests.scenario import NOW, cart, moves
from tests.small_shop import ADMIN, find_stock, open_for_business, order_of, receipt

from aftercart.fulfillment.decisions.finish_preparing import FinishPreparing
from aftercart.fulfillment.decisions.put_units_back import PutUnitsBack
from aftercart.fulfillment.decisions.reopen_parcel import ReopenParcel
from aftercart.fulfillment.decisions.unpack_item import UnpackItem
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import QuoteChanged
from aftercart.kit.ids import SeededIds
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.model import CancellationReason, Order, Status
from aftercart.orders.rules.change_refusals import UnitsAlreadyTouched
from aftercart.orders.rules.consequences import Consequences, Intercepted
from aftercart.shop import Shop

OTHER = CancellationReason.OTHER

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    async with open_shop_with_hands(database_url, clock=SimulatedClock(NOW), ids=SeededIds(5)) as shop:
        await open_for_business(shop, ["A", "B"])
        await shop.submit(receipt("W1", {"A": 10, "B": 10}), ADMIN)
        yield shop


async def released(shop: Shop) -> Order:
    """Returns an order of three A and one B that lies with the floor."""
    placed = order_of(await shop.submit(cart({"sku": "A", "quantity": 3}, {"sku": "B"}), ADMIN))
    return order_of(await shop.submit(ReleaseOrder(order_id=placed.order_id), ADMIN))


async def by_hand(shop: Shop, order: Order, *entries: str) -> Order:
    return order_of(await shop.submit(MoveOn(order_id=order.order_id, moves=moves(*entries)), ADMIN))


async def test_what_is_intercepted_is_free_again_when_it_is_put_back(shop: Shop) -> None:
    order = await by_hand(shop, await released(shop), "1 A W1 released>picked 3")
    await shop.submit(FinishPreparing(order_id=order.order_id, location="W1"), ADMIN)
    wish = CancelLines(order_id=order.order_id, lines=(LineToCancel(line=1, quantity=3),), reason=OTHER)
    preview = await shop.preview(wish, ADMIN)
    assert isinstance(preview.consequences, Consequences)
    assert preview.consequences.intercepted == (Intercepted(line=1, quantity=3),)
    fewer = order_of(await shop.submit(wish, ADMIN, quote=preview.quote))
    assert (fewer.total_minor, fewer.status) == (1000, Status.RELEASED)
    assert (await find_stock(shop, "A", "W1")).reserved == 3
    await shop.submit(ReopenParcel(order_id=order.order_id, parcel=1), ADMIN)
    await shop.submit(UnpackItem(order_id=order.order_id, parcel=1, sku="A", quantity=3), ADMIN)
    back = PutUnitsBack(order_id=order.order_id, location="W1", sku="A", quantity=3)
    put_back = order_of(await shop.submit(back, ADMIN))
    assert put_back.total_minor == fewer.total_minor
    assert (await find_stock(shop, "A", "W1")).reserved == 0


async def test_a_hand_that_is_faster_than_the_confirmation_changes_the_quote(shop: Shop) -> None:
    order = await released(shop)
    wish = CancelOrder(order_id=order.order_id, reason=OTHER)
    before = await shop.preview(wish, ADMIN)
    await by_hand(shop, order, "2 B W1 released>picked 1")
    with pytest.raises(QuoteChanged) as moved:
        await shop.submit(wish, ADMIN, quote=before.quote)
    told = moved.value.values["consequences"]
    assert isinstance(told, Consequences)
    assert told.intercepted == (Intercepted(line=2, quantity=1),)
    canceled = order_of(await shop.submit(wish, ADMIN, quote=str(moved.value.values["quote"])))
    assert canceled.status is Status.CANCELED
    assert {stock.reserved for stock in [await find_stock(shop, sku, "W1") for sku in "AB"]} == {0, 1}


async def test_a_change_that_comes_too_late_is_told_when_hands_began(shop: Shop) -> None:
    order = await by_hand(shop, await released(shop), "2 B W1 released>picked 1")
    await shop.submit(FinishPreparing(order_id=order.order_id, location="W1"), ADMIN)
    assert order.delivery.address is not None
    wish = ChangeDeliveryAddress(order_id=order.order_id, address=order.delivery.address)
    with pytest.raises(UnitsAlreadyTouched) as late:
        await shop.submit(wish, ADMIN)
    assert late.value.values == {"number": order.number, "line": 2, "stage": "packed", "touched_at": NOW}
