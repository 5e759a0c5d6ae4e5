"""Which changes a page offers, with their fee and deadline; and why not, with what is possible instead."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec

from aftercart.kit.refusal import Refusal
from aftercart.orders.model import ChangeKind, Order, Policy
from aftercart.orders.rules.allowed_changes import LINE_CHANGES, AllowedChange, allowed_changes
from aftercart.orders.rules.change_refusals import NothingToSplit
from aftercart.orders.rules.facts import Asker, Circumstances
from aftercart.sentences import refusal_sentence
from aftercart.sentences.voice import Voice


class ChangeLink(msgspec.Struct, frozen=True, kw_only=True):
    """A change that is offered."""

    label: str
    path: str
    note: str = ""


class ClosedChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change that is not possible, why, and what is instead."""

    label: str
    why: str
    instead: tuple[ChangeLink, ...]


class Possible(msgspec.Struct, frozen=True, kw_only=True):
    """Every change of an order, sorted out: for all of it, by line, and those that are closed.

    ``why_by_line`` tells of lines with nothing to change while others of the order have something.
    """

    whole: tuple[ChangeLink, ...]
    by_line: dict[int, tuple[ChangeLink, ...]]
    why_by_line: dict[int, str]
    closed: tuple[ClosedChange, ...]


def change_path(number: str, change: ChangeKind, line: int | None = None) -> str:
    """Returns where the form for a change is."""
    path = f"/orders/{number}/change/{change.value.replace('_', '-')}"
    return path if line is None else f"{path}?line={line}"


def possible_changes(order: Order, voice: Voice, *, now: datetime, policy: Policy) -> Possible:
    """Returns what the customer may change now."""
    told = tuple(allowed_changes(order, Circumstances(now=now, asker=Asker.CUSTOMER, policy=policy)))
    open_kinds = {one.change for one in told if one.refusal is None}
    by_line: dict[int, tuple[ChangeLink, ...]] = {}
    for one in told:
        if one.line is not None and one.refusal is None:
            by_line[one.line] = (*by_line.get(one.line, ()), _link(order, one, voice))
    whole = {one.change: _link(order, one, voice) for one in told if one.line is None and one.refusal is None}
    return Possible(
        whole=tuple(whole[kind] for kind in _SHOWN_FIRST if kind in whole),
        by_line=by_line,
        why_by_line={
            one.line: why(one.refusal, order, voice)
            for one in told
            if by_line and one.line is not None and one.line not in by_line and one.refusal is not None
        },
        closed=tuple(_closed(order, told, open_kinds, voice)),
    )


def why(refusal: Refusal, order: Order | None, voice: Voice) -> str:
    """Returns a refusal as a customer is told it: without line numbers, codes and times in UTC."""
    phrase = voice.find(f"why_{refusal.code}")
    if phrase is None:
        return refusal_sentence(refusal, voice.language, zone=voice.zone)
    values: dict[str, Any] = {name: _in_words(name, value, voice) for name, value in refusal.values.items()}
    line = next((one for one in (() if order is None else order.lines) if one.line == values.get("line")), None)
    values["name"] = "" if line is None else line.name
    since = voice.say("why_touched_since", **values) if values.get("touched_at") is not None else ""
    return f"{phrase.format(**values)} {since}".rstrip()


def _in_words(name: str, value: object, voice: Voice) -> object:
    if isinstance(value, datetime):
        return voice.moment(value)
    return voice.name(name, value) if name == "stage" and isinstance(value, str) else value


def _link(order: Order, one: AllowedChange, voice: Voice) -> ChangeLink:
    fee = voice.say("costs", amount=voice.money(one.fee_minor, order.currency)) if one.fee_minor else ""
    hand = voice.say("taken_out_of_hand") if one.intercept else ""
    return ChangeLink(
        label=voice.say(f"do_{one.change.value}"),
        path=change_path(order.number, one.change, one.line),
        note=" · ".join(note for note in (fee, hand) if note),
    )


def _closed(
    order: Order, told: tuple[AllowedChange, ...], open_kinds: set[ChangeKind], voice: Voice
) -> Iterator[ClosedChange]:
    """Yields each kind once: what is closed for one line of several is told at that line's page."""
    seen: set[ChangeKind] = set()
    for one in told:
        if one.refusal is None or one.change in seen or isinstance(one.refusal, NothingToSplit):
            continue
        if one.change in LINE_CHANGES and one.change in open_kinds:
            continue
        seen.add(one.change)
        yield closed_change(order, one, open_kinds, voice)


def closed_change(order: Order, one: AllowedChange, open_kinds: set[ChangeKind], voice: Voice) -> ClosedChange:
    """Returns why a change is not possible, and which of those instead of it are."""
    assert one.refusal is not None
    return ClosedChange(
        label=voice.say(f"do_{one.change.value}"),
        why=why(one.refusal, order, voice),
        instead=tuple(
            ChangeLink(label=voice.say(f"do_{kind.value}"), path=change_path(order.number, kind))
            for kind in (one.instead or (ChangeKind.ORDER_AGAIN,))
            if kind in open_kinds and kind not in LINE_CHANGES
        ),
    )


_SHOWN_FIRST: Final = (
    ChangeKind.ACCEPT_SPLIT,
    ChangeKind.CHANGE_DELIVERY_ADDRESS,
    ChangeKind.CHANGE_PICKUP_POINT,
    ChangeKind.CHANGE_DELIVERY_METHOD,
    ChangeKind.ADD_LINE,
    ChangeKind.ADD_GIFT_MESSAGE,
    ChangeKind.CHANGE_CONTACT,
    ChangeKind.CHANGE_PAYMENT_METHOD,
    ChangeKind.ORDER_AGAIN,
    ChangeKind.CANCEL_ORDER,
)
"""What people come for most often stands first, and what ends it all last."""
