"""What the clock asks for: an order whose payment never comes is canceled, once, and not a moment early."""

from datetime import timedelta

import pytest
from tests.worker.builders import ADMIN, NOW, place, receive, small_shop, statuses

from aftercart.kit.clock import SimulatedClock
from aftercart.orders.decisions.cancel_order import ExpirePaymentHold, NotDueAnymore
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.permissions import SYSTEM
from aftercart.worker.clockwork import Clockwork

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
