"""Composing the message that tells what a command did: a letter from the order before and after, and its events."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec

from aftercart.notifications.messages.clock import clock
from aftercart.notifications.messages.differences import differences, taken_out_of_hand
from aftercart.notifications.messages.kinds import MessageKind
from aftercart.notifications.messages.letter import Letter, Section
from aftercart.notifications.messages.recap import recap
from aftercart.orders.model import DEFAULT_POLICY, CancellationReason, HoldReason, Order, Policy, Status
from aftercart.orders.rules.consequences import Settlement, consequences_of
from aftercart.orders.rules.readiness import has_waiting_units
from aftercart.orders.rules.told_date import told_date
from aftercart.orders.rules.unit_ledger import live_quantity, waiting_pieces
from aftercart.sentences import event_sentence
from aftercart.sentences.voice import Voice


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One event as the log keeps it: its name and its fields."""

    type: str
    data: Mapping[str, Any]


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """What a message is about: an order after something happened, and before unless it was its placement.

    ``link`` opens the order's page; ``code`` is for ``CUSTOMER_CODE`` only.
    """

    kind: MessageKind
    shop: str
    voice: Voice
    now: datetime
    before: Order | None
    after: Order
    events: tuple[Happened, ...]
    policy: Policy = DEFAULT_POLICY
    link: str | None = None
    code: str | None = None


def compose(occasion: Occasion) -> Letter:
    """Returns the letter for the order's customer."""
    return _WRITERS[occasion.kind](occasion)


def _confirmed(occasion: Occasion) -> Letter:
    order, voice = occasion.after, occasion.voice
    how = {Status.AWAITING_PAYMENT: "unpaid", Status.BACKORDERED: "backordered"}.get(order.status, "confirmed")
    due = voice.money(_settlement(order).due_minor, order.currency)
    return _letter(
        occasion,
        how,
        sentences=(voice.say(f"{how}_intro", due=due),),
        sections=_sections(_clock(occasion)),
        recap=recap(order, voice),
    )


def _changed(occasion: Occasion) -> Letter:
    order, voice, before = occasion.after, occasion.voice, occasion.before
    different = differences(before, order, voice) if before is not None else ()
    # What compares alike is told as it is on the timeline: a message without a word of what happened helps nobody.
    told = () if different else _told(occasion)
    return _letter(
        occasion,
        "changed",
        sentences=(*told, *taken_out_of_hand(before, order, voice), *_money(order, voice)),
        differences_title=voice.say("changes"),
        before=voice.say("before"),
        now=voice.say("now"),
        differences=different,
        sections=_sections(_clock(occasion)),
        recap=recap(order, voice),
        small_print=(voice.say("not_you"),),
    )


def _canceled(occasion: Occasion) -> Letter:
    order, voice = occasion.after, occasion.voice
    reasons = [event.data["reason"] for event in occasion.events if event.type == "OrderCanceled"]
    unpaid = CancellationReason.PAYMENT_NOT_RECEIVED.value in reasons
    why = (
        [voice.say("canceled_unpaid")]
        if unpaid
        else [
            voice.say("canceled_reason", reason=voice.find(f"reason_{reason}") or voice.name("reason", reason))
            for reason in reasons
        ]
    )
    authorized = order.payment.authorized_minor
    money = (
        voice.say("not_charged", authorized=voice.money(authorized, order.currency))
        if authorized
        else voice.say("nothing_paid")
    )
    return _letter(
        occasion,
        "canceled",
        sentences=(*why, *taken_out_of_hand(occasion.before, order, voice), money),
        sections=_sections(Section(title=voice.say("canceled_lines"), sentences=_fewer(occasion))),
        small_print=() if unpaid else (voice.say("not_you"),),
    )


def _delayed(occasion: Occasion) -> Letter:
    order, voice, before = occasion.after, occasion.voice, occasion.before
    previous, promised = None if before is None else told_date(before), told_date(order)
    how = _how_it_moved(previous, promised)
    day = "" if promised is None else voice.day(promised)
    was = "" if previous is None else voice.day(previous)
    return _letter(
        occasion,
        how,
        subject={"day": day},
        sentences=(voice.say(f"{how}_intro", before=was, after=day), voice.say("delayed_possible")),
        sections=_sections(
            Section(title=voice.say("reason"), sentences=_told(occasion)),
            _clock(occasion),
        ),
        recap=recap(order, voice),
    )


def _clock(occasion: Occasion) -> Section | None:
    return clock(occasion.after, occasion.voice, now=occasion.now, policy=occasion.policy)


def _how_it_moved(previous: date | None, promised: date | None) -> str:
    if promised is None:
        return "undated"
    if previous is None:
        return "dated"
    return "delayed" if promised > previous else "sooner"


def _producing(occasion: Occasion) -> Letter:
    order, voice = occasion.after, occasion.voice
    begun = {event.data["line"] for event in occasion.events if event.type == "ProductionStarted"}
    lines = tuple(line.name for line in order.lines if line.line in begun)
    return _letter(
        occasion,
        "producing",
        sentences=(voice.say("producing_intro"),),
        sections=_sections(
            Section(title=voice.say("producing_lines"), sentences=lines),
            _clock(occasion),
        ),
        recap=recap(order, voice),
    )


def _arrived(occasion: Occasion) -> Letter:
    order, voice = occasion.after, occasion.voice
    how = "arrived_part" if has_waiting_units(order) else "arrived_held" if order.holds else "arrived_all"
    return _letter(
        occasion,
        "arrived",
        sentences=(voice.say(how),),
        sections=_sections(
            Section(title=voice.say("arrived_lines"), sentences=tuple(_arrivals(occasion))),
            _clock(occasion),
        ),
        recap=recap(order, voice),
    )


def _arrivals(occasion: Occasion) -> Iterator[str]:
    """Yields what is there now, in pieces as they were ordered; of a bundle, parts too that complete none."""
    order = occasion.after
    before = order if occasion.before is None else occasion.before
    moved = {move["line"] for event in occasion.events for move in event.data.get("moves", ())}
    for line in order.lines:
        pieces = waiting_pieces(before.units, line) - waiting_pieces(order.units, line)
        if pieces > 0:
            yield f"{pieces} × {line.name}"
        elif line.line in moved:
            yield occasion.voice.say("arrived_in_part", name=line.name)


def _code(occasion: Occasion) -> Letter:
    order, voice = occasion.after, occasion.voice
    (request,) = occasion.events
    expires_at = msgspec.convert(request.data["expires_at"], datetime)
    letter = _letter(
        occasion,
        "code",
        sentences=(
            voice.say(f"code_{request.data['purpose']}", number=order.number),
            voice.say("code_valid", moment=voice.moment(expires_at)),
        ),
        code=occasion.code,
        small_print=(voice.say("code_not_you"),),
    )
    # A link beside the code would make the code useless: whoever reads the mail over somebody's shoulder has both.
    return msgspec.structs.replace(letter, link=None)


def _address_replaced(occasion: Occasion) -> Letter:
    order, voice = occasion.after, occasion.voice
    sentences = (voice.say("address_replaced", number=order.number), voice.say("address_not_you", shop=occasion.shop))
    return _letter(occasion, "address_replaced", sentences=sentences)


def _letter(occasion: Occasion, phrases: str, *, subject: Mapping[str, str] | None = None, **parts: Any) -> Letter:
    """Returns a letter with the phrases ``..._subject`` and ``..._heading`` and what every letter has."""
    order, voice = occasion.after, occasion.voice
    small_print: Sequence[str] = parts.pop("small_print", ())
    about_link = () if occasion.link is None or occasion.code is not None else (voice.say("link_is_personal"),)
    return Letter(
        language=voice.language,
        shop=occasion.shop,
        subject=voice.say(f"{phrases}_subject", number=order.number, **(subject or {})),
        heading=voice.say(f"{phrases}_heading"),
        greeting=voice.say("greeting", name=order.customer.name),
        number=voice.say("order_number", number=order.number),
        colon=voice.say("colon"),
        button=voice.say("button"),
        link=occasion.link,
        small_print=(*small_print, *about_link, voice.say("why_you", shop=occasion.shop)),
        **parts,
    )


def _sections(*sections: Section | None) -> tuple[Section, ...]:
    return tuple(section for section in sections if section is not None and section.sentences)


def _told(occasion: Occasion) -> tuple[str, ...]:
    language = occasion.voice.language
    return tuple(
        event_sentence(event.type, _by_name(event.data, occasion.after), language) for event in occasion.events
    )


def _by_name(event: Mapping[str, Any], order: Order) -> Mapping[str, Any]:
    """Returns the event with the name of what its ``sku`` is, or is part of."""
    sku = event.get("sku")
    names = (line.name for line in order.lines if sku in (line.sku, *(part.sku for part in line.components)))
    name = next(names, None)
    return event if name is None else {**event, "sku": name}


def _fewer(occasion: Occasion) -> tuple[str, ...]:
    before = occasion.before
    if before is None:
        return ()
    order = occasion.after
    fewer = [(line, live_quantity(before.units, line) - live_quantity(order.units, line)) for line in order.lines]
    return tuple(f"{quantity} × {line.name}" for line, quantity in fewer if quantity > 0)


def _settlement(order: Order) -> Settlement:
    return consequences_of(None, order).settlement


def _money(order: Order, voice: Voice) -> tuple[str, ...]:
    settlement = _settlement(order)
    authorized = voice.money(settlement.authorized_minor, order.currency)
    if settlement.due_minor:
        due = voice.say("due", due=voice.money(settlement.due_minor, order.currency), authorized=authorized)
        hold = next((hold for hold in order.holds if hold.reason is HoldReason.PAYMENT), None)
        if hold is None or hold.expires_at is None:
            return (due,)
        return due, voice.say("due_until", moment=voice.moment(hold.expires_at))
    if settlement.freed_minor:
        freed = voice.money(settlement.freed_minor, order.currency)
        return (voice.say("freed", authorized=authorized, freed=freed),)
    return ()


_WRITERS: Final[dict[MessageKind, Callable[[Occasion], Letter]]] = {
    MessageKind.CUSTOMER_CODE: _code,
    MessageKind.ORDER_CONFIRMED: _confirmed,
    MessageKind.ORDER_CANCELED: _canceled,
    MessageKind.ORDER_DELAYED: _delayed,
    MessageKind.ORDER_CHANGED: _changed,
    MessageKind.STOCK_ARRIVED: _arrived,
    MessageKind.PRODUCTION_STARTED: _producing,
    MessageKind.ADDRESS_REPLACED: _address_replaced,
}
