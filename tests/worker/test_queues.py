"""Who waits for what comes: when supply changes, the oldest who wait without a day are served wherever they wait."""

from collections.abc import AsyncGenerator, Sequence
from datetime import date, timedelta

import pytest
from tests.small_shop import fold_order, load_order
from tests.worker.builders import NOW, STORE, announce, open_store, place, receive, settle, small_shop, stages

from aftercart.orders.model import Order
from aftercart.shop import Shop
from aftercart.worker.reactor import Reactor

MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)
_WAITING = """
    SELECT location, sum(quantity)::int FROM orders.units
    WHERE stage = 'backordered' GROUP BY location ORDER BY location
"""
_COUNTED = "SELECT location, backordered FROM inventory.stock WHERE backordered > 0 ORDER BY location"
_EVENTS = "SELECT type FROM kit.event_log WHERE stream = %(stream)s ORDER BY seq"


@pytest.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    async with small_shop(database_url) as shop:
        yield shop


async def expected(shop: Shop, orders: Sequence[Order]) -> list[list[tuple[str, date | None]]]:
    """Returns where each order waits, and until when; what is counted on the stock rows is checked on the way."""
    assert await shop.database.rows(_COUNTED) == await shop.database.rows(_WAITING)
    found: list[list[tuple[str, date | None]]] = []
    for order in orders:
        now = await load_order(shop, order.order_id)
        assert now == await fold_order(shop, order.order_id)
        found.append([(one.location, one.expected_date) for one in now.awaited])
    return found


async def test_who_waits_without_a_day_is_not_overtaken_by_those_who_order_after_supply_is_announced(
    shop: Shop,
) -> None:
    reactor = Reactor(shop)
    first = await place(shop, quantity=2)
    assert await expected(shop, (first,)) == [[("LIL", None)]]
    await announce(shop, 3, location="LYO", on="2026-03-09")
    await settle(shop, reactor)
    second = await place(shop, quantity=2)
    assert await expected(shop, (first, second)) == [[("LYO", MONDAY)], [("LIL", None)]]
    moved = await load_order(shop, first.order_id)
    assert moved.delivery.promised_date == date(2026, 3, 12)
    assert await shop.database.rows(_EVENTS, {"stream": first.order_id}) == [("OrderPlaced",), ("PromiseMoved",)]
    await announce(shop, 4, location="LYO", on="2026-03-09")
    await settle(shop, reactor)
    assert await expected(shop, (first, second)) == [[("LYO", MONDAY)], [("LYO", MONDAY)]]
    await receive(shop, 3, location="LYO")
    await settle(shop, reactor)
    assert await stages(shop, (first, second)) == [{"reserved": 2}, {"reserved": 1, "backordered": 1}]


async def test_what_is_announced_goes_to_the_oldest_wherever_they_wait_and_to_no_more_than_it_covers(
    shop: Shop,
) -> None:
    reactor = Reactor(shop)
    first = await place(shop, quantity=2)
    await announce(shop, 1, location="LYO", on="2026-03-09")
    second = await place(shop)
    await announce(shop, 0, location="LYO", on="2026-03-09")
    await settle(shop, reactor)
    third, fourth = await place(shop, quantity=5), await place(shop)
    assert await expected(shop, (first, second, third, fourth)) == [
        [("LIL", None)],
        [("LYO", None)],
        [("LIL", None)],
        [("LIL", None)],
    ]
    await announce(shop, 3, location="LYO", on="2026-03-10")
    await settle(shop, reactor)
    assert await expected(shop, (first, second, third, fourth)) == [
        [("LYO", TUESDAY)],
        [("LYO", TUESDAY)],
        [("LIL", None)],
        [("LIL", None)],
    ]


async def test_of_those_without_a_day_the_order_that_was_placed_first_is_asked_first(shop: Shop) -> None:
    reactor = Reactor(shop)
    young = await place(shop)
    old = await place(shop, placed_at=NOW - timedelta(days=1))
    await announce(shop, 1, location="LYO", on="2026-03-09")
    await settle(shop, reactor)
    assert await expected(shop, (old, young)) == [[("LYO", MONDAY)], [("LIL", None)]]


async def test_an_older_order_comes_before_a_younger_one_that_waits_where_the_supply_is_announced(shop: Shop) -> None:
    reactor = Reactor(shop)
    await open_store(shop, STORE, floor_units=0)
    sent, collected = await place(shop), await place(shop, collect_at=STORE)
    assert await expected(shop, (sent, collected)) == [[("LIL", None)], [(STORE, None)]]
    await announce(shop, 1, location=STORE, on="2026-03-09")
    await settle(shop, reactor)
    assert await expected(shop, (sent, collected)) == [[(STORE, MONDAY)], [(STORE, None)]]


async def test_nobody_who_has_a_day_is_overtaken_by_an_older_order_from_elsewhere(shop: Shop) -> None:
    reactor = Reactor(shop)
    first = await place(shop, quantity=3)
    await announce(shop, 2, location="LYO", on="2026-03-09")
    await settle(shop, reactor)
    second = await place(shop, quantity=2)
    await announce(shop, 4, location="LYO", on="2026-03-09")
    await settle(shop, reactor)
    assert await expected(shop, (first, second)) == [[("LIL", None)], [("LYO", MONDAY)]]
    await announce(shop, 5, location="LYO", on="2026-03-09")
    await settle(shop, reactor)
    assert await expected(shop, (first, second)) == [[("LYO", MONDAY)], [("LYO", MONDAY)]]


async def test_an_order_that_is_collected_in_a_store_waits_there_and_nowhere_else(shop: Shop) -> None:
    reactor = Reactor(shop)
    await open_store(shop, STORE, floor_units=0)
    collected = await place(shop, collect_at=STORE)
    await announce(shop, 9, location="LYO", on="2026-03-09")
    await settle(shop, reactor)
    assert await expected(shop, (collected,)) == [[(STORE, None)]]
    assert await shop.database.rows(_EVENTS, {"stream": collected.order_id}) == [("OrderPlaced",)]


async def test_a_store_that_does_not_ship_serves_nobody_who_waits_elsewhere(shop: Shop) -> None:
    reactor = Reactor(shop)
    await open_store(shop, STORE, ships=False)
    order = await place(shop)
    await announce(shop, 9, location=STORE, on="2026-03-09")
    await settle(shop, reactor)
    assert await expected(shop, (order,)) == [[("LIL", None)]]


async def test_whose_supply_is_canceled_waits_for_supply_elsewhere(shop: Shop) -> None:
    reactor = Reactor(shop)
    await announce(shop, 2, location="LIL", on="2026-03-09")
    order = await place(shop, quantity=2)
    await announce(shop, 2, location="LYO", on="2026-03-10", reference="PO-8")
    await announce(shop, 0, location="LIL", on="2026-03-09")
    await settle(shop, reactor)
    assert await expected(shop, (order,)) == [[("LYO", TUESDAY)]]


async def test_seeing_supply_twice_moves_nobody_twice(shop: Shop) -> None:
    reactor = Reactor(shop)
    orders = [await place(shop) for _ in range(3)]
    await announce(shop, 2, location="LYO", on="2026-03-09")
    await settle(shop, reactor)
    async with shop.database.connection() as connection:
        await connection.execute("""UPDATE kit.cursors SET "offset" = 0 WHERE consumer = 'reactions'""")
    await settle(shop, reactor)
    assert await expected(shop, orders) == [[("LYO", MONDAY)], [("LYO", MONDAY)], [("LIL", None)]]
    assert [(await shop.database.rows(_EVENTS, {"stream": one.order_id}))[1:] for one in orders] == [
        [("PromiseMoved",)],
        [("PromiseMoved",)],
        [],
    ]
