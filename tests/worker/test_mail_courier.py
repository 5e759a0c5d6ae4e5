"""Mails are written when they are sent, tried again as the schedule says, and given up with an event."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from tests.worker.builders import ADMIN, NOW, place, receive, small_shop
from tests.worker.telling import FakeMailer, deliver, errors, events_of, plan, states

from aftercart.access.model import CodePurpose
from aftercart.access.queries import find_order_of_token
from aftercart.access.rules.derived_secrets import customer_code
from aftercart.customer_access import LINK_PATH, request_code
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.state import Statement
from aftercart.notifications.ports import Mail, MailDeferred, MailRejected
from aftercart.notifications.rules.retry_schedule import JITTER, MAIL_WAITS
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_contact import ChangeContact
from aftercart.orders.model import CancellationReason
from aftercart.shop import Shop
from aftercart.worker.mails import mail_courier

_LEASES_ARE_OVER = Statement(
    "UPDATE notifications.deliveries SET leased_until = clock_timestamp() - interval '1 second'", {}
)


def later(shop: Shop, wait: timedelta) -> None:
    """Moves the clock behind the longest that a wait may be."""
    clock = cast("SimulatedClock", shop.clock)
    clock.advance_to(clock.now() + wait * (1 + JITTER))


def refuse(*, times: int, error: type[Exception], told: str) -> Callable[[Mail], None]:
    left = iter(range(times))

    def answer(_mail: Mail) -> None:
        if next(left, None) is not None:
            raise error(told)

    return answer


async def test_a_mail_goes_to_the_customer_with_a_link_that_opens_their_order(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        order = await place(shop)
        await plan(shop)
        mailer = FakeMailer()
        await deliver(mail_courier(shop, mailer))
        (mail,) = mailer.sent
        assert (mail.recipient, mail.language, mail.written_at) == ("ana@example.com", "fr", NOW)
        assert order.number in mail.subject
        base = f"{shop.surroundings.public_url}{LINK_PATH}"
        token = mail.text.partition(base)[2].partition("\n")[0]
        opened = await find_order_of_token(shop.database, token, NOW)
        assert opened is not None
        assert opened.order_id == order.order_id
        assert f'href="{base}{token}"' in mail.html
        assert await states(shop) == [("OrderPlaced", "sent", 1)]


async def test_the_mails_of_an_order_carry_the_same_link_until_it_grows_old(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        mailer = FakeMailer()
        courier = mail_courier(shop, mailer)
        await receive(shop, 10)
        order = await place(shop)
        await plan(shop)
        await deliver(courier)
        later(shop, timedelta(days=30))
        await place(shop)
        await shop.submit(CancelOrder(order_id=order.order_id, reason=CancellationReason.OTHER), ADMIN)
        await plan(shop)
        await deliver(courier)
        links = {mail.text.partition(LINK_PATH)[2].partition("\n")[0] for mail in mailer.sent}
        assert (len(mailer.sent), len(links)) == (3, 2)


async def test_the_address_before_hears_that_it_was_changed_and_nothing_else(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        order = await place(shop)
        await plan(shop)
        await deliver(mail_courier(shop, FakeMailer()))
        contact = ChangeContact(order_id=order.order_id, email="ana@new.example", name="Ana Novak", locale="en")
        await shop.submit(contact, ADMIN)
        await plan(shop)
        mailer = FakeMailer()
        await deliver(mail_courier(shop, mailer))
        told = {mail.recipient: mail for mail in mailer.sent}
        assert set(told) == {"ana@new.example", "ana@example.com"}
        assert len({mail.mail_id for mail in mailer.sent}) == 2, "two mails, not one twice"
        new, old = told["ana@new.example"], told["ana@example.com"]
        assert LINK_PATH in new.text
        assert "before: ana@example.com" in new.text
        assert (old.language, "adresse électronique" in old.subject) == ("fr", True)
        assert "service client" in " ".join(old.text.split())
        strange = ("ana@new.example", "Novak", LINK_PATH, "BOOT", "€")
        assert [word for word in strange if word in old.text + old.html + old.subject + old.recipient_name] == []


async def test_a_deferred_mail_comes_again_later_and_is_recognized(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await place(shop)
        await plan(shop)
        mailer = FakeMailer(refuse(times=2, error=MailDeferred, told="451 later"))
        courier = mail_courier(shop, mailer)
        await deliver(courier)
        assert (await states(shop), await errors(shop)) == ([("OrderPlaced", "waiting", 1)], ["451 later"])
        await deliver(courier)
        assert len(mailer.tried) == 1, "it is not due yet"
        for wait in MAIL_WAITS[:2]:
            later(shop, wait)
            await deliver(courier)
        assert (await states(shop), await errors(shop)) == ([("OrderPlaced", "sent", 3)], [None])
        assert {mail.mail_id for mail in mailer.tried} == {mailer.sent[0].mail_id}
        assert {mail.html for mail in mailer.tried} == {mailer.sent[0].html}, "it says the same, its link included"


async def test_a_rejected_mail_is_given_up_at_once_and_an_agent_hears_of_it(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        order = await place(shop)
        await plan(shop)
        mailer = FakeMailer(refuse(times=1, error=MailRejected, told="550 nobody"))
        await deliver(mail_courier(shop, mailer))
        assert await states(shop) == [("OrderPlaced", "failed", 1)]
        (given_up,) = await events_of(shop, "DeliveryGivenUp")
        assert given_up["about"] == str(order.order_id)
        assert (given_up["given_up_reason"], given_up["error"]) == ("refused", "550 nobody")
        await plan(shop)
        assert len(await states(shop)) == 1, "nobody is mailed about a mail"


async def test_after_three_days_of_trying_a_mail_is_given_up(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await place(shop)
        await plan(shop)
        mailer = FakeMailer(refuse(times=100, error=MailDeferred, told="451 later"))
        courier = mail_courier(shop, mailer)
        await deliver(courier)
        for wait in MAIL_WAITS:
            assert await events_of(shop, "DeliveryGivenUp") == []
            later(shop, wait)
            await deliver(courier)
        (given_up,) = await events_of(shop, "DeliveryGivenUp")
        assert (given_up["given_up_reason"], given_up["attempts"]) == ("exhausted", len(MAIL_WAITS) + 1)


async def test_a_poisoned_mail_stops_nobody_but_itself(database_url: str) -> None:
    def poisoned(mail: Mail) -> None:
        if mail.recipient == "poison@example.com":
            raise RuntimeError("a bug of ours")

    async with small_shop(database_url) as shop:
        await place(shop, email="poison@example.com")
        for _ in range(50):
            await place(shop)
        await plan(shop)
        mailer = FakeMailer(poisoned)
        await deliver(mail_courier(shop, mailer))
        assert len(mailer.sent) == 50
        assert (await states(shop))[0] == ("OrderPlaced", "waiting", 1)
        assert (await errors(shop))[0] == "RuntimeError"


async def test_couriers_of_two_workers_send_nothing_twice(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        for _ in range(100):
            await place(shop)
        await plan(shop)
        mailer = FakeMailer()
        await asyncio.gather(*(deliver(mail_courier(shop, mailer)) for _ in range(2)))
        assert len(mailer.sent) == len({mail.mail_id for mail in mailer.sent}) == 100


class SlowMailer(FakeMailer):
    """A mailer that gets stuck with its first mail."""

    def __init__(self) -> None:
        super().__init__()
        self.stuck = asyncio.Event()

    async def send(self, mail: Mail) -> None:
        """Takes the mail, and says so to nobody the first time."""
        await super().send(mail)
        if len(self.sent) == 1:
            self.stuck.set()
            await asyncio.Event().wait()


async def test_a_mail_whose_courier_was_killed_is_sent_again_under_the_same_id(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await place(shop)
        await plan(shop)
        mailer = SlowMailer()
        killed = mail_courier(shop, mailer)
        await killed.turn()
        await mailer.stuck.wait()
        other = mail_courier(shop, mailer)
        await deliver(other)
        assert len(mailer.sent) == 1, "while the lease holds nobody else sends it"
        await shop.database.run(_LEASES_ARE_OVER)
        await deliver(other)
        first, second = mailer.sent
        assert first.mail_id == second.mail_id
        assert await states(shop) == [("OrderPlaced", "sent", 2)]
        await killed.stop(patience_seconds=0)


async def test_a_code_overtakes_the_confirmations_that_wait(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        orders = [await place(shop) for _ in range(40)]
        await plan(shop)
        code = await request_code(shop, orders[-1].order_id, CodePurpose.SIGN_IN, ADMIN)
        await plan(shop)
        mailer = FakeMailer()
        courier = mail_courier(shop, mailer)
        await courier.turn()
        await courier.rest()
        digits = customer_code(shop.surroundings.secret, code.code_id)
        mailed = [mail for mail in mailer.sent if "code" in mail.subject]
        assert len(mailed) == 1
        assert f"{digits[:4]} {digits[4:]}" in mailed[0].text
        assert LINK_PATH not in mailed[0].text + mailed[0].html


async def test_a_code_that_is_over_is_not_mailed(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        order = await place(shop)
        await request_code(shop, order.order_id, CodePurpose.CONFIRM_CHANGE, ADMIN)
        await plan(shop)
        later(shop, timedelta(minutes=15))
        mailer = FakeMailer()
        await deliver(mail_courier(shop, mailer))
        assert ["code" in mail.subject for mail in mailer.sent] == [False]
        assert [one["given_up_reason"] for one in await events_of(shop, "DeliveryGivenUp")] == ["outdated"]


@pytest.mark.broken_on_purpose
async def test_all_events_of_one_command_make_one_mail(database_url: str) -> None:
    async with small_shop(database_url) as shop:
        await receive(shop, 5)
        order = await place(shop, quantity=2)
        for quantity in (3, 4):
            await shop.database.run(Statement(_CHANGE_QUANTITY, {"order": order.order_id, "quantity": quantity}))
        await plan(shop)
        mailer = FakeMailer()
        await deliver(mail_courier(shop, mailer))
        confirmation, change = mailer.sent
        assert "confirmée" in confirmation.subject
        quantities = [line.split()[-1] for line in change.text.splitlines() if line.startswith("  ")]
        assert quantities[:2] == ["2", "4"]


# No command of this version has two events for customers, so the log is written by hand.
_CHANGE_QUANTITY = """
    WITH changed AS (
        INSERT INTO kit.event_log (stream, seq, type, data, actor, cause, policy_version, at)
        SELECT l.stream, max(l.seq) + 1, 'LineQuantityChanged',
            json_build_object(
                'line', 1, 'previous_quantity', %(quantity)s - 1, 'quantity', %(quantity)s, 'holds', '[]'::json,
                'release_at', NULL, 'moves', json_build_array(json_build_object(
                    'line', 1, 'sku', 'BOOT-42', 'location', 'LIL', 'quantity', 1, 'source', NULL,
                    'target', 'reserved', 'origin', NULL))),
            'amend', '01934a3e-0000-7000-8000-00000000000c'::uuid, 1, max(l.at)
        FROM kit.event_log AS l
        WHERE l.stream = %(order)s
        GROUP BY l.stream
        RETURNING position)
    INSERT INTO kit.event_queue (position) SELECT position FROM changed
"""
