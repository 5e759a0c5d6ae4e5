"""Letting an order go on that somebody had stopped."""

from datetime import datetime
from uuid import UUID

from aftercart.kit.commands import Command
from aftercart.orders.decisions.cancel_order import NotDueAnymore
from aftercart.orders.decisions.hold_order import require_given_by_people
from aftercart.orders.events import HoldLifted, PromiseMoved
from aftercart.orders.evolve import evolve
from aftercart.orders.model import HoldReason, Order, OrderChange
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.told_date import told_date


class LiftHold(OrderChange, frozen=True, kw_only=True, tag="lift_hold"):
    """What the hold was for is settled."""

    reason: HoldReason = HoldReason.MANUAL


class ExpireHold(Command, frozen=True, kw_only=True):
    """End a hold whose time is over at ``due_at``; asked by the clock."""

    order_id: UUID
    reason: HoldReason
    due_at: datetime


def lift_hold(command: LiftHold, order: Order, *, facts: Facts) -> tuple[HoldLifted | PromiseMoved, ...]:
    """Returns the end of the hold and what it cost, nothing when the order has no such hold; raises ``Invalid``."""
    require_given_by_people(command.reason)
    if all(hold.reason is not command.reason for hold in order.holds):
        return ()
    return _lifted(order, command.reason, facts)


def expire_hold(command: ExpireHold, order: Order, *, facts: Facts) -> tuple[HoldLifted | PromiseMoved, ...]:
    """Returns the end of the hold and what it cost; raises ``NotDueAnymore`` unless that very hold is over."""
    hold = next((hold for hold in order.holds if hold.reason is command.reason), None)
    if hold is None or hold.expires_at != command.due_at or command.due_at > facts.now:
        raise NotDueAnymore(number=order.number, due_at=command.due_at)
    return _lifted(order, command.reason, facts)


def _lifted(order: Order, reason: HoldReason, facts: Facts) -> tuple[HoldLifted | PromiseMoved, ...]:
    """Returns the end of a hold, and another promise when the truck of the one before has left or is full by now."""
    lifted = settle(order, HoldLifted(hold=reason), facts)
    after = evolve(order, lifted, order_id=order.order_id)
    previous, promised = told_date(order), told_date(after)
    if previous == promised:
        return (lifted,)
    moved = PromiseMoved(sku=None, location=None, expected_date=None, previous_date=previous, promised_date=promised)
    return lifted, settle(after, moved, facts)
