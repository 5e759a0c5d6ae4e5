"""Who may change what, until when: the one rule behind the buttons, the API's answer and the commit itself."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec

from aftercart.inventory.model import UNWANTED_STAGES, Stage
from aftercart.kit.refusal import Refusal
from aftercart.orders.model import (
    ChangeKind,
    ChangeRule,
    ChangeUntil,
    Grain,
    Order,
    OrderLine,
    Policy,
    Status,
    Units,
)
from aftercart.orders.rules.change_refusals import (
    ChangeForAgentsOnly,
    ChangeNotOffered,
    ChangePeriodOver,
    GoesToAddress,
    GoesToPickupPoint,
    LineAlreadyCanceled,
    NothingToSplit,
    OrderAlreadyCanceled,
    OrderAlreadyReleased,
    OrderAlreadyShipped,
)
from aftercart.orders.rules.change_rules import fee_for, rule_for
from aftercart.orders.rules.facts import Asker, Circumstances
from aftercart.orders.rules.readiness import has_waiting_units, ready_units
from aftercart.orders.rules.takable import (
    IN_HAND,
    first_outside,
    free_stages,
    has_piece,
    takable_stages,
    taken_in_hand,
    touched,
)

LINE_CHANGES: Final = (ChangeKind.CHANGE_LINE_QUANTITY, ChangeKind.SWAP_VARIANT, ChangeKind.CANCEL_LINES)
"""What is asked line by line."""
_UNIT_BY_UNIT: Final = frozenset({*LINE_CHANGES, ChangeKind.CANCEL_ORDER, ChangeKind.ORDER_AGAIN})
"""What takes each unit as far as it can still be taken, or none at all."""
_GONE: Final = UNWANTED_STAGES | {Stage.SHIPPED, Stage.DELIVERED, Stage.RETURNED, Stage.LOST}
_ANYWHERE: Final = frozenset({Stage.BACKORDERED, Stage.RESERVED, Stage.IN_PRODUCTION, Stage.RELEASED, Stage.PICKED})
"""The stages of goods that may still go anywhere: what is being made is addressed when it is made, and what lies in
hand when its label is asked for."""
_CLOSED: Final = _GONE | {Stage.PACKED}
_INSTEAD: Final[dict[type[Refusal], tuple[ChangeKind, ...]]] = {
    OrderAlreadyCanceled: (ChangeKind.ORDER_AGAIN,),
    LineAlreadyCanceled: (ChangeKind.ADD_LINE,),
    OrderAlreadyShipped: (ChangeKind.ORDER_AGAIN,),
    GoesToPickupPoint: (ChangeKind.CHANGE_PICKUP_POINT, ChangeKind.CHANGE_DELIVERY_METHOD),
    GoesToAddress: (ChangeKind.CHANGE_DELIVERY_ADDRESS, ChangeKind.CHANGE_DELIVERY_METHOD),
}


class AllowedChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change for the whole order, or for one ``line``: possible until at least ``until``, or refused because of.

    ``until`` is guaranteed; later is accepted as long as no hand was faster. ``fee_minor`` is what it costs this
    asker. ``instead`` are changes that are possible where this one is not. With ``intercept`` even the least that it
    takes out is taken out of a hand or a parcel.
    """

    change: ChangeKind
    line: int | None
    refusal: Refusal | None
    until: datetime | None
    fee_minor: int
    instead: tuple[ChangeKind, ...]
    intercept: bool


def allowed_changes(order: Order, given: Circumstances) -> Iterator[AllowedChange]:
    """Yields every change for the order and for each line, each with its until or its refusal."""

    def told(change: ChangeKind, line: int | None = None) -> AllowedChange:
        refusal = why_not(order, change, given, line=line)
        rule = rule_for(given.policy, change, channel=order.channel)
        possible = refusal is None
        return AllowedChange(
            change=change,
            line=line,
            refusal=refusal,
            until=_until(order, rule, given.asker) if possible else None,
            fee_minor=fee_for(rule, given.asker) if possible else 0,
            instead=() if refusal is None else _INSTEAD.get(type(refusal), ()),
            intercept=possible and _intercepts(order, change, line),
        )

    for change in ChangeKind:
        if change in LINE_CHANGES:
            yield from (told(change, line.line) for line in order.lines)
        else:
            yield told(change)


def require_allowed(order: Order, change: ChangeKind, given: Circumstances, *, line: int | None = None) -> None:
    """Raises what stands against a change, if anything does."""
    refusal = why_not(order, change, given, line=line)
    if refusal is not None:
        raise refusal


def why_not(order: Order, change: ChangeKind, given: Circumstances, *, line: int | None = None) -> Refusal | None:
    """Returns what stands against a change of the order, or of one line: first what is so, then what was decided."""
    if order.status is Status.CANCELED and change is not ChangeKind.ORDER_AGAIN:
        return OrderAlreadyCanceled(number=order.number)
    units = order.units if line is None else tuple(entry for entry in order.units if entry.line == line)
    return _PHYSICAL[change](order, units, change, given.policy) or _decided(order, change, given)


def _decided(order: Order, change: ChangeKind, given: Circumstances) -> Refusal | None:
    rule = rule_for(given.policy, change, channel=order.channel)
    if rule.until is not ChangeUntil.HANDED_OVER:
        ended = _ended(order, change, rule)
        if ended is not None:
            return ended
    if given.asker is not Asker.CUSTOMER:
        return None
    if rule.agents_only:
        return ChangeForAgentsOnly(number=order.number, change=change.value)
    ended_at = _ends_at(order, rule)
    if ended_at is not None and given.now >= ended_at:
        return ChangePeriodOver(number=order.number, change=change.value, ended_at=ended_at)
    return None


def _ended(order: Order, change: ChangeKind, rule: ChangeRule) -> Refusal | None:
    if rule.until is ChangeUntil.NEVER:
        return ChangeNotOffered(number=order.number, change=change.value)
    if rule.until is ChangeUntil.RELEASED and order.released_at is not None:
        return OrderAlreadyReleased(number=order.number, released_at=order.released_at)
    if rule.until is ChangeUntil.TOUCHED and change not in _UNIT_BY_UNIT:
        return taken_in_hand(order)
    return None


def _ends_at(order: Order, rule: ChangeRule) -> datetime | None:
    return None if rule.minutes is None else order.placed_at + timedelta(minutes=rule.minutes)


def _until(order: Order, rule: ChangeRule, asker: Asker) -> datetime | None:
    ends_at = _ends_at(order, rule) if asker is Asker.CUSTOMER else None
    return min((at for at in (order.release_at, ends_at) if at is not None), default=None)


Units_ = tuple[Units, ...]


def _all_takable(order: Order, units: Units_, change: ChangeKind, policy: Policy) -> Refusal | None:
    if policy.grain is Grain.ORDER:
        return touched(order)
    return first_outside(order, units, lambda line: takable_stages(order, line, change, policy))


def _goes_anywhere(order: Order, units: Units_, _change: ChangeKind, policy: Policy) -> Refusal | None:
    if policy.grain is Grain.ORDER:
        return touched(order)
    return first_outside(order, units, lambda _line: _ANYWHERE)


def _intercepts(order: Order, change: ChangeKind, line: int | None) -> bool:
    if change is ChangeKind.CANCEL_ORDER:
        return any(entry.stage in IN_HAND for entry in order.units)
    if line is None:
        return False
    return not has_piece(order, order.lines[line - 1], free_stages(order.lines[line - 1]))


def _some_takable(order: Order, units: Units_, change: ChangeKind, policy: Policy) -> Refusal | None:
    if all(entry.stage in UNWANTED_STAGES for entry in units):
        return LineAlreadyCanceled(number=order.number, line=units[0].line)
    if policy.grain is Grain.LINE:
        line = order.lines[units[0].line - 1]
        if has_piece(order, line, takable_stages(order, line, change, policy)):
            return None
    return _all_takable(order, units, change, policy)


def _goes_to_address(order: Order, units: Units_, change: ChangeKind, policy: Policy) -> Refusal | None:
    if order.delivery.address is None:
        return GoesToPickupPoint(number=order.number)
    return _goes_anywhere(order, units, change, policy)


def _goes_to_point(order: Order, units: Units_, change: ChangeKind, policy: Policy) -> Refusal | None:
    if order.delivery.pickup_point is None:
        return GoesToAddress(number=order.number)
    return _goes_anywhere(order, units, change, policy)


def _something_left(order: Order, units: Units_, _change: ChangeKind, policy: Policy) -> Refusal | None:
    if policy.grain is Grain.ORDER:
        return touched(order)
    return OrderAlreadyShipped(number=order.number) if all(entry.stage in _GONE for entry in units) else None


def _not_closed(order: Order, units: Units_, _change: ChangeKind, policy: Policy) -> Refusal | None:
    if policy.grain is Grain.ORDER:
        return touched(order)
    return first_outside(order, units, _nowhere) if all(entry.stage in _CLOSED for entry in units) else None


def _nowhere(_line: OrderLine) -> tuple[Stage, ...]:
    return ()


def _splittable(order: Order, _units: Units_, _change: ChangeKind, _policy: Policy) -> Refusal | None:
    splits = bool(ready_units(order)) and has_waiting_units(order) and not order.split_accepted
    return None if splits else NothingToSplit(number=order.number)


def _always(_order: Order, _units: Units_, _change: ChangeKind, _policy: Policy) -> None:
    return None


_PHYSICAL: Final[dict[ChangeKind, Callable[[Order, Units_, ChangeKind, Policy], Refusal | None]]] = {
    ChangeKind.CHANGE_DELIVERY_ADDRESS: _goes_to_address,
    ChangeKind.CHANGE_DELIVERY_METHOD: _goes_anywhere,
    ChangeKind.CHANGE_PICKUP_POINT: _goes_to_point,
    ChangeKind.CHANGE_CONTACT: _something_left,
    ChangeKind.CHANGE_PAYMENT_METHOD: _something_left,
    ChangeKind.ADD_LINE: _something_left,
    ChangeKind.CHANGE_LINE_QUANTITY: _some_takable,
    ChangeKind.SWAP_VARIANT: _some_takable,
    ChangeKind.ADD_GIFT_MESSAGE: _not_closed,
    ChangeKind.CANCEL_LINES: _some_takable,
    ChangeKind.CANCEL_ORDER: _all_takable,
    ChangeKind.ACCEPT_SPLIT: _splittable,
    ChangeKind.ORDER_AGAIN: _always,
}
