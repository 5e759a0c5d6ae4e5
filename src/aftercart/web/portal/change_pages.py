"""The pages of a change before it is made: its form, why it is not possible, and what it would mean.

Everything is asked of the bus as any other customer's call: policy, fees and permissions are those of the API.
"""

from typing import Any, Final, NamedTuple

from aftercart.kit.commands import Preview
from aftercart.kit.refusal import Invalid, Refusal
from aftercart.orders.handlers import OrderNotFound
from aftercart.orders.model import ChangeKind, Order
from aftercart.orders.queries import load_policy
from aftercart.orders.rules.allowed_changes import LINE_CHANGES, AllowedChange, allowed_changes
from aftercart.orders.rules.facts import Asker, Circumstances
from aftercart.sentences.telling import expectation
from aftercart.sentences.voice import Voice
from aftercart.web.api.reply import Header, Reply
from aftercart.web.portal.change_fields import Given, line_of
from aftercart.web.portal.change_forms import FORMS, command_from, field_of
from aftercart.web.portal.choices import choices_for
from aftercart.web.portal.consequences import meaning_of, meaning_of_new
from aftercart.web.portal.fields import Field, all_fields
from aftercart.web.portal.possible import change_path, closed_change, why
from aftercart.web.portal.sessions import PendingWish, Session
from aftercart.web.portal.visit import NotLetIn, Portal, TurnedAway, Visit


class Asked(NamedTuple):
    """What a visit is about."""

    session: Session
    change: ChangeKind
    order: Order
    voice: Voice
    line: int | None

    @property
    def path(self) -> str:
        """Returns where the form is."""
        return change_path(self.order.number, self.change)

    @property
    def here(self) -> str:
        """Returns where the form is, for the line it is about."""
        return change_path(self.order.number, self.change, self.line)

    @property
    def title(self) -> str:
        """Returns what is asked for, and of which line."""
        title = self.voice.say(f"do_{self.change.value}")
        if self.line is None:
            return title
        return f"{title}{self.voice.say('colon')} {self.order.lines[self.line - 1].name}"


class ChangePages:
    """Shows the forms of changes, and what they mean."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    async def show_form(self, visit: Visit) -> Reply:
        """Shows the form with what is so now; for a change that is not possible why, and what is instead."""
        asked = await self.asked(visit, visit.query)
        closed = await self._closed(visit, asked)
        if closed is not None:
            return closed
        return await self._form(visit, asked, visit.query)

    async def preview(self, visit: Visit) -> Reply:
        """Shows what the change would mean; changes nothing."""
        session = visit.require_session()
        form = await visit.require_own_form(session)
        asked = await self.asked(visit, form)
        given = {name: value for name, value in form.items() if name not in _NOT_ASKED_FOR}
        key = form.get("key") or self._portal.shop.ids.secret()
        return await self.meaning(visit, asked, given, key=key)

    async def asked(self, visit: Visit, given: Given) -> Asked:
        """Returns what a visit is about; raises ``NotLetIn``, or ``TurnedAway`` for a change or line there is not."""
        session = visit.require_session()
        try:
            change = ChangeKind(visit.request.path_params["change"].replace("-", "_"))
        except ValueError:
            raise TurnedAway(404, "missing") from None
        order = await self._portal.orders.find(session.order_id)
        if order is None:
            raise NotLetIn(session.number)
        line = line_of(order, given)
        if change in LINE_CHANGES and line is None:
            raise TurnedAway(404, "missing")
        return Asked(session, change, order, visit.voice(order), line if change in LINE_CHANGES else None)

    async def _closed(self, visit: Visit, asked: Asked) -> Reply | None:
        policy = await load_policy(self._portal.shop.database)
        given = Circumstances(now=visit.now, asker=Asker.CUSTOMER, policy=policy)
        told = tuple(allowed_changes(asked.order, given))
        one = next(one for one in told if one.change is asked.change and one.line == asked.line)
        return None if one.refusal is None else self._closed_page(visit, asked, one, told)

    def _closed_page(self, visit: Visit, asked: Asked, one: AllowedChange, told: tuple[AllowedChange, ...]) -> Reply:
        possible = {other.change for other in told if other.refusal is None}
        closed = closed_change(asked.order, one, possible, asked.voice)
        return visit.page("closed.html", asked.voice, status=409, closed=closed, number=asked.order.number)

    async def _form(
        self,
        visit: Visit,
        asked: Asked,
        given: Given,
        *,
        refusal: Refusal | None = None,
        errors: dict[str, str] | None = None,
        status: int = 200,
        headers: tuple[Header, ...] = (),
    ) -> Reply:
        order, voice = asked.order, asked.voice
        chosen = await choices_for(self._portal, order, asked.change, voice, given)
        fields = (*chosen, *FORMS[asked.change].fields(order, voice, given))
        if refusal is not None:
            errors = _errors(refusal, fields, given, asked)
        return visit.page(
            "change.html",
            voice,
            status=status,
            headers=headers,
            here=asked.path,
            title=asked.title,
            about=voice.say(f"about_{asked.change.value}"),
            fields=fields,
            errors=errors or {},
            action=f"{asked.path}/preview",
            path=asked.path,
            near=given.get("near", "") if asked.change is ChangeKind.CHANGE_PICKUP_POINT else None,
            line="" if asked.line is None else str(asked.line),
            key=self._portal.shop.ids.secret(),
            number=order.number,
            has_choice=bool(chosen) or asked.change not in _CHOSEN,
        )

    async def meaning(
        self,
        visit: Visit,
        asked: Asked,
        given: Given,
        *,
        key: str,
        notice: str | None = None,
        headers: tuple[Header, ...] = (),
    ) -> Reply:
        """Shows the consequences as they are now, below a notice if there is one."""
        try:
            command = command_from(asked.change, given, asked.order.order_id)
            preview = await self._portal.shop.preview(command, visit.actor(asked.session))
        except Refusal as refusal:
            return await self.refused(visit, asked, given, refusal, headers=headers)
        if _changes_nothing(preview, asked):
            errors = {"": asked.voice.say("error_nothing")}
            return await self._form(visit, asked, given, errors=errors, status=422, headers=headers)
        session, voice = asked.session, asked.voice
        wish = PendingWish(session_id=session.session_id, change=asked.change.value, fields=dict(given), key=key)
        is_new = asked.change is ChangeKind.ORDER_AGAIN
        after: Order = preview.after
        meaning = meaning_of_new(after, voice) if is_new else meaning_of(asked.order, after, voice, change=asked.change)
        return visit.page(
            "preview.html",
            voice,
            headers=headers,
            here=asked.here,
            meaning=meaning,
            title=voice.say("preview_order_again" if is_new else "preview_title"),
            what=asked.title,
            notice=notice,
            action=f"{asked.path}/confirm",
            wish=self._portal.seals.seal(wish),
            quote=preview.quote or "",
            code_key=self._portal.shop.ids.secret(),
            is_proven=session.is_proven(visit.now),
            is_cancellation=asked.change is ChangeKind.CANCEL_ORDER,
            edit=asked.here,
            number=asked.order.number,
        )

    async def refused(
        self, visit: Visit, asked: Asked, given: Given, refusal: Refusal, *, headers: tuple[Header, ...]
    ) -> Reply:
        """Shows the form again with what stands against the change beside its field."""
        if isinstance(refusal, OrderNotFound) or refusal.status in _NOT_FOR_FORMS:
            raise refusal
        return await self._form(visit, asked, given, refusal=refusal, status=refusal.status, headers=headers)


def _changes_nothing(preview: Preview, asked: Asked) -> bool:
    return asked.change is not ChangeKind.ORDER_AGAIN and preview.after == preview.before


def _errors(refusal: Refusal, fields: tuple[Field, ...], given: Given, asked: Asked) -> dict[str, str]:
    voice = asked.voice
    by_name: dict[str, Any] = {field.name: field for field in all_fields(fields)}
    name = field_of(refusal, by_name, given)
    if not isinstance(refusal, Invalid):
        return {name: why(refusal, asked.order, voice)}
    label = by_name[name].label if name else asked.title
    if name and not given.get(name) and not by_name[name].options:
        return {name: voice.say("error_empty", label=label)}
    expected = expectation(str(refusal.values["expected"]), voice.language)
    return {name: voice.say("error_expected", label=label, expected=expected)}


_NOT_ASKED_FOR: Final = frozenset({"token", "key", "quote", "wish"})
_CHOSEN: Final = frozenset({ChangeKind.SWAP_VARIANT, ChangeKind.CHANGE_DELIVERY_METHOD, ChangeKind.CHANGE_PICKUP_POINT})
"""What is nothing without something to choose from."""
_NOT_FOR_FORMS: Final = frozenset({403, 503})
"""What no other answer of theirs would help against."""
