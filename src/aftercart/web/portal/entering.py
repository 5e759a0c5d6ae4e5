"""The ways in to an order: the link of a mail, or the order's number and a code that is mailed to its customer.

Nobody learns here whether an order exists: whatever is asked for, the answer is the same and takes the same work.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import structlog

from aftercart.access.decisions.redeem_customer_code import CustomerCodeRefused
from aftercart.access.decisions.request_customer_code import TooManyCustomerCodes
from aftercart.access.model import CodePurpose
from aftercart.customer_access import NOBODY, follow_link, redeem_code, request_code
from aftercart.kit.commands import Actor
from aftercart.kit.ids import parse_order_number
from aftercart.permissions import SYSTEM
from aftercart.views.order_ids import find_order_id
from aftercart.web.api.reply import Reply
from aftercart.web.portal.answers import see_other
from aftercart.web.portal.errands import Errands
from aftercart.web.portal.sessions import CODE_SESSION, SentCode, Session, Stranger, until_of_code, until_of_link
from aftercart.web.portal.turns import Turns
from aftercart.web.portal.visit import FIND_PATH, Portal, TurnedAway, Visit

log = structlog.get_logger(__name__)

CODE_PATH: Final = f"{FIND_PATH}/code"
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")
_EMAIL_CHARACTERS_MAX: Final = 254
_CODE_CHARACTERS_MAX: Final = 40


class Entrance:
    """Lets customers in to their order."""

    def __init__(self, portal: Portal, errands: Errands) -> None:
        self._portal = portal
        self._errands = errands
        self._turns = Turns()

    async def open_link(self, visit: Visit) -> Reply:
        """Exchanges the token of a link for a session; one that opens nothing gets a page that offers another way."""
        shop = self._portal.shop
        opened = await follow_link(shop, self._portal.orders, visit.request.path_params["token"])
        if opened is None:
            return visit.page("link_over.html", visit.voice(), status=404, here=FIND_PATH)
        order, expires_at = opened
        session = Session(
            session_id=shop.ids.secret(),
            order_id=order.order_id,
            number=order.number,
            until=until_of_link(visit.now, expires_at),
        )
        return see_other(f"/orders/{order.number}", headers=(visit.session_cookie(session),))

    async def show_form(self, visit: Visit) -> Reply:
        """Shows the form that asks for an order's number and the customer's e-mail address."""
        number = parse_order_number(visit.query.get("number", "")) or ""
        return self._form(visit, {"number": number})

    async def ask_for_code(self, visit: Visit) -> Reply:
        """Asks for a code to be mailed if the order and the address belong together; the answer comes before that."""
        stranger = visit.stranger()
        form = await visit.require_own_form(stranger)
        assert stranger is not None
        visit.require_room()
        number = parse_order_number(form.get("number", ""))
        email = form.get("email", "")
        errors: dict[str, str] = {}
        if number is None:
            errors["number"] = "error_number"
        if not _EMAIL.fullmatch(email) or len(email) > _EMAIL_CHARACTERS_MAX:
            errors["email"] = "error_email"
        if number is None or errors:
            return self._form(visit, form, errors=errors)
        code_id = self._portal.shop.ids.new_id(visit.now)
        self._errands.send(self._mail_code(number, email, code_id), name="mail-code")
        sent = SentCode(session_id=stranger.session_id, code_id=code_id, number=number, until=until_of_code(visit.now))
        return self._code_form(visit, stranger, sent)

    async def take_code(self, visit: Visit) -> Reply:
        """Lets in whoever typed the code that was mailed."""
        stranger = visit.stranger()
        form = await visit.require_own_form(stranger)
        assert stranger is not None
        visit.require_room()
        sent = self._portal.seals.open(form.get("sent", ""), SentCode)
        if sent is None or sent.session_id != stranger.session_id or visit.now >= sent.until:
            raise TurnedAway(403, "foreign")
        shop = self._portal.shop
        order_id = await find_order_id(shop.database, sent.number) or NOBODY
        code = form.get("code", "")[:_CODE_CHARACTERS_MAX]
        actor = Actor(name=f"customer:{order_id}", role="customer", order_id=order_id)
        try:
            async with self._turns.of(str(sent.code_id)):
                await redeem_code(
                    shop, order_id, actor, code_id=sent.code_id, code=code, purpose=CodePurpose.SIGN_IN, key="find"
                )
        except CustomerCodeRefused:
            return self._code_form(visit, stranger, sent, errors={"code": "error_code"})
        session = Session(
            session_id=shop.ids.secret(), order_id=order_id, number=sent.number, until=visit.now + CODE_SESSION
        )
        return see_other(f"/orders/{sent.number}", headers=(visit.session_cookie(session),))

    async def leave(self, visit: Visit) -> Reply:
        """Ends the session in this browser."""
        session = visit.require_session()
        await visit.require_own_form(session)
        return see_other(FIND_PATH, headers=(visit.forget_session(session),))

    async def _mail_code(self, number: str, email: str, code_id: UUID) -> None:
        order_id = await find_order_id(self._portal.shop.database, number)
        order = await self._portal.orders.find(NOBODY if order_id is None else order_id)
        if order is None or order.customer.email.casefold() != email.casefold():
            return
        try:
            await request_code(self._portal.shop, order.order_id, CodePurpose.SIGN_IN, SYSTEM, code_id=code_id)
        except TooManyCustomerCodes:
            # Whoever asked must not learn of it: that would tell that there is such an order.
            log.info("too_many_codes", order=str(order.order_id))

    def _form(self, visit: Visit, form: Mapping[str, str], *, errors: dict[str, str] | None = None) -> Reply:
        stranger = visit.stranger() or Stranger(session_id=self._portal.shop.ids.secret())
        return visit.page(
            "find.html",
            visit.voice(),
            status=422 if errors else 200,
            headers=(visit.stranger_cookie(stranger),),
            here=FIND_PATH,
            token=self._portal.seals.form_token(stranger.session_id),
            fields=form,
            errors=errors or {},
        )

    def _code_form(
        self, visit: Visit, stranger: Stranger, sent: SentCode, *, errors: dict[str, str] | None = None
    ) -> Reply:
        return visit.page(
            "find_code.html",
            visit.voice(),
            status=422 if errors else 200,
            here=FIND_PATH,
            token=self._portal.seals.form_token(stranger.session_id),
            sent=self._portal.seals.seal(sent),
            action=CODE_PATH,
            errors=errors or {},
        )


def find_path(number: str | None) -> str:
    """Returns where an order is found; ``number`` is filled in already."""
    return FIND_PATH if number is None else f"{FIND_PATH}?{urlencode({'number': number})}"
