"""Webhooks are tried again as the schedule says; an endpoint that is gone, or takes nothing for days, is disabled."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import cast
from uuid import UUID

import msgspec
from standardwebhooks import Webhook
from tests.worker.builders import place, receive, small_shop
from tests.worker.telling import FakeCaller, create_endpoint, deliver, errors, events_of, plan, states

from aftercart.access.rules.derived_secrets import webhook_secret
from aftercart.kit.clock import SimulatedClock
from aftercart.notifications.ports import WebhookCall, WebhookUnanswered
from aftercart.notifications.rules.retry_schedule import JITTER, WEBHOOK_WAITS
from aftercart.shop import Shop
from aftercart.views.event_feed import FeedEvent, read_feed
from aftercart.worker.webhooks import SLOTS_PER_ENDPOINT, webhook_courier


def later(shop: Shop, wait: timedelta) -> None:
    """Moves the clock behind the longest that a wait may be."""
    clock = cast("SimulatedClock", shop.clock)
    clock.advance_to(clock.now() + wait * (1 + JITTER))


def answering(*statuses: int) -> Callable[[WebhookCall], int]:
    """Answers with one status after the other, and with the last one ever after."""
    left = list(statuses)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


async def test_an_event_is_told_as_the_feed_has_it_under_the_endpoints_own_key(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        endpoint = await create_endpoint(shop)
        await place(shop)
        await plan(shop)
        caller = FakeCaller()
        await deliver(webhook_courier(shop, caller))
        (call,) = caller.calls
        assert msgspec.json.decode(call.body, type=FeedEvent) == (await read_feed(shop.database, after=0, limit=99))[-1]
        assert call.secret == webhook_secret(shop.surroundings.secret, endpoint)
        assert Webhook(call.secret)
        assert await states(shop, "webhook") == [("OrderPlaced", "sent", 1)]


async def test_the_events_of_one_order_come_in_their_order(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await create_endpoint(shop)
        orders = [await place(shop) for _ in range(3)]
        await receive(shop, 3)
        await plan(shop)
        caller = FakeCaller(answering(500, 200))
        courier = webhook_courier(shop, caller)
        await deliver(courier)
        later(shop, WEBHOOK_WAITS[0])
        await deliver(courier)
        told = [msgspec.json.decode(call.body, type=FeedEvent) for call in caller.calls]
        for order in orders:
            seqs = [event.seq for event in told if event.stream == order.order_id]
            assert seqs == sorted(seqs)
        assert {state for _, state, _ in await states(shop, "webhook")} == {"sent"}


async def test_what_fails_is_tried_again_under_the_same_id(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await create_endpoint(shop)
        await receive(shop, 1)
        await plan(shop)
        caller = FakeCaller(answering(503, 302, 404, 204))
        courier = webhook_courier(shop, caller)
        await deliver(courier)
        assert await errors(shop) == ["answered 503"]
        for wait in WEBHOOK_WAITS[:3]:
            later(shop, wait)
            await deliver(courier)
        assert await states(shop, "webhook") == [("StockReceived", "sent", 4)]
        assert len({call.call_id for call in caller.calls}) == 1


async def test_an_endpoint_that_is_gone_is_disabled_at_once(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        endpoint = await create_endpoint(shop)
        for _ in range(20):
            await receive(shop, 1)
        await plan(shop)
        caller = FakeCaller(answering(410))
        courier = webhook_courier(shop, caller)
        await deliver(courier)
        assert [one["disabled_reason"] for one in await events_of(shop, "WebhookEndpointDisabled")] == ["gone"]
        assert len(caller.calls) <= SLOTS_PER_ENDPOINT
        await plan(shop)
        assert {state for _, state, _ in await states(shop, "webhook")} == {"failed"}
        assert await disabled(shop) == [endpoint]


async def test_an_endpoint_that_takes_nothing_for_days_is_disabled(database_url: str) -> None:
    def silent(_call: WebhookCall) -> int:
        raise WebhookUnanswered("ConnectError: refused")

    async with small_shop(database_url) as shop:
        endpoint = await create_endpoint(shop)
        await receive(shop, 1)
        await plan(shop)
        courier = webhook_courier(shop, FakeCaller(silent))
        await deliver(courier)
        for wait in WEBHOOK_WAITS:
            assert await disabled(shop) == []
            later(shop, wait)
            await deliver(courier)
        assert await disabled(shop) == [endpoint]
        assert [one["disabled_reason"] for one in await events_of(shop, "WebhookEndpointDisabled")] == ["failing"]
        assert [one["given_up_reason"] for one in await events_of(shop, "DeliveryGivenUp")] == ["exhausted"]


async def test_an_endpoint_that_chokes_on_one_event_only_is_not_disabled(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await create_endpoint(shop)
        await receive(shop, 1)
        await place(shop)
        await plan(shop)
        courier = webhook_courier(shop, FakeCaller(lambda call: 500 if b"StockReceived" in call.body else 200))
        await deliver(courier)
        for wait in WEBHOOK_WAITS:
            later(shop, wait)
            await deliver(courier)
        assert [state for _, state, _ in await states(shop, "webhook")] == ["failed", "sent"]
        assert await disabled(shop) == []


class StuckCaller(FakeCaller):
    """A caller that never hears again from one host."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self._host = host
        self.stuck = 0

    async def call(self, call: WebhookCall) -> int:
        """Answers, unless it is stuck."""
        if self._host in call.url:
            self.stuck += 1
            await asyncio.Event().wait()
        return await super().call(call)


async def test_an_endpoint_that_does_not_answer_holds_up_no_other(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await create_endpoint(shop, url="https://stuck.example/")
        await create_endpoint(shop, url="https://well.example/")
        for _ in range(100):
            await receive(shop, 1)
        await plan(shop)
        caller = StuckCaller("stuck.example")
        courier = webhook_courier(shop, caller)
        async with asyncio.timeout(30):
            while len(caller.calls) < 100:
                await courier.turn()
        assert caller.stuck <= 2 * SLOTS_PER_ENDPOINT
        await courier.stop(patience_seconds=0)


async def disabled(shop: Shop) -> list[UUID]:
    return [endpoint_id for (endpoint_id,) in await shop.database.rows(_DISABLED)]


_DISABLED = "SELECT endpoint_id FROM notifications.webhook_endpoints WHERE disabled_at IS NOT NULL"
