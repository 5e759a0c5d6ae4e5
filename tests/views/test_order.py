"""Orders are read together, and each reader sees what was done before it asked."""

import asyncio
from uuid import UUID, uuid4

import psycopg_pool
import pytest
from tests.web.builders import open_api, order

from aftercart.kit.database import Database
from aftercart.orders.model import Order
from aftercart.views.order import TOGETHER_MAX, OrderReader
from aftercart.views.order_at_version import load_order_at_version


async def test_many_readers_each_get_their_own_order(database_url: str) -> None:
    async with open_api(database_url) as api:
        placed = [UUID((await api.place(order({"sku": "S42", "quantity": 1})))["id"]) for _ in range(5)]
        asked = [*placed * (TOGETHER_MAX // 2), *(uuid4() for _ in range(TOGETHER_MAX * 2))]
        reader = OrderReader(api.shop.database)
        found = await asyncio.gather(*(reader.find(order_id) for order_id in asked))
        for order_id, one in zip(asked, found, strict=True):
            assert (one is not None) == (order_id in placed)
            assert one is None or one.order_id == order_id


async def test_a_reader_sees_what_was_done_before_it_asked(database_url: str) -> None:
    async with open_api(database_url) as api:
        order_id = UUID((await api.place(order({"sku": "S42", "quantity": 1})))["id"])
        reader = OrderReader(api.shop.database)
        others = [asyncio.create_task(reader.find(order_id)) for _ in range(50)]
        for quantity in range(2, 8):
            path = f"/v1/orders/{order_id}/change-line-quantity"
            await api.post(path, {"line": 1, "quantity": quantity})
            others += [asyncio.create_task(reader.find(order_id)) for _ in range(20)]
            seen = await reader.find(order_id)
            assert seen is not None
            assert sum(entry.quantity for entry in seen.units) == quantity
        await asyncio.gather(*others)


async def test_who_asks_the_moment_a_reader_ends_is_read_too(database_url: str) -> None:
    async with Database(database_url) as database, asyncio.timeout(5):
        reader = OrderReader(database, readers=1)
        for _ in range(3):
            assert await reader.find(uuid4()) is None


async def test_a_database_that_is_away_is_told_to_every_reader(database_url: str) -> None:
    async with Database(database_url) as away:
        reader = OrderReader(away)
    results = await asyncio.gather(*(reader.find(uuid4()) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in results] == [psycopg_pool.PoolClosed] * 3


async def test_an_order_is_folded_to_any_of_its_versions(database_url: str) -> None:
    async with open_api(database_url) as api:
        order_id = UUID((await api.place())["id"])
        reader = OrderReader(api.shop.database)
        states: list[Order | None] = [await reader.find(order_id)]
        for quantity in (3, 1):
            await api.post(f"/v1/orders/{order_id}/change-line-quantity", {"line": 1, "quantity": quantity})
            states.append(await reader.find(order_id))
        for version, state in enumerate(states, 1):
            assert await load_order_at_version(api.shop.database, order_id, version) == state
        with pytest.raises(LookupError):
            await load_order_at_version(api.shop.database, order_id, 4)
