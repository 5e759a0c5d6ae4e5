from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from aftercart.access.queries import find_actor
from aftercart.catalog.decisions.upsert_variants import AdvantageDefinition
from aftercart.catalog.model import VariantKind
from aftercart.demo.fill import fill_demo
from aftercart.demo.key import ensure_demo_key
from aftercart.demo.places import LOCATIONS
from aftercart.demo.products import PRODUCTS, demo_variants
from aftercart.demo.relays import NETWORK
from aftercart.demo.stock import opening_stock, purchases
from aftercart.inventory.model import LocationKind
from aftercart.kit.clock import SystemClock
from aftercart.orders.model import Status
from aftercart.shipping.queries import find_coordinates, find_nearest_points
from aftercart.shop import Shop, open_shop
from aftercart.views.availability import find_availability

TODAY = date(2026, 3, 2)

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
    variants = demo_variants(TODAY)
    assert len(PRODUCTS) == 42
    assert 200 <= len(variants) <= 300
    assert len({variant.sku for variant in variants}) == len(variants)
    assert all(variant.sku.isascii() for variant in variants)


def test_every_kind_of_variant_is_sold_and_pre_orders_bring_both_advantages() -> None:
    variants = demo_variants(TODAY)
    assert {variant.kind for variant in variants} == set(VariantKind)
    advantages = {variant.advantage for variant in variants if variant.kind is VariantKind.PREORDER}
    assert advantages == {AdvantageDefinition(discount="0.10"), AdvantageDefinition(free_delivery=True)}
    assert all(one.available_from and one.available_from > TODAY for one in variants if one.advantage)


def test_three_warehouses_and_twenty_stores_of_which_some_ship_with_a_floor() -> None:
    assert Counter(place.kind for place in LOCATIONS) == {LocationKind.WAREHOUSE: 3, LocationKind.STORE: 20}
    stores = [place for place in LOCATIONS if place.kind is LocationKind.STORE]
    assert all(place.pickups for place in stores)
    assert {place.floor_units > 0 for place in stores if place.ships} == {True}
    assert len({place.coordinates for place in LOCATIONS}) == len({place.code for place in LOCATIONS}) == 23


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
    assert (summary.variants, summary.orders, summary.already_filled) == (233, 26, False)


async def test_one_purchase_order_is_late_one_short_and_one_came_in_part(database_url: str) -> None:
    async with open_shop(database_url) as shop:
        await fill_demo(shop)
        rows = await shop.database.rows(
            """
            SELECT l -> 'before' ->> 'expected_date' < l -> 'after' ->> 'expected_date',
                (l -> 'after' ->> 'quantity')::int - (l -> 'before' ->> 'quantity')::int
            FROM kit.event_log, json_array_elements(data -> 'lines') AS l
            WHERE type = 'SupplyChanged' AND l ->> 'sku' IN ('QUAI-BLANC-40', 'VEILLEE-FIGUE')
                AND l ->> 'before' IS NOT NULL
            ORDER BY position
            """
        )
        assert rows == [(True, 0), (False, -55)]
        partly = await shop.database.rows(
            "SELECT ordered, received FROM inventory.supply WHERE received > 0 ORDER BY sku"
        )
        assert partly == [(60, 60), (60, 24)]
        (set_of_six,) = (await find_availability(shop.database, ["TABLEE-BLANC"], now=shop.clock.now())).values()
        assert set_of_six.available > 0


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


@pytest.mark.parametrize("times", [5, 30, 48, 53, 54, 56, 80])
async def test_a_filling_that_was_interrupted_goes_on(times: int, database_url: str) -> None:
    async with open_shop(database_url, clock=ClockOfAPowerCut(times)) as shop:
        with pytest.raises(ConnectionAbortedError):
            await fill_demo(shop)
    async with open_shop(database_url) as shop:
        assert not (await fill_demo(shop)).already_filled
        rows = dict(await rows_by_table(shop))
    variants = demo_variants(TODAY)
    arrived = [purchase.arrived for purchase in purchases(variants, today=TODAY) if purchase.arrived]
    received = sum(line.quantity for receipt in (*opening_stock(variants), *arrived) for line in receipt.lines)
    assert (rows["orders"], rows["events"], rows["on hand"]) == (26, 88, received)


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
