"""Deliveries are taken by one sender at a time, in order for each order, and settled by who holds them.

Every rule is told twice: as it is, and broken (the control), which must go wrong.
"""

import asyncio
from datetime import timedelta

import psycopg
import pytest
from tests.worker.builders import ADMIN, NOW, place, receive, small_shop
from tests.worker.telling import plan, states

from aftercart.kit.database import Database
from aftercart.notifications import outbox
from aftercart.notifications.outbox import Claim, claim_mails, complete, forget_settled_statement, postpone
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.model import CancellationReason, Order
from aftercart.shop import Shop

MINUTE = timedelta(minutes=1)
WITHOUT_LOCK = outbox.CLAIM_MAILS.replace("FOR UPDATE SKIP LOCKED", "")
WITHOUT_TOKEN = outbox.COMPLETE.replace("AND lease_token = %(lease_token)s", "")
WITHOUT_ORDER = outbox.CLAIM_MAILS.replace("o.kind = 'mail'", "false")
HOLD = "SELECT 1 FROM notifications.deliveries FOR UPDATE"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def cancel(shop: Shop, order: Order) -> None:
    await shop.submit(CancelOrder(order_id=order.order_id, reason=CancellationReason.OTHER), ADMIN)


async def take(shop: Shop, *, limit: int = 10, seconds: float = 60.0) -> list[Claim]:
    claims = await claim_mails(shop.database, now=NOW, limit=limit, lease_seconds=seconds)
    return sorted(claims, key=lambda claim: claim.offset)


async def takers_of_one(shop: Shop, url: str, *, wait_for: int) -> int:
    """Lets two senders ask for one delivery while its row is locked, and returns how many of them got it.

    With the rule nobody waits for the row, so both are asked again once it is free; ``wait_for`` counts who waits.
    """
    await receive(shop, 5)
    await place(shop)
    await plan(shop)
    async with Database(url) as other:
        with psycopg.connect(url) as holder:
            holder.execute(HOLD)
            asked = [asyncio.create_task(claim_mails(one, now=NOW, limit=5)) for one in (shop.database, other)]
            while wait_for and (await shop.database.rows(WAITING))[0][0] < wait_for:
                pass
            if not wait_for:
                assert await asyncio.gather(*asked) == [[], []]
                holder.rollback()
                asked = [asyncio.create_task(claim_mails(one, now=NOW, limit=5)) for one in (shop.database, other)]
            holder.rollback()
            return sum(len(claims) for claims in await asyncio.gather(*asked))


async def test_two_senders_at_once_take_nothing_twice(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        assert await takers_of_one(shop, database_url, wait_for=0) == 1


async def test_control_without_the_lock_two_senders_take_the_same(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "CLAIM_MAILS", WITHOUT_LOCK)
    async with small_shop(database_url) as shop:
        assert await takers_of_one(shop, database_url, wait_for=2) == 2


async def test_many_senders_send_every_delivery_once(database_url: str) -> None:
    async with small_shop(database_url) as shop, Database(database_url) as other:
        await receive(shop, 500)
        for _ in range(60):
            await place(shop)
        await plan(shop)
        sent: list[Claim] = []

        async def send_all(database: Database) -> None:
            while claims := await claim_mails(database, now=NOW, limit=3):
                for claim in claims:
                    sent.append(claim)
                    assert await complete(database, claim, now=NOW)

        await asyncio.gather(*(send_all(database) for database in (shop.database, other) * 3))
        assert len(sent) == len({claim.delivery_id for claim in sent}) == 60
        assert {state for _, state, _ in await states(shop)} == {"sent"}


async def test_what_a_killed_sender_had_is_taken_over_when_its_lease_runs_out(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await receive(shop, 5)
        await place(shop)
        await plan(shop)
        (held,) = await take(shop)
        assert await take(shop) == []
        await shop.database.run(_LEASES_ARE_OVER)
        (taken_over,) = await take(shop)
        assert (taken_over.delivery_id, taken_over.attempts) == (held.delivery_id, 2)
        assert taken_over.lease_token > held.lease_token


async def settled_by_who_lost_it(shop: Shop) -> tuple[bool, bool, str]:
    """A sender falls silent, another takes over and fails, the first one comes back and says that it was sent."""
    await receive(shop, 5)
    await place(shop)
    await plan(shop)
    (lost,) = await take(shop, seconds=-1)
    (held,) = await take(shop)
    late = await complete(shop.database, lost, now=NOW)
    in_time = await postpone(shop.database, held, due_at=NOW + MINUTE, error="451 later")
    ((_, state, _),) = await states(shop)
    return late, in_time, state


async def test_who_lost_the_lease_cannot_settle_what_another_is_sending(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        assert await settled_by_who_lost_it(shop) == (False, True, "waiting")


async def test_control_without_the_token_a_failed_delivery_counts_as_sent(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "COMPLETE", WITHOUT_TOKEN)
    async with small_shop(database_url) as shop:
        assert await settled_by_who_lost_it(shop) == (True, False, "sent")


async def taken_at_once(shop: Shop) -> list[list[Claim]]:
    """Two orders were placed and one of them canceled; returns what is taken at once, and after its first was sent."""
    await receive(shop, 5)
    first, second = await place(shop), await place(shop)
    await cancel(shop, first)
    await plan(shop)
    at_once = await take(shop)
    assert {claim.stream for claim in at_once} == {first.order_id, second.order_id}
    await complete(shop.database, at_once[0], now=NOW)
    return [at_once, await take(shop)]


async def test_the_messages_of_one_order_wait_for_each_other_and_for_no_other_order(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        at_once, then = await taken_at_once(shop)
        assert len(at_once) == 2
        assert [claim.stream for claim in then] == [at_once[0].stream]


async def test_control_without_the_order_a_cancellation_overtakes_its_confirmation(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "CLAIM_MAILS", WITHOUT_ORDER)
    async with small_shop(database_url) as shop:
        at_once, then = await taken_at_once(shop)
        assert (len(at_once), then) == (3, [])


async def test_an_order_that_fails_waits_as_a_whole_and_alone(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await receive(shop, 5)
        failing, other = await place(shop), await place(shop)
        await cancel(shop, failing)
        await plan(shop)
        first, second = await take(shop)
        assert await postpone(shop.database, first, due_at=NOW + MINUTE, error="451 later")
        assert await complete(shop.database, second, now=NOW)
        await cancel(shop, other)
        await plan(shop)
        assert [claim.stream for claim in await take(shop)] == [other.order_id]
        due = await shop.database.rows(_DUE, {"stream": failing.order_id})
        assert due == [(NOW + MINUTE,), (NOW + MINUTE,)], "what waits behind it is not due before it"
        (again,) = await claim_mails(shop.database, now=NOW + MINUTE, limit=5)
        assert (again.delivery_id, again.attempts) == (first.delivery_id, 2)


async def test_what_was_settled_long_ago_is_forgotten_and_what_waits_is_not(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await receive(shop, 5)
        await place(shop)
        await place(shop)
        await plan(shop)
        sent, _ = await take(shop)
        await complete(shop.database, sent, now=NOW)
        await shop.database.run(forget_settled_statement(NOW + outbox.KEPT_FOR))
        assert len(await states(shop)) == 2
        await shop.database.run(forget_settled_statement(NOW + outbox.KEPT_FOR + MINUTE))
        assert [state for _, state, _ in await states(shop)] == ["waiting"]


_LEASES_ARE_OVER = outbox.Statement(
    "UPDATE notifications.deliveries SET leased_until = clock_timestamp() - interval '1 second'", {}
)
_DUE = 'SELECT due_at FROM notifications.deliveries WHERE stream = %(stream)s ORDER BY "offset"'
