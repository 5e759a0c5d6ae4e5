from datetime import datetime
from pathlib import Path

import pytest

from aftercart.access.queries import find_actor
from aftercart.demo.fill import fill_demo
from aftercart.demo.key import ensure_demo_key
from aftercart.demo.places import opening_stock
from aftercart.demo.products import PRODUCTS, demo_variants
from aftercart.demo.relays import NETWORK
from aftercart.kit.clock import SystemClock
from aftercart.orders.model import Status
from aftercart.shipping.queries import find_coordinates, find_nearest_points
from aftercart.shop import Shop, open_shop

pytestmark = pytest.mark.anyio


async def rows_by_table(shop: Shop) -> list[tuple[str, int]]:
    return await shop.database.rows("""
        SELECT 'orders', count(*) FROM orders.orders
        UNION ALL
        SELECT 'events', count(*) FROM kit.event_log
        UNION ALL
        SELECT 'outcomes', count(*) FROM kit.outcomes
        UNION ALL
        SELECT 'on hand', sum(on_hand) FROM inventory.stock
    """)


def test_some_forty_products_make_a_few_hundred_variants() -> None:
    variants = demo_variants()
    assert len(PRODUCTS) == 40
    assert 200 <= len(variants) <= 300
    assert len({variant.sku for variant in variants}) == len(variants)
    assert all(variant.sku.isascii() for variant in variants)


async def test_the_demo_has_orders_in_many_states_and_two_languages(database_url: str) -> None:
    async with open_shop(database_url) as shop:
        summary = await fill_demo(shop)
        rows = await shop.database.rows("SELECT DISTINCT status FROM orders.orders")
        assert {Status(status) for (status,) in rows} == {
            Status.CONFIRMED,
            Status.BACKORDERED,
            Status.AWAITING_PAYMENT,
            Status.CANCELED,
        }
        locales = await shop.database.rows("SELECT DISTINCT left(customer ->> 'locale', 2) FROM orders.orders")
        assert {locale for (locale,) in locales} == {"fr", "en"}
        events = await shop.database.rows("SELECT DISTINCT type FROM kit.event_log")
        assert {"DeliveryAddressChanged", "LineQuantityChanged", "LinesCanceled", "OrderCanceled"} <= {
            name for (name,) in events
        }
        parcels = await shop.database.rows(
            "SELECT jsonb_array_length(sourcing -> 'chosen') FROM orders.orders WHERE reference = 'DEMO-TWO-PARCELS'"
        )
    assert parcels == [(2,)]
    assert (summary.variants, summary.orders, summary.already_filled) == (225, 26, False)


async def test_parcels_of_the_demo_are_collected_at_points_of_their_own_towns(database_url: str) -> None:
    async with open_shop(database_url) as shop:
        await fill_demo(shop)
        collected = await shop.database.rows("""
            SELECT o.customer ->> 'name', p.address ->> 'city'
            FROM orders.orders AS o
            JOIN shipping.pickup_points AS p ON p.code = o.delivery ->> 'pickup_point'
            WHERE o.delivery ->> 'method' = 'mondial-relay-point'
            ORDER BY o.reference
        """)
        near = await find_coordinates(shop.database, country="FR", postcode="38000")
        assert near is not None
        found = await find_nearest_points(shop.database, networks=[NETWORK], countries=["FR"], near=near, limit=4)
    assert collected == [("Hugo Lemaire", "Grenoble"), ("Camille Roussel", "Lyon"), ("Hugo Lemaire", "Grenoble")]
    assert {one.point.address.city for one in found} == {"Grenoble"}
    assert max(one.distance_km for one in found) < 4


async def test_filling_twice_changes_nothing(database_url: str) -> None:
    async with open_shop(database_url) as shop:
        await fill_demo(shop)
        before = await rows_by_table(shop)
        assert (await fill_demo(shop)).already_filled
        assert await rows_by_table(shop) == before


class ClockOfAPowerCut(SystemClock):
    """Tells the time so many times, then never again."""

    def __init__(self, times: int) -> None:
        self.times = times

    def now(self) -> datetime:
        self.times -= 1
        if self.times < 0:
            raise ConnectionAbortedError
        return super().now()


@pytest.mark.parametrize("times", [5, 40, 61])
async def test_a_filling_that_was_interrupted_goes_on(times: int, database_url: str) -> None:
    async with open_shop(database_url, clock=ClockOfAPowerCut(times)) as shop:
        with pytest.raises(ConnectionAbortedError):
            await fill_demo(shop)
    async with open_shop(database_url) as shop:
        assert not (await fill_demo(shop)).already_filled
        rows = dict(await rows_by_table(shop))
    received = sum(line.quantity for receipt in opening_stock(demo_variants()) for line in receipt.lines)
    assert (rows["orders"], rows["events"], rows["on hand"]) == (26, 43, received)


async def test_the_demo_key_is_the_same_at_every_start_and_private(database_url: str, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    async with open_shop(database_url) as shop:
        key = await ensure_demo_key(shop, data_dir=data_dir)
        assert await ensure_demo_key(shop, data_dir=data_dir) == key
        actor = await find_actor(shop.database, key)
        rows = await shop.database.rows("SELECT count(*) FROM access.api_keys")
    assert actor is not None
    assert actor.role == "admin"
    assert rows == [(1,)]
    (file,) = data_dir.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_kept_demo_key_opens_a_new_database_too(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "demo-api-key").write_text("ak_kept\n")
    async with open_shop(database_url) as shop:
        assert await ensure_demo_key(shop, data_dir=tmp_path) == "ak_kept"
        assert await find_actor(shop.database, "ak_kept") is not None
