"""Letting an order go on that somebody had stopped."""

from datetime import datetime
from uuid import UUID

from aftercart.kit.commands import Command
from aftercart.orders.decisions.cancel_order import NotDueAnymore
from aftercart.orders.decisions.hold_order import require_given_by_people
from aftercart.orders.events import HoldLifted
from aftercart.orders.model import HoldReason, Order, OrderChange
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.facts import Facts


class LiftHold(OrderChange, frozen=True, kw_only=True, tag="lift_hold"):
    """What the hold was for is settled."""

    reason: HoldReason = HoldReason.MANUAL


class ExpireHold(Command, frozen=True, kw_only=True):
    """End a hold whose time is over at ``due_at``; asked by the clock."""

    order_id: UUID
    reason: HoldReason
    due_at: datetime


def lift_hold(command: LiftHold, order: Order, *, facts: Facts) -> tuple[HoldLifted, ...]:
    """Returns the end of the hold, nothing when the order has no such hold; raises ``Invalid``."""
    require_given_by_people(command.reason)
    if all(hold.reason is not command.reason for hold in order.holds):
        return ()
    return (settle(order, HoldLifted(hold=command.reason), facts),)


def expire_hold(command: ExpireHold, order: Order, *, facts: Facts) -> tuple[HoldLifted, ...]:
    """Returns the end of the hold; raises ``NotDueAnymore`` unless that very hold is over."""
    hold = next((hold for hold in order.holds if hold.reason is command.reason), None)
    if hold is None or hold.expires_at != command.due_at or command.due_at > facts.now:
        raise NotDueAnymore(number=order.number, due_at=command.due_at)
    return (settle(order, HoldLifted(hold=command.reason), facts),)
