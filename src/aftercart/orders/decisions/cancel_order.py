"""Canceling an order as a whole, by wish or because its payment never came."""

from datetime import datetime
from uuid import UUID

from aftercart.inventory.model import UnitMove
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.cancel_lines import require_customer_reason
from aftercart.orders.events import OrderCanceled, OrderHeld
from aftercart.orders.model import CancellationReason, ChangeKind, HoldReason, Order, OrderChange, Status
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.takable import takable_stages, touched
from aftercart.orders.rules.take_units import take_units
from aftercart.orders.rules.unit_ledger import live_quantity


class CancelOrder(OrderChange, frozen=True, kw_only=True, tag="cancel_order"):
    """Take everything out of the order."""

    reason: CancellationReason


class ExpirePaymentHold(Command, frozen=True, kw_only=True):
    """Cancel an order whose payment hold ended at ``due_at`` without a payment, if it can be; asked by the clock."""

    order_id: UUID
    due_at: datetime


class NotDueAnymore(Refusal):
    """What a deadline was set for was settled or moved in the meantime."""

    def __init__(self, *, number: str, due_at: datetime) -> None:
        super().__init__(number=number, due_at=due_at)


def cancel_order(command: CancelOrder, order: Order, *, facts: Facts) -> tuple[OrderCanceled, ...]:
    """Returns the cancellation of all that is still wanted; raises what stands against it."""
    require_customer_reason(command.reason)
    require_allowed(order, ChangeKind.CANCEL_ORDER, facts)
    return (_canceled(order, command.reason, facts),)


def expire_payment_hold(
    command: ExpirePaymentHold, order: Order, *, facts: Facts
) -> tuple[OrderCanceled | OrderHeld, ...]:
    """Returns the cancellation for want of payment; raises ``NotDueAnymore`` unless that very hold is over.

    An order that a hand has touched is not canceled: it is held without an end, until somebody settles it.
    """
    hold = next((hold for hold in order.holds if hold.reason is HoldReason.PAYMENT), None)
    over = hold is not None and hold.expires_at == command.due_at and command.due_at <= facts.now
    if hold is None or not over or order.status is Status.CANCELED:
        raise NotDueAnymore(number=order.number, due_at=command.due_at)
    if touched(order) is not None:
        return (settle(order, OrderHeld(hold=hold.reason, since=hold.since, expires_at=None, note=hold.note), facts),)
    return (_canceled(order, CancellationReason.PAYMENT_NOT_RECEIVED, facts),)


def _canceled(order: Order, reason: CancellationReason, facts: Facts) -> OrderCanceled:
    moves: list[UnitMove] = []
    for line in order.lines:
        live = live_quantity(order.units, line)
        if live:
            stages = takable_stages(order, line, ChangeKind.CANCEL_ORDER, facts.policy)
            moves.extend(take_units(order, line, live, stages=stages))
    return settle(order, OrderCanceled(moves=tuple(moves), reason=reason), facts, change=ChangeKind.CANCEL_ORDER)
