"""The planner turns the feed into deliveries: one mail a command, one call an event and endpoint, each planned once."""

from datetime import timedelta
from typing import cast
from uuid import UUID

import psycopg
import pytest
from tests.worker.builders import ADMIN, NOW, place, receive, small_shop
from tests.worker.telling import create_endpoint, plan, states

from aftercart.kit.clock import SimulatedClock
from aftercart.kit.leases import release_lease, take_lease
from aftercart.kit.sequencer import sequence
from aftercart.kit.state import Statement
from aftercart.notifications.decisions.disable_webhook_endpoint import DisableWebhookEndpoint
from aftercart.notifications.decisions.replay_webhooks import ReplayWebhooks
from aftercart.notifications.planning import NEWS_FOR
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.model import CancellationReason
from aftercart.shop import Shop
from aftercart.worker import delivery_planner
from aftercart.worker.delivery_planner import CONSUMER, DeliveryPlanner


async def cursor(shop: Shop) -> int:
    ((offset,),) = await shop.database.rows("SELECT \"offset\" FROM kit.cursors WHERE consumer = 'notifications'")
    return offset


async def replay(shop: Shop, endpoint: UUID, *, until: int) -> None:
    await shop.submit(ReplayWebhooks(endpoint_id=endpoint, after=0, until=until), ADMIN)
    await plan(shop)


async def test_a_customer_is_mailed_and_nobody_hears_of_the_catalog(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        order = await place(shop)
        await shop.submit(CancelOrder(order_id=order.order_id, reason=CancellationReason.OTHER), ADMIN)
        await plan(shop)
        assert await states(shop) == [("OrderPlaced", "waiting", 0), ("OrderCanceled", "waiting", 0)]


async def test_planning_the_same_events_twice_is_planning_them_once(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await create_endpoint(shop)
        await place(shop)
        await plan(shop)
        before = await states(shop)
        # As if an older copy of the cursor had come back with a restored backup.
        async with shop.database.connection() as connection:
            await connection.execute("""UPDATE kit.cursors SET "offset" = 0 WHERE consumer = 'notifications'""")
        await plan(shop)
        assert await states(shop) == before
        assert len(before) == 2


async def test_cursor_and_plan_are_one_commit(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lose_power(*_: object, **__: object) -> None:
        raise psycopg.OperationalError("the lights went out")

    async with small_shop(database_url) as shop:
        await place(shop)
        await sequence(shop.database)
        with monkeypatch.context() as dark:
            dark.setattr(delivery_planner, "move_locked_cursor", lose_power)
            with pytest.raises(psycopg.OperationalError):
                await DeliveryPlanner(shop).turn()
        assert (await states(shop), await cursor(shop)) == ([], 0)


async def test_only_the_holder_of_the_lease_plans(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await place(shop)
        await sequence(shop.database)
        other = shop.ids.new_id(NOW)
        await take_lease(shop.database, name=CONSUMER, holder=other)
        assert await DeliveryPlanner(shop).turn() == 0
        await release_lease(shop.database, name=CONSUMER, holder=other)
        assert await DeliveryPlanner(shop).turn() > 0


@pytest.mark.parametrize(("age", "mails"), [(NEWS_FOR - timedelta(seconds=1), 1), (NEWS_FOR, 0)])
async def test_old_news_is_not_mailed_any_more(age: timedelta, mails: int, database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await place(shop)
        cast("SimulatedClock", shop.clock).advance_to(NOW + age)
        await plan(shop)
        assert len(await states(shop)) == mails


async def test_an_order_that_was_placed_elsewhere_long_ago_is_not_confirmed(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await place(shop, placed_at=NOW - NEWS_FOR)
        await place(shop, placed_at=NOW - timedelta(hours=1))
        await plan(shop)
        assert len(await states(shop)) == 1


async def test_without_a_mailer_no_mail_is_planned_and_none_later(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await place(shop)
        await sequence(shop.database)
        silent = DeliveryPlanner(shop, mail_types=())
        assert await silent.turn() > 0
        await silent.release()
        await plan(shop)
        assert await states(shop) == []


async def test_an_endpoint_hears_of_what_happens_after_it_was_made(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await receive(shop, 1)
        await create_endpoint(shop)
        await receive(shop, 2)
        await plan(shop)
        assert await states(shop) == [("StockReceived", "waiting", 0)]


async def test_an_endpoint_hears_of_the_types_it_asked_for(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await create_endpoint(shop, "StockReceived", "OrderCanceled")
        await create_endpoint(shop)
        await receive(shop, 1)
        await place(shop)
        await plan(shop)
        heard = await states(shop)
        assert sorted(event for event, _, _ in heard) == [
            "OrderPlaced",
            "OrderPlaced",
            "StockReceived",
            "StockReceived",
        ]


async def test_what_waits_for_an_endpoint_ends_when_it_is_disabled(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        endpoint = await create_endpoint(shop)
        await receive(shop, 1)
        await plan(shop)
        await receive(shop, 1)
        await shop.submit(DisableWebhookEndpoint(endpoint_id=endpoint), ADMIN)
        await receive(shop, 1)
        await plan(shop)
        assert await states(shop) == [("StockReceived", "failed", 0)]


async def test_a_replay_sends_again_what_was_settled_and_leaves_what_waits(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await receive(shop, 1)
        endpoint = await create_endpoint(shop, "StockReceived")
        for _ in range(3):
            await receive(shop, 1)
        await plan(shop)
        await shop.database.run(Statement(_SETTLE_ALL_BUT_THE_LAST, {}))
        before = await ids(shop)
        await replay(shop, endpoint, until=100)
        assert await states(shop) == [("StockReceived", "waiting", 0)] * 4
        assert set(before) < set(await ids(shop)), "the same event has the same id at every telling"


async def test_a_replay_knows_what_was_forgotten(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        endpoint = await create_endpoint(shop, "StockReceived")
        await receive(shop, 1)
        await plan(shop)
        before = await ids(shop)
        async with shop.database.connection() as connection:
            await connection.execute("DELETE FROM notifications.deliveries")
        await replay(shop, endpoint, until=100)
        assert await ids(shop) == before


async def ids(shop: Shop) -> list[UUID]:
    return [delivery_id for (delivery_id,) in await shop.database.rows(_IDS)]


_IDS = 'SELECT delivery_id FROM notifications.deliveries ORDER BY "offset"'
_SETTLE_ALL_BUT_THE_LAST = """
    UPDATE notifications.deliveries SET state = 'sent', settled_at = now(), attempts = 3
    WHERE "offset" < (SELECT max("offset") FROM notifications.deliveries)
"""
