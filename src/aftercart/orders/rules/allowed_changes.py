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
    UnitsAlreadyTouched,
)
from aftercart.orders.rules.facts import Asker, Circumstances
from aftercart.orders.rules.readiness import has_waiting_units, ready_units

_FREE: Final = (Stage.BACKORDERED, Stage.RESERVED, Stage.RELEASED)
"""The stages from which units are taken back at no cost, in the order in which they are taken."""
_UNBEGUN: Final = (Stage.BACKORDERED, Stage.RESERVED)
_IN_HAND: Final = (Stage.PICKED, Stage.PACKED)
"""The stages from which units are taken back by pulling them out before their parcel leaves."""
LINE_CHANGES: Final = (ChangeKind.CHANGE_LINE_QUANTITY, ChangeKind.SWAP_VARIANT, ChangeKind.CANCEL_LINES)
"""What is asked line by line."""
_GONE: Final = UNWANTED_STAGES | {Stage.SHIPPED, Stage.DELIVERED, Stage.RETURNED, Stage.LOST}
_ANYWHERE: Final = UNWANTED_STAGES | {*_FREE, Stage.IN_PRODUCTION, Stage.PICKED}
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
    asker. ``instead`` are changes that are possible where this one is not.
    """

    change: ChangeKind
    line: int | None
    refusal: Refusal | None
    until: datetime | None
    fee_minor: int
    instead: tuple[ChangeKind, ...]


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


def free_stages(line: OrderLine) -> tuple[Stage, ...]:
    """Returns the stages from which units of a line are taken back, in the order in which they are taken.

    What is made to a customer's order is theirs once work on it began, and stays so when it is made: it is excepted
    from the right of withdrawal (Code de la consommation, article L221-28, 3°).
    """
    return _UNBEGUN if line.made_to_order else _FREE


def takable_stages(order: Order, line: OrderLine, change: ChangeKind, policy: Policy) -> tuple[Stage, ...]:
    """Returns the stages from which a change takes units of a line back: the free ones, then what lies in hand.

    What lies in hand is pulled out at the pack station or at the dock, unless the merchant ends the change earlier.
    """
    intercepts = rule_for(policy, change, channel=order.channel).until is ChangeUntil.HANDED_OVER
    return (*_FREE, *_IN_HAND) if intercepts and not line.made_to_order else free_stages(line)


def touched(order: Order) -> Refusal | None:
    """Returns the first unit that cannot be taken back any more, as a refusal."""
    return next((_touch(order, entry) for entry in order.units if entry.stage not in _untaken(order, entry)), None)


def rule_for(policy: Policy, change: ChangeKind, *, channel: str) -> ChangeRule:
    """Returns the first rule for a change in a channel; a change nobody decided on is free and open to all."""
    for rule in policy.changes:
        if rule.change is change and (not rule.channels or channel in rule.channels):
            return rule
    return ChangeRule(change=change)


def fee_for(rule: ChangeRule, asker: Asker) -> int:
    """Returns what a change costs whoever asks: agents change for free."""
    return rule.fee_minor if asker is Asker.CUSTOMER else 0


def _decided(order: Order, change: ChangeKind, given: Circumstances) -> Refusal | None:
    rule = rule_for(given.policy, change, channel=order.channel)
    if rule.until is ChangeUntil.NEVER:
        return ChangeNotOffered(number=order.number, change=change.value)
    if rule.until is ChangeUntil.RELEASED and order.released_at is not None:
        return OrderAlreadyReleased(number=order.number, released_at=order.released_at)
    if given.asker is not Asker.CUSTOMER:
        return None
    if rule.agents_only:
        return ChangeForAgentsOnly(number=order.number, change=change.value)
    ended_at = _ends_at(order, rule)
    if ended_at is not None and given.now >= ended_at:
        return ChangePeriodOver(number=order.number, change=change.value, ended_at=ended_at)
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
    return next((_touch(order, one) for one in units if one.stage not in _takable(order, one, change, policy)), None)


def _goes_anywhere(order: Order, units: Units_, _change: ChangeKind, policy: Policy) -> Refusal | None:
    if policy.grain is Grain.ORDER:
        return touched(order)
    return next((_touch(order, entry) for entry in units if entry.stage not in _ANYWHERE), None)


def _untaken(order: Order, entry: Units) -> frozenset[Stage]:
    # Lines are numbered from 1 without gaps, so a number is a place.
    return UNWANTED_STAGES.union(free_stages(order.lines[entry.line - 1]))


def _takable(order: Order, entry: Units, change: ChangeKind, policy: Policy) -> frozenset[Stage]:
    return UNWANTED_STAGES.union(takable_stages(order, order.lines[entry.line - 1], change, policy))


def _touch(order: Order, entry: Units) -> Refusal:
    return UnitsAlreadyTouched(number=order.number, line=entry.line, stage=entry.stage.value)


def _some_takable(order: Order, units: Units_, change: ChangeKind, policy: Policy) -> Refusal | None:
    if all(entry.stage in UNWANTED_STAGES for entry in units):
        return LineAlreadyCanceled(number=order.number, line=units[0].line)
    if policy.grain is Grain.ORDER:
        return touched(order)
    wanted = [entry for entry in units if entry.stage not in UNWANTED_STAGES]
    if any(entry.stage in _takable(order, entry, change, policy) for entry in wanted):
        return None
    return _touch(order, wanted[0])


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


def _not_closed(order: Order, units: Units_, _change: ChangeKind, _policy: Policy) -> Refusal | None:
    if any(entry.stage not in _CLOSED for entry in units):
        return None
    return next((_touch(order, entry) for entry in units if entry.stage not in UNWANTED_STAGES), None)


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
