"""Orders as the bus keeps them: whole, once per reference, and served from wherever there is stock."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import psycopg
import pytest
from tests.scenario import LYON, NOW, ORDER_ID, STORE, TO_PARIS, cart, eur, location, units
from tests.small_shop import ADMIN, PATIENT, fold_order, load_order, open_for_business, order_of, receipt

from aftercart.inventory.model import Stage
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Actor, VersionMismatch
from aftercart.kit.ids import SeededIds
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.cancel_order import CancelOrder, ExpirePaymentHold, NotDueAnymore
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.hold_order import HoldOrder
from aftercart.orders.decisions.lift_hold import LiftHold
from aftercart.orders.decisions.place_order import ReferenceAlreadyUsed
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.handlers import OrderNotFound
from aftercart.orders.model import CancellationReason, Status
from aftercart.orders.rules.holds import PAYMENT_WAIT
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop
from aftercart.sourcing.model import LosingReason

INTEGRATOR = Actor(name="erp", role="integrator")
PLACES = (STORE, *(location(f"W{number}") for number in range(1, 6)))
TAKE_THE_BEST = """
    UPDATE inventory.stock SET on_hand = 0 WHERE location IN ('W1', 'W2', 'W3') AND sku = 'A'
"""
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def shop(database_url: str, clock: SimulatedClock) -> AsyncGenerator[Shop]:
    async with open_shop(database_url, clock=clock, ids=SeededIds(3)) as shop:
        await open_for_business(shop, ["A", "B"], places=PLACES)
        yield shop


async def test_an_order_with_everything_is_loaded_and_folded_as_it_was_placed(shop: Shop) -> None:
    await shop.submit(receipt("W1", {"A": 5, "B": 1}), ADMIN)
    wish = cart(
        {"sku": "A", "quantity": 2, "unit_price": eur(333), "discount": eur(100), "gift_message": "Zoë 🎁 \\ \"'\n"},
        {"sku": "B", "quantity": 3},
        {"sku": "A", "quantity": 1},
        channel=PATIENT,
        reference="WEB 1/é",
        customer={"email": "a@b.fr", "name": "Åsa \\u0041", "locale": "en-GB", "phone": "+33 1 23 45"},
        billing_address=TO_PARIS | {"line2": "bât. B"},
        delivery={
            "method": "mondial-relay-point",
            "pickup_point": "P-1",
            "price": eur(1),
            "promised_date": "2026-03-09",
        },
        payment={"method": "card", "authorized": eur(1)},
        placed_at="2026-03-01T10:00:00.123456+01:00",
    )
    placed = order_of(await shop.submit(wish, INTEGRATOR))
    assert await load_order(shop, placed.order_id) == placed
    assert await fold_order(shop, placed.order_id) == placed
    assert placed.status is Status.AWAITING_PAYMENT
    assert placed.units == units("1 A W1 reserved 2", "2 B W1 backordered 2", "2 B W1 reserved 1", "3 A W1 reserved 1")


async def test_an_order_collected_in_a_store_is_served_by_that_store(shop: Shop) -> None:
    await shop.submit(receipt("S1", {"A": 1}), ADMIN)
    await shop.submit(receipt("W1", {"A": 9}), ADMIN)
    wish = cart(delivery={"method": "store-pickup", "pickup_point": "S1"})
    assert order_of(await shop.submit(wish, ADMIN)).units == units("1 A S1 reserved 1")


async def test_a_reference_is_used_once_in_its_channel(shop: Shop) -> None:
    await shop.submit(receipt("W1", {"A": 9}), ADMIN)
    wish = cart(reference="R")
    first = order_of(await shop.submit(wish, ADMIN))
    again = await shop.submit(wish, ADMIN)
    assert f'"order_id":"{first.order_id}"' in again.result.decode()
    with pytest.raises(ReferenceAlreadyUsed) as refused:
        await shop.submit(cart({"sku": "A", "quantity": 2}, reference="R"), ADMIN)
    assert refused.value.values == {"reference": "R", "number": first.number}
    other_channel = order_of(await shop.submit(cart(reference="R", channel=PATIENT), ADMIN))
    assert other_channel.order_id != first.order_id


async def test_a_reference_is_used_once_even_within_a_batch(shop: Shop) -> None:
    await shop.submit(receipt("W1", {"A": 9}), ADMIN)
    wishes = [cart(reference="R"), cart(reference="R"), cart({"sku": "A", "quantity": 2}, reference="R")]
    first, same, other = await asyncio.gather(*(shop.submit(wish, ADMIN) for wish in wishes), return_exceptions=True)
    assert getattr(first, "result", None) == getattr(same, "result", "")
    assert isinstance(other, ReferenceAlreadyUsed)


async def test_only_an_integrator_says_when_an_order_was_placed(shop: Shop) -> None:
    await shop.submit(receipt("W1", {"A": 9}), ADMIN)
    wish = cart(placed_at=NOW - timedelta(days=1))
    with pytest.raises(Invalid):
        await shop.submit(wish, ADMIN)
    assert order_of(await shop.submit(wish, INTEGRATOR)).placed_at == NOW - timedelta(days=1)


async def test_an_unknown_order_and_a_stale_version_are_refused(shop: Shop) -> None:
    await shop.submit(receipt("W1", {"A": 9}), ADMIN)
    order = order_of(await shop.submit(cart(), ADMIN))
    command = ChangeDeliveryAddress(order_id=order.order_id, address=LYON)
    with pytest.raises(OrderNotFound):
        await shop.submit(ChangeDeliveryAddress(order_id=ORDER_ID, address=LYON), ADMIN)
    with pytest.raises(VersionMismatch):
        await shop.submit(command, ADMIN, expected_version=2)
    assert order_of(await shop.submit(command, ADMIN, expected_version=1)).version == 2


async def test_an_unpaid_order_is_canceled_once_and_its_stock_sells_again(shop: Shop, clock: SimulatedClock) -> None:
    await shop.submit(receipt("W1", {"A": 1}), ADMIN)
    unpaid = order_of(await shop.submit(cart(payment={"method": "card", "authorized": eur(0)}), ADMIN))
    expire = ExpirePaymentHold(order_id=unpaid.order_id, due_at=NOW + PAYMENT_WAIT)
    with pytest.raises(NotDueAnymore):
        await shop.submit(expire, SYSTEM)
    clock.advance_to(NOW + PAYMENT_WAIT)
    assert order_of(await shop.submit(expire, SYSTEM)).status is Status.CANCELED
    with pytest.raises(NotDueAnymore):
        await shop.submit(expire, SYSTEM)
    assert order_of(await shop.submit(cart(), ADMIN)).status is Status.CONFIRMED


async def test_of_many_places_the_three_best_are_looked_at_closely_and_the_others_kept_as_such(shop: Shop) -> None:
    for place, there in (("W1", 1), ("W2", 3), ("W3", 3), ("W4", 3), ("W5", 1)):
        await shop.submit(receipt(place, {"A": there}), ADMIN)
    order = order_of(await shop.submit(cart({"sku": "A", "quantity": 3}), ADMIN))
    assert order.units == units("1 A W2 reserved 3")
    assert {losing.location: losing.reason for losing in order.sourcing.losing} == {
        "W3": LosingReason.LATER_IN_ORDER,
        "W4": LosingReason.LATER_IN_ORDER,
        "W1": LosingReason.NOT_AMONG_BEST,
        "W5": LosingReason.NOT_AMONG_BEST,
    }


async def test_when_the_best_places_sell_out_behind_the_scout_the_others_serve(shop: Shop, database_url: str) -> None:
    for place in ("W1", "W2", "W3", "W4", "W5"):
        await shop.submit(receipt(place, {"A": 2}), ADMIN)
    async with await psycopg.AsyncConnection.connect(database_url) as thief:
        await thief.execute(TAKE_THE_BEST)
        asked = asyncio.create_task(shop.submit(cart({"sku": "A", "quantity": 4}), ADMIN))
        async with asyncio.timeout(20):
            while (await shop.database.rows(WAITING))[0][0] == 0:
                pass
        # What the thief takes is in the ledger, so that the audit finds nothing missing.
        await thief.execute(
            "INSERT INTO inventory.movements (sku, location, quantity, kind, reference, document)"
            " SELECT sku, location, -2, 'adjustment', 'thief', document FROM inventory.movements"
            " WHERE location IN ('W1', 'W2', 'W3')"
        )
        await thief.commit()
    assert order_of(await asked).units == units("1 A W4 reserved 2", "1 A W5 reserved 2")


async def test_a_large_order_that_is_released_goes_to_another_address(shop: Shop) -> None:
    skus = [f"LARGE-{number}" for number in range(12)]
    await open_for_business(shop, skus, places=PLACES)
    await shop.submit(receipt("W1", dict.fromkeys(skus, 1)), ADMIN)
    placed = order_of(await shop.submit(cart(*({"sku": sku} for sku in skus)), ADMIN))
    await shop.submit(ReleaseOrder(order_id=placed.order_id), ADMIN)
    moved = ChangeDeliveryAddress(order_id=placed.order_id, address=LYON)
    changed = order_of(await shop.submit(moved, ADMIN))
    assert changed.delivery.address is not None
    assert changed.delivery.address.city == "Lyon"
    assert {entry.stage for entry in changed.units} == {Stage.RELEASED}


async def test_a_batch_sees_what_it_did_itself(shop: Shop) -> None:
    await shop.submit(receipt("W1", {"A": 1}), ADMIN)
    first = order_of(await shop.submit(cart(), ADMIN))
    canceled, placed = await asyncio.gather(
        shop.submit(CancelOrder(order_id=first.order_id, reason=CancellationReason.OTHER), ADMIN),
        shop.submit(cart(), ADMIN),
    )
    assert order_of(canceled).units == units("1 A W1 canceled 1")
    assert order_of(placed).units == units("1 A W1 reserved 1")


async def test_behind_a_long_queue_an_order_gets_the_first_truck_that_is_not_full(shop: Shop) -> None:
    narrow = location("W9", opens="13:00", hourly_capacity_orders=1)
    await open_for_business(shop, ["A"], places=(narrow,))
    await shop.submit(receipt("W9", {"A": 30}), ADMIN)
    held = order_of(await shop.submit(cart(), ADMIN))
    await shop.submit(HoldOrder(order_id=held.order_id), ADMIN)
    queue = [order_of(await shop.submit(cart(), ADMIN)) for _ in range(15)]
    lifted = order_of(await shop.submit(LiftHold(order_id=held.order_id), ADMIN))
    trucks = [booking.at for order in (*queue, lifted) for booking in order.bookings]
    assert len(set(trucks)) == 16
    assert trucks == sorted(trucks)


async def test_an_order_may_be_kept_for_at_many_busy_floors(shop: Shop, clock: SimulatedClock) -> None:
    floors = tuple(location(f"W{number}", hourly_capacity_orders=1) for number in range(1, 13))
    await open_for_business(shop, ["A"], places=floors)
    for floor in floors:
        await shop.submit(receipt(floor.code, {"A": 1}), ADMIN)
    placed = order_of(await shop.submit(cart({"sku": "A", "quantity": len(floors)}), ADMIN))
    await shop.submit(HoldOrder(order_id=placed.order_id), ADMIN)
    clock.advance_to(NOW + timedelta(days=2))
    lifted = order_of(await shop.submit(LiftHold(order_id=placed.order_id), ADMIN))
    assert {one.resource for one in lifted.bookings} == {f"floor:{floor.code}" for floor in floors}
