"""Builders of waves who want the same orders at once: no order's work is ever on two lists."""

import asyncio
from contextlib import AsyncExitStack
from uuid import UUID

import msgspec
import psycopg
import pytest
from tests.scenario import NOW, W1, cart
from tests.small_shop import ADMIN, open_for_business, receipt

from aftercart.app import registry
from aftercart.fulfillment.decisions.create_pick_list import CreatePickList
from aftercart.fulfillment.model import AssignmentKey
from aftercart.fulfillment.rules.floor_refusals import NoWorkToAssign
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.command_bus import CommandBus
from aftercart.kit.commands import Answer, Fault, Registry
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.picking import build_wave, create_list
from aftercart.shop import Shop, open_shop
from aftercart.views.work_to_assign import WorkFilter

pytestmark = pytest.mark.anyio

ORDERS = 60
BUILDERS = 3
AT_W1 = WorkFilter(location="W1")
TWICE = """
    SELECT count(*) FROM (
        SELECT 1 FROM fulfillment.assignments WHERE NOT ended GROUP BY order_id, location HAVING count(*) > 1) AS t
"""
ASSIGNED = "SELECT count(*) FROM fulfillment.assignments WHERE NOT ended"


async def released_orders(shop: Shop, count: int = ORDERS) -> list[UUID]:
    await open_for_business(shop, ["A", "B"], places=(W1,))
    await shop.submit(receipt("W1", {"A": 1_000, "B": 1_000}), ADMIN)
    carts = [cart({"sku": "A"}, {"sku": "B"}) if number % 2 else cart({"sku": "A"}) for number in range(count)]
    placed = await asyncio.gather(*(shop.submit(one, ADMIN) for one in carts))
    ids = [UUID(msgspec.json.decode(answer.result)["order_id"]) for answer in placed]
    await asyncio.gather(*(shop.submit(ReleaseOrder(order_id=order_id), ADMIN) for order_id in ids))
    return ids


async def shops(stack: AsyncExitStack, url: str) -> list[Shop]:
    """Several processes are several buses on one database."""
    clock = SimulatedClock(NOW)
    return [await stack.enter_async_context(open_shop(url, clock=clock)) for _ in range(BUILDERS)]


async def test_two_who_build_at_once_never_put_an_order_on_two_lists(database_url: str) -> None:
    async with AsyncExitStack() as stack:
        several = await shops(stack, database_url)
        await released_orders(several[0])
        built = await asyncio.gather(
            *(build_wave(shop, ADMIN, AT_W1, orders_max=7, limit=ORDERS, key=None) for shop in several),
            *(create_list(shop, ADMIN, AT_W1, orders_max=5, key=None) for shop in several),
            return_exceptions=True,
        )
        assert all(isinstance(one, str | tuple | NoWorkToAssign) for one in built), built
        assert await several[0].database.rows(TWICE) == [(0,)]
        assert await several[0].database.rows(ASSIGNED) == [(ORDERS,)]


async def test_builders_without_the_lock_are_stopped_by_the_database(unaudited_url: str) -> None:
    assert await assigned_twice(unaudited_url) == 0


async def test_builders_without_lock_and_index_are_caught(unaudited_url: str) -> None:
    with psycopg.connect(unaudited_url, autocommit=True) as connection:
        connection.execute("DROP INDEX fulfillment.work_is_on_one_list")
    assert await assigned_twice(unaudited_url) > 0


async def assigned_twice(url: str) -> int:
    """Has builders that lock nothing take the same orders over and over, and counts those that two of them have."""
    async with AsyncExitStack() as stack:
        several = await shops(stack, url)
        ids = await released_orders(several[0])
        careless = [
            await stack.enter_async_context(CommandBus(without_assignment_locks(), shop.database, concurrency=2))
            for shop in several
        ]
        takers = [msgspec.structs.replace(shop, bus=bus) for shop, bus in zip(several, careless, strict=True)]
        for first in range(0, ORDERS, 5):
            wish = CreatePickList(location="W1", orders=tuple(ids[first : first + 5]), stops=(), meters=0.0)
            answers = await asyncio.gather(*(one.submit(wish, ADMIN) for one in takers), return_exceptions=True)
            assert all(isinstance(one, Answer | NoWorkToAssign | Fault) for one in answers), answers
        ((count,),) = await several[0].database.rows(TWICE)
        return count


def without_assignment_locks() -> Registry:
    """Returns the shop's business with a broken part: what is on a list is read, but nobody holds it meanwhile."""
    real = registry()
    assignments = msgspec.structs.replace(real.kinds[AssignmentKey], lock=None)
    return msgspec.structs.replace(real, kinds={**real.kinds, AssignmentKey: assignments})
