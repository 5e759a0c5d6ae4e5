"""What the loops make of events: stock that comes goes to who waits longest, what is gone is taken from the last."""

from collections.abc import Sequence
from uuid import UUID

import psycopg
import pytest
from tests.worker.builders import (
    ADMIN,
    SKU,
    STORE,
    count,
    keep_back,
    open_store,
    place,
    receive,
    settle,
    small_shop,
    stages,
    statuses,
)

from aftercart.inventory.events import StockReceived
from aftercart.kit.commands import Command, IdempotencyKeyInFlight
from aftercart.kit.database import Database
from aftercart.kit.leases import release_lease, take_lease
from aftercart.kit.outcomes import command_id_of_key, fingerprint_of
from aftercart.kit.sequencer import sequence
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.model import CancellationReason
from aftercart.reactions import REACTIONS, serve_waiting
from aftercart.worker.reactor import CONSUMER, FAULTS_MAX, Reactor


async def test_a_receipt_serves_the_oldest_promise_first(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        late = await place(shop, promised="2026-03-20")
        early = await place(shop, promised="2026-03-10")
        unpromised = await place(shop)
        await receive(shop, 1)
        await settle(shop, reactor)
        assert await stages(shop, (early, late, unpromised)) == [
            {"reserved": 1},
            {"backordered": 1},
            {"backordered": 1},
        ]
        await receive(shop, 1, location="LYO")
        await settle(shop, reactor)
        assert await stages(shop, (early, late, unpromised)) == [{"reserved": 1}, {"reserved": 1}, {"backordered": 1}]


async def test_who_may_take_nothing_from_where_it_arrived_keeps_nobody_waiting(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        await open_store(shop, STORE, floor_units=0)
        collected = await place(shop, quantity=5, promised="2026-03-10", collect_at=STORE)
        sent = await place(shop, quantity=2, promised="2026-03-20")
        await receive(shop, 5)
        await settle(shop, reactor)
        assert await stages(shop, (collected, sent)) == [{"backordered": 5}, {"reserved": 2}]
        await receive(shop, 5, location=STORE)
        await settle(shop, reactor)
        assert await stages(shop, (collected, sent)) == [{"reserved": 5}, {"reserved": 2}]


async def test_what_a_store_keeps_for_its_visitors_is_no_reason_for_them_to_wait(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        await open_store(shop, STORE, floor_units=2)
        sent = await place(shop, quantity=2, promised="2026-03-10")
        collected = await place(shop, promised="2026-03-20", collect_at=STORE)
        await receive(shop, 2, location=STORE)
        await settle(shop, reactor)
        assert await stages(shop, (sent, collected)) == [{"backordered": 2}, {"reserved": 1}]
        await receive(shop, 2, location=STORE)
        await settle(shop, reactor)
        assert await stages(shop, (sent, collected)) == [{"reserved": 1, "backordered": 1}, {"reserved": 1}]


async def test_what_arrives_is_offered_to_no_more_orders_than_it_can_serve(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await open_store(shop, STORE, floor_units=0)
        sent = [await place(shop) for _ in range(4)]
        collected = [await place(shop, collect_at=STORE) for _ in range(4)]
        await receive(shop, 1)
        await receive(shop, 2, location=STORE)
        asked = await serve_waiting(shop.database, (SKU,))
        orders = (*sent[:3], *collected[:2])
        assert asked == tuple(ReserveBackorder(order_id=order.order_id, sku=SKU) for order in orders)


async def test_a_receipt_serves_an_order_in_part(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        order = await place(shop, quantity=5)
        await receive(shop, 2)
        await settle(shop, reactor)
        assert await stages(shop, (order,)) == [{"reserved": 2, "backordered": 3}]


async def test_units_freed_by_a_cancellation_go_to_who_waits(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        await receive(shop, 1)
        first = await place(shop)
        second = await place(shop)
        await shop.submit(CancelOrder(order_id=first.order_id, reason=CancellationReason.OTHER), ADMIN)
        await settle(shop, reactor)
        assert await stages(shop, (first, second)) == [{"canceled": 1}, {"reserved": 1}]


async def test_units_freed_by_another_way_of_delivery_go_to_who_waits(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        await open_store(shop, "RUE", ships=False)
        await receive(shop, 1)
        await receive(shop, 1, location="RUE")
        first = await place(shop)
        second = await place(shop)
        await settle(shop, reactor)
        assert await stages(shop, (first, second)) == [{"reserved": 1}, {"backordered": 1}]
        collected = ChangeDeliveryMethod(order_id=first.order_id, method="store-pickup", pickup_point="RUE")
        await shop.submit(collected, ADMIN)
        await settle(shop, reactor)
        assert await stages(shop, (first, second)) == [{"reserved": 1}, {"reserved": 1}]


async def test_units_that_are_not_kept_back_any_more_go_to_who_waits(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        await receive(shop, 4)
        await keep_back(shop, safety=2, quarantine=2)
        first, second = await place(shop, quantity=2), await place(shop, quantity=2)
        await settle(shop, reactor)
        assert await stages(shop, (first, second)) == [{"backordered": 2}, {"backordered": 2}]
        await keep_back(shop, safety=2, quarantine=-2)
        await settle(shop, reactor)
        assert await stages(shop, (first, second)) == [{"reserved": 2}, {"backordered": 2}]
        await keep_back(shop, safety=1)
        await settle(shop, reactor)
        assert await stages(shop, (first, second)) == [{"reserved": 2}, {"reserved": 1, "backordered": 1}]


async def test_a_count_that_finds_too_little_takes_from_the_latest_promise(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        await receive(shop, 2)
        late = await place(shop, promised="2026-03-20")
        early = await place(shop, promised="2026-03-10")
        await count(shop, 1)
        await settle(shop, reactor)
        assert await stages(shop, (early, late)) == [{"reserved": 1}, {"backordered": 1}]
        assert await statuses(shop, (early, late)) == ["confirmed", "on_hold"]
        short = await shop.database.rows("SELECT sum(short)::int FROM inventory.stock")
        assert short == [(0,)]
        await receive(shop, 1)
        await settle(shop, reactor)
        assert await statuses(shop, (early, late)) == ["confirmed", "confirmed"]


async def test_missing_units_are_taken_from_another_location_that_has_them(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        await receive(shop, 1)
        order = await place(shop)
        await receive(shop, 1, location="LYO")
        await count(shop, 0)
        await settle(shop, reactor)
        assert await stages(shop, (order,)) == [{"reserved": 1}]
        places = await shop.database.rows("SELECT location FROM orders.units")
        assert places == [("LYO",)]


async def test_an_event_seen_twice_has_its_effect_once(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        order = await place(shop, quantity=3)
        await receive(shop, 1)
        await settle(shop, reactor)
        # The cursor is lost, as if the worker had died between the commands and the cursor.
        async with shop.database.connection() as connection:
            await connection.execute("""UPDATE kit.cursors SET "offset" = 0 WHERE consumer = 'reactions'""")
        await settle(shop, reactor)
        assert await stages(shop, (order,)) == [{"reserved": 1, "backordered": 2}]
        seqs = await shop.database.rows(
            "SELECT count(*)::int FROM kit.event_log WHERE stream = %(stream)s", {"stream": order.order_id}
        )
        assert seqs == [(2,)]


async def test_only_the_holder_of_the_lease_reacts(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await place(shop)
        await sequence(shop.database)
        other = shop.ids.new_id(shop.clock.now())
        assert await take_lease(shop.database, name=CONSUMER, holder=other) == 1
        reactor = Reactor(shop)
        assert await reactor.turn() == 0
        await release_lease(shop.database, name=CONSUMER, holder=other)
        assert await reactor.turn() > 0


async def test_a_command_that_another_worker_is_carrying_out_is_tried_again(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        order = await place(shop)
        await receive(shop, 1)
        await sequence(shop.database)
        ((position,),) = await shop.database.rows("SELECT position FROM kit.event_log WHERE type = 'StockReceived'")
        command = ReserveBackorder(order_id=order.order_id, sku=SKU)
        command_id = command_id_of_key(f"reaction:{position}", fingerprint_of(command))
        with psycopg.connect(database_url) as other_worker:
            other_worker.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(command_id),))
            with pytest.raises(IdempotencyKeyInFlight):
                await reactor.turn()
            other_worker.rollback()
        await settle(shop, reactor)
        assert await stages(shop, (order,)) == [{"reserved": 1}]


async def test_a_command_that_is_refused_is_passed_over(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask_of_nobody(_database: Database, stream: UUID, _event: StockReceived) -> Sequence[Command]:
        return (ReserveBackorder(order_id=stream, sku=SKU),)

    monkeypatch.setitem(REACTIONS, StockReceived, ask_of_nobody)
    async with small_shop(database_url) as shop:
        await receive(shop, 1)
        await sequence(shop.database)
        reactor = Reactor(shop)
        assert await reactor.turn() > 0
        assert await reactor.turn() == 0


async def test_an_event_that_cannot_be_reacted_to_is_given_up_and_passed(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_database: Database, _stream: UUID, _event: StockReceived) -> Sequence[Command]:
        raise ValueError

    async with small_shop(database_url) as shop:
        reactor = Reactor(shop)
        order = await place(shop)
        await receive(shop, 1)
        await sequence(shop.database)
        with monkeypatch.context() as broken:
            broken.setitem(REACTIONS, StockReceived, fail)
            assert [await reactor.turn() for _ in range(FAULTS_MAX)][:-1] == [0] * (FAULTS_MAX - 1)
        await keep_back(shop, safety=1)
        await keep_back(shop, safety=0)
        await settle(shop, reactor)
        assert await stages(shop, (order,)) == [{"reserved": 1}]
