"""Where an order is, as a person would say it: a headline, a sentence, and how far it has come."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import msgspec

from aftercart.inventory.model import UNMADE_STAGES, Stage
from aftercart.orders.model import Awaited, HoldReason, Order, Status
from aftercart.orders.rules.consequences import consequences_of
from aftercart.orders.rules.told_date import told_date
from aftercart.orders.rules.told_hold import told_hold
from aftercart.sentences.promises import day_in_words
from aftercart.sentences.voice import Voice

NAMED_MAX: Final = 3
"""So many items are called by their name; of more the sentence says how many."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the way; ``state`` is ``done``, ``current`` or ``ahead``."""

    label: str
    state: str


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where the order is; without ``steps`` it goes no further."""

    headline: str
    sentences: tuple[str, ...]
    steps: tuple[Step, ...]


def standing_of(order: Order, voice: Voice) -> Standing:
    """Returns where the order is now."""
    return Standing(
        headline=voice.say(f"standing_{_kind(order)}"),
        sentences=tuple(_sentences(order, voice)),
        steps=() if order.status in _OVER else tuple(_steps(order, voice)),
    )


def expected(order: Order, voice: Voice) -> str | None:
    """Returns the days within which the order arrives; ``None`` when nobody knows, or nothing comes."""
    told, promise = told_date(order), order.delivery.promise
    if order.status in _OVER or told is None:
        return None
    latest = day_in_words(told, voice.language)
    earliest = told if promise is None else promise.earliest_date
    if earliest >= told:
        return latest
    return voice.say("between_days", earliest=day_in_words(earliest, voice.language), latest=latest)


def waiting_names(order: Order) -> tuple[str, ...]:
    """Returns what waits for stock."""
    waiting = {entry.line for entry in order.units if entry.stage is Stage.BACKORDERED}
    return tuple(line.name for line in order.lines if line.line in waiting and not line.made_to_order)


def making_names(order: Order) -> tuple[str, ...]:
    """Returns what is being made for the customer, or will be."""
    unmade = {entry.line for entry in order.units if entry.stage in UNMADE_STAGES}
    return tuple(line.name for line in order.lines if line.line in unmade and line.made_to_order)


def last_day(awaited: Iterable[Awaited]) -> date | None:
    """Returns when the last of what is awaited is there; ``None`` when nobody knows."""
    days = [one.expected_date for one in awaited]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _kind(order: Order) -> str:
    if order.status is Status.ON_HOLD:
        hold = next(iter(order.holds), None)
        return "on_hold" if hold is None else f"hold_{told_hold(hold.reason).value}"
    if order.status is Status.CONFIRMED and making_names(order):
        return "making"
    return order.status.value


def _sentences(order: Order, voice: Voice) -> Iterator[str]:
    status = order.status
    for reason in dict.fromkeys(told_hold(hold.reason) for hold in order.holds):
        yield _hold(reason, order, voice)
    waiting = waiting_names(order)
    if waiting:
        yield _waiting(order, waiting, voice)
    making = making_names(order)
    if making and not order.holds:
        day = last_day(order.awaited)
        names = _listed(making, voice)
        known = "" if day is None else day_in_words(day, voice.language)
        yield voice.say("where_making" if known else "where_making_undated", names=names, day=known)
    if status in _PLAIN or (status is Status.CONFIRMED and not making):
        yield voice.say(f"where_{status.value}")
    if order.split_accepted and waiting:
        yield voice.say("where_split")


def _waiting(order: Order, waiting: tuple[str, ...], voice: Voice) -> str:
    day, names = last_day(order.awaited), _listed(waiting, voice)
    then = "" if order.split_accepted or len(waiting) == len(order.lines) else voice.say("then_together")
    if day is None:
        return voice.say("where_waiting_undated", names=names)
    known = day_in_words(day, voice.language)
    return " ".join(part for part in (voice.say("where_waiting", names=names, day=known), then) if part)


def _hold(reason: HoldReason, order: Order, voice: Voice) -> str:
    if reason is not HoldReason.PAYMENT:
        return voice.say(f"where_hold_{reason.value}")
    due = voice.money(consequences_of(None, order).settlement.due_minor, order.currency)
    how = "transfer" if order.payment.method == "bank_transfer" else "other"
    return voice.say(f"where_hold_payment_{how}", due=due, number=order.number)


def _listed(names: Iterable[str], voice: Voice) -> str:
    unique = list(dict.fromkeys(names))
    if len(unique) > NAMED_MAX:
        return voice.say("items_count", count=len(unique))
    return voice.say("two_names", first=", ".join(unique[:-1]), last=unique[-1]) if len(unique) > 1 else unique[0]


def _steps(order: Order, voice: Voice) -> Iterator[Step]:
    reached = _REACHED.get(order.status, 0)
    for place, name in enumerate(_STEPS):
        state = "done" if place < reached else "current" if place == reached else "ahead"
        yield Step(label=voice.say(name), state=state)


_OVER: Final = frozenset({Status.CANCELED, Status.RETURNED})
_PLAIN: Final = frozenset(
    {
        Status.RELEASED,
        Status.IN_PREPARATION,
        Status.PARTLY_SHIPPED,
        Status.SHIPPED,
        Status.DELIVERED,
        Status.COMPLETED,
        Status.CANCELED,
        Status.RETURNED,
    }
)
_STEPS: Final = ("step_placed", "step_complete", "step_preparing", "step_sent", "step_arrived")
_REACHED: Final = {
    Status.CONFIRMED: 1,
    Status.RELEASED: 2,
    Status.IN_PREPARATION: 2,
    Status.PARTLY_SHIPPED: 3,
    Status.SHIPPED: 3,
    Status.DELIVERED: 4,
    Status.COMPLETED: 4,
}
