"""Confirming a change: a fresh code from the mailbox first, then the change itself, once, with what was shown."""

from collections.abc import Mapping
from typing import Final

import msgspec

from aftercart.access.decisions.redeem_customer_code import CustomerCodeRefused
from aftercart.access.decisions.request_customer_code import TooManyCustomerCodes
from aftercart.access.model import CodePurpose
from aftercart.customer_access import redeem_code, request_code
from aftercart.kit.commands import IdempotencyKeyInFlight, QuoteChanged
from aftercart.kit.outcomes import command_id_of_key
from aftercart.kit.refusal import Refusal
from aftercart.orders.handlers import OrderRef
from aftercart.orders.model import ChangeKind
from aftercart.web.api.reply import Header, Reply
from aftercart.web.portal.answers import see_other
from aftercart.web.portal.change_forms import command_from
from aftercart.web.portal.change_pages import Asked, ChangePages
from aftercart.web.portal.sessions import CODE_SESSION, PendingWish, SentCode, Session, until_of_code
from aftercart.web.portal.turns import Turns
from aftercart.web.portal.visit import Portal, TurnedAway, Visit

_CODE_CHARACTERS_MAX: Final = 40
_decode_ref: Final = msgspec.json.Decoder(OrderRef).decode


class Confirming:
    """Carries changes out."""

    def __init__(self, portal: Portal, pages: ChangePages) -> None:
        self._portal = portal
        self._pages = pages
        self._turns = Turns()

    async def confirm(self, visit: Visit) -> Reply:
        """Carries the change out, for whoever has shown a code from the mailbox a moment ago; else asks for one."""
        session = visit.require_session()
        form = await visit.require_own_form(session)
        pending = self._portal.seals.open(form.get("wish", ""), PendingWish)
        if pending is None or pending.session_id != session.session_id:
            raise TurnedAway(403, "foreign")
        try:
            async with self._turns.of(pending.key):
                return await self._confirm(visit, session, pending, form)
        except IdempotencyKeyInFlight:
            return see_other(f"/orders/{session.number}")  # the first click is on its way in another process

    async def _confirm(self, visit: Visit, session: Session, pending: PendingWish, form: Mapping[str, str]) -> Reply:
        asked = await self._pages.asked(visit, pending.fields)
        if pending.change != asked.change.value:
            raise TurnedAway(403, "foreign")
        if session.is_proven(visit.now):
            return await self._carry_out(visit, asked, pending, quote=form.get("quote") or None)
        sent = self._portal.seals.open(form.get("sent", ""), SentCode)
        if sent is None:
            return await self._send_code(visit, asked, form)
        visit.require_room()
        if sent.session_id != session.session_id or sent.number != session.number or visit.now >= sent.until:
            raise TurnedAway(403, "foreign")
        try:
            await redeem_code(
                self._portal.shop,
                session.order_id,
                visit.actor(session),
                code_id=sent.code_id,
                code=form.get("code", "")[:_CODE_CHARACTERS_MAX],
                purpose=CodePurpose.CONFIRM_CHANGE,
                key=pending.key,
            )
        except CustomerCodeRefused:
            return self._code_form(visit, asked, form, sent, errors={"code": asked.voice.say("error_code")})
        proven = msgspec.structs.replace(session, proven_at=visit.now)
        asked = asked._replace(session=proven)
        cookie = visit.session_cookie(proven)
        return await self._carry_out(visit, asked, pending, quote=form.get("quote") or None, headers=(cookie,))

    async def _send_code(self, visit: Visit, asked: Asked, form: Mapping[str, str]) -> Reply:
        visit.require_room()
        session = asked.session
        # The same form sent twice asks for the same code: two mails would leave people with the wrong one.
        code_id = command_id_of_key(session.session_id, f"code {form.get('code_key', '')}")
        try:
            await request_code(
                self._portal.shop,
                session.order_id,
                CodePurpose.CONFIRM_CHANGE,
                visit.actor(session),
                code_id=code_id,
            )
        except TooManyCustomerCodes as refusal:
            raise TurnedAway(429, "codes", seconds=refusal.values["retry_after_seconds"]) from refusal
        sent = SentCode(
            session_id=session.session_id, code_id=code_id, number=session.number, until=until_of_code(visit.now)
        )
        return self._code_form(visit, asked, form, sent)

    def _code_form(
        self,
        visit: Visit,
        asked: Asked,
        form: Mapping[str, str],
        sent: SentCode,
        *,
        errors: dict[str, str] | None = None,
    ) -> Reply:
        return visit.page(
            "confirm_code.html",
            asked.voice,
            status=422 if errors else 200,
            here=asked.here,
            what=asked.title,
            email=asked.order.customer.email,
            errors=errors or {},
            action=f"{asked.path}/confirm",
            wish=form["wish"],
            quote=form.get("quote", ""),
            sent=self._portal.seals.seal(sent),
            code_key=self._portal.shop.ids.secret(),
            number=asked.order.number,
        )

    async def _carry_out(
        self,
        visit: Visit,
        asked: Asked,
        pending: PendingWish,
        *,
        quote: str | None,
        headers: tuple[Header, ...] = (),
    ) -> Reply:
        session, given = asked.session, pending.fields
        done = f"/orders/{session.number}?done={asked.change.value}"
        try:
            command = command_from(asked.change, given, session.order_id)
            answer = await self._portal.shop.submit(command, visit.actor(session), key=pending.key, quote=quote)
        except QuoteChanged:
            notice = asked.voice.say("preview_moved")
            return await self._pages.meaning(visit, asked, given, key=pending.key, notice=notice, headers=headers)
        except IdempotencyKeyInFlight:
            raise
        except Refusal as refusal:
            return await self._pages.refused(visit, asked, given, refusal, headers=headers)
        if asked.change is not ChangeKind.ORDER_AGAIN:
            return see_other(done, headers=headers)
        return await self._into_new_order(visit, asked, _decode_ref(answer.result), headers=headers)

    async def _into_new_order(
        self, visit: Visit, asked: Asked, placed: OrderRef, *, headers: tuple[Header, ...]
    ) -> Reply:
        """Lets the customer in to the order they have just placed; they have just proven who they are."""
        order = await self._portal.orders.find(placed.order_id)
        assert order is not None, "an order that was placed is there"
        session = Session(
            session_id=self._portal.shop.ids.secret(),
            order_id=order.order_id,
            number=order.number,
            until=min(visit.now + CODE_SESSION, asked.session.until),
            proven_at=asked.session.proven_at,
        )
        done = f"/orders/{order.number}?done={asked.change.value}"
        return see_other(done, headers=(*headers, visit.session_cookie(session)))
