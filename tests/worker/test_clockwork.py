"""What the clock asks for: an order whose payment never comes is canceled, once, and not a moment early."""

from datetime import timedelta

import msgspec
import pytest
from tests.worker.builders import ADMIN, NOW, SKU, VARIANT, place, receive, small_shop, statuses

from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.kit.clock import SimulatedClock
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.cancel_order import ExpirePaymentHold, NotDueAnymore
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.start_production import StartProduction
from aftercart.orders.model import Order
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop
from aftercart.worker import clockwork as module
from aftercart.worker.clockwork import AGAIN_MIN, Clockwork

WEEK = timedelta(days=7)


async def test_an_order_that_is_not_paid_for_is_canceled_when_its_hold_ends(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        assert isinstance(shop.clock, SimulatedClock)
        await receive(shop, 1)
        order = await place(shop, authorized=0)
        clockwork = Clockwork(shop)
        shop.clock.advance_to(NOW + WEEK - timedelta(seconds=1))
        assert await clockwork.turn() == 0
        assert await statuses(shop, (order,)) == ["awaiting_payment"]
        shop.clock.advance_to(NOW + WEEK)
        assert await clockwork.turn() == 1
        assert await statuses(shop, (order,)) == ["canceled"]
        assert await clockwork.turn() == 0
        assert await shop.database.rows("SELECT sum(reserved)::int FROM inventory.stock") == [(0,)]


async def test_a_deadline_that_was_settled_meanwhile_refuses(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await receive(shop, 2)
        order = await place(shop, quantity=2, authorized=9000)
        due_at = NOW + WEEK
        await shop.submit(ChangeLineQuantity(order_id=order.order_id, line=1, quantity=1), ADMIN)
        with pytest.raises(NotDueAnymore):
            await shop.submit(ExpirePaymentHold(order_id=order.order_id, due_at=due_at), SYSTEM, now=due_at)
        assert await statuses(shop, (order,)) == ["confirmed"]


async def test_an_unpaid_order_that_is_being_made_is_looked_at_once(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        made = VARIANT | {"sku": "BOOT-MADE", "kind": "made_to_order", "production_days": 5}
        await shop.submit(msgspec.convert({"variants": [made]}, UpsertVariants), ADMIN)
        await receive(shop, 2)
        order = await place(shop, authorized=18_000)
        await shop.submit(AddLine(order_id=order.order_id, sku="BOOT-MADE", quantity=1), ADMIN)
        await shop.submit(StartProduction(order_id=order.order_id, line=2), ADMIN)
        await shop.submit(AddLine(order_id=order.order_id, sku=SKU, quantity=1), ADMIN)
        clockwork = Clockwork(shop)
        _advance(shop, WEEK)
        assert await clockwork.turn() == 1
        held = await shop.database.rows("SELECT holds -> 0 ->> 'reason', hold_expires_at FROM orders.orders")
        assert held == [("payment", None)]
        told = await shop.database.rows("SELECT type FROM kit.event_log ORDER BY position DESC LIMIT 1")
        assert told == [("OrderHeld",)]
        assert await clockwork.turn() == 0


async def test_a_deadline_that_fails_stops_no_other_and_is_tried_again_later(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        broken, sound = await place(shop, authorized=0), await place(shop, authorized=0)
        await _break(shop, broken)
        clockwork = Clockwork(shop)
        _advance(shop, WEEK)
        assert await clockwork.turn() == 1
        assert await statuses(shop, (broken, sound)) == ["awaiting_payment", "canceled"]
        await _mend(shop, broken)
        _advance(shop, WEEK + AGAIN_MIN - timedelta(seconds=1))
        assert await clockwork.turn() == 0
        _advance(shop, WEEK + AGAIN_MIN)
        assert await clockwork.turn() == 1
        assert await statuses(shop, (broken, sound)) == ["canceled", "canceled"]


async def test_a_deadline_that_keeps_failing_is_tried_less_and_less(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        order = await place(shop, authorized=0)
        await _break(shop, order)
        clockwork = Clockwork(shop)
        for after in (timedelta(0), AGAIN_MIN):
            _advance(shop, WEEK + after)
            assert await clockwork.turn() == 0
        await _mend(shop, order)
        _advance(shop, WEEK + 3 * AGAIN_MIN - timedelta(seconds=1))
        assert await clockwork.turn() == 0
        _advance(shop, WEEK + 3 * AGAIN_MIN)
        assert await clockwork.turn() == 1


async def test_deadlines_that_fail_leave_room_for_the_others(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DUE_MAX", 1)
    async with small_shop(database_url) as shop:
        broken = [await place(shop, authorized=0) for _ in range(2)]
        for order in broken:
            await _break(shop, order)
        _advance(shop, timedelta(hours=1))
        sound = await place(shop, authorized=0)
        clockwork = Clockwork(shop)
        _advance(shop, timedelta(hours=1) + WEEK)
        assert [await clockwork.turn() for _ in range(3)] == [0, 0, 1]
        assert await statuses(shop, (sound,)) == ["canceled"]
        for order in broken:
            await _mend(shop, order)


def _advance(shop: Shop, after: timedelta) -> None:
    assert isinstance(shop.clock, SimulatedClock)
    shop.clock.advance_to(NOW + after)


async def _break(shop: Shop, order: Order) -> None:
    """Makes whatever is asked of an order fail: it cannot be read any more."""
    async with shop.database.connection() as connection:
        await connection.execute(
            "UPDATE orders.orders SET payment = jsonb_build_object('broken', payment) WHERE order_id = %(order_id)s",
            {"order_id": order.order_id},
        )


async def _mend(shop: Shop, order: Order) -> None:
    async with shop.database.connection() as connection:
        await connection.execute(
            "UPDATE orders.orders SET payment = payment -> 'broken' WHERE order_id = %(order_id)s",
            {"order_id": order.order_id},
        )
