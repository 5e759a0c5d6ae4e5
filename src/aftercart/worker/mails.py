"""Mails: writes what a delivery tells the customer of an order, and hands it to the mailer."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid5

import msgspec

from aftercart.access.events import CustomerCodeRequested
from aftercart.access.rules.derived_secrets import customer_code
from aftercart.customer_access import ensure_link
from aftercart.kit.outcomes import command_id_of_key
from aftercart.notifications.messages.compose import Happened, Occasion, compose
from aftercart.notifications.messages.kinds import MessageKind, message_kind
from aftercart.notifications.messages.render import render_html, render_text
from aftercart.notifications.model import GivenUpReason
from aftercart.notifications.outbox import Claim, claim_mails
from aftercart.notifications.ports import Mail, MailDeferred, Mailer, MailRejected
from aftercart.orders.model import DEFAULT_POLICY, Order, PolicyKey
from aftercart.permissions import SYSTEM
from aftercart.sentences.voice import voice_for
from aftercart.shop import Shop
from aftercart.views.change_of_order import CausedEvent, find_caused_events, load_change_of_order
from aftercart.views.order import OrderReader
from aftercart.worker.courier import Attempt, Courier

SLOTS: Final = 32
"""More than the mailer has connections: while some mails are on their way, the next ones are written and wait."""


class Outdated(Exception):
    """What was to be written is of no use any more."""


def mail_courier(shop: Shop, mailer: Mailer) -> Courier:
    """Returns the courier that writes and sends mails."""
    writer = MailWriter(shop)

    async def take(free: int, _under_way: Sequence[Claim]) -> list[Claim]:
        return await claim_mails(shop.database, now=shop.clock.now(), limit=free)

    async def send(claim: Claim) -> Attempt:
        try:
            for mail in await writer.write(claim):
                await mailer.send(mail)
        except MailDeferred as deferred:
            return Attempt(error=str(deferred))
        except MailRejected as rejected:
            return Attempt(error=str(rejected), give_up=GivenUpReason.REFUSED)
        except Outdated as outdated:
            return Attempt(error=str(outdated), give_up=GivenUpReason.OUTDATED)
        return Attempt()

    return Courier(shop, take=take, send=send, slots=SLOTS)


class MailWriter:
    """Writes mails from what the log says happened, at the moment they are sent."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._orders = OrderReader(shop.database)

    async def write(self, claim: Claim) -> tuple[Mail, ...]:
        """Returns the mail for a delivery; raises ``Outdated``, or ``LookupError`` when nothing happened.

        The e-mail address it was before hears that it was changed, and nothing else: it may never have been the
        customer's.
        """
        events = await find_caused_events(self._shop.database, claim.stream, claim.cause)
        kind = message_kind(event.type for event in events)
        if kind is None:
            raise LookupError(f"command {claim.cause} did nothing that customers are told of")
        if kind is MessageKind.CUSTOMER_CODE:
            return await self._write_code(claim, events)
        change = await load_change_of_order(self._shop.database, claim.stream, claim.cause)
        link_id = command_id_of_key("customer link", str(claim.delivery_id))
        email = change.after.customer.email
        link = await ensure_link(self._shop, claim.stream, SYSTEM, email=email, command_id=link_id)
        state = await self._shop.bus.read((PolicyKey(),))
        mail = self._mail(
            claim,
            kind,
            before=change.before,
            after=change.after,
            events=change.events,
            link=link,
            policy=state.find(PolicyKey()) or DEFAULT_POLICY,
        )
        if change.before is None or change.before.customer.email == mail.recipient:
            return (mail,)
        notice = self._mail(claim, MessageKind.ADDRESS_REPLACED, before=None, after=change.before, events=())
        notice_id = uuid5(claim.delivery_id, notice.recipient)
        return mail, msgspec.structs.replace(notice, mail_id=notice_id)

    async def _write_code(self, claim: Claim, events: Sequence[CausedEvent]) -> tuple[Mail, ...]:
        (event,) = events
        request = msgspec.json.decode(event.data, type=CustomerCodeRequested)
        if request.expires_at <= self._shop.clock.now():
            raise Outdated("the code is over")
        order = await self._orders.find(request.order_id)
        if order is None:
            raise LookupError(f"there is no order {request.order_id}")
        code = customer_code(self._shop.surroundings.secret, claim.stream)
        return (self._mail(claim, MessageKind.CUSTOMER_CODE, before=order, after=order, events=events, code=code),)

    def _mail(
        self,
        claim: Claim,
        kind: MessageKind,
        *,
        before: Order | None,
        after: Order,
        events: Sequence[CausedEvent],
        **more: Any,
    ) -> Mail:
        surroundings = self._shop.surroundings
        occasion = Occasion(
            kind=kind,
            shop=surroundings.name,
            voice=voice_for(after.customer.locale, zone=surroundings.zone),
            now=self._shop.clock.now(),
            before=before,
            after=after,
            events=tuple(Happened(type=event.type, data=msgspec.json.decode(event.data)) for event in events),
            **more,
        )
        return _addressed(claim, occasion)


def _addressed(claim: Claim, occasion: Occasion) -> Mail:
    letter = compose(occasion)
    return Mail(
        mail_id=claim.delivery_id,
        recipient=occasion.after.customer.email,
        recipient_name=occasion.after.customer.name,
        subject=letter.subject,
        text=render_text(letter),
        html=render_html(letter),
        language=letter.language,
        written_at=occasion.now,
    )
