"""Taking lines, or some of their units, out of an order."""

import msgspec

from aftercart.inventory.model import UnitMove
from aftercart.kit.refusal import Invalid
from aftercart.orders.events import CanceledLine, LinesCanceled, OrderCanceled
from aftercart.orders.model import CancellationReason, ChangeKind, Order, OrderChange, OrderLine, PromotionMode
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.find_line import find_line
from aftercart.orders.rules.pricing import promotions_of
from aftercart.orders.rules.takable import takable_stages
from aftercart.orders.rules.take_units import take_units
from aftercart.orders.rules.unit_ledger import live_quantity


class LineToCancel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line, and how many of its units are no longer wanted: all of them without ``quantity``."""

    line: int
    quantity: int | None = None


class CancelLines(OrderChange, frozen=True, kw_only=True, tag="cancel_lines"):
    """Take these lines out of the order; only staff may say what that does to ``promotions``."""

    lines: tuple[LineToCancel, ...]
    reason: CancellationReason
    promotions: PromotionMode | None = None


def cancel_lines(command: CancelLines, order: Order, *, facts: Facts) -> tuple[LinesCanceled | OrderCanceled, ...]:
    """Returns the cancellation; taking the last units out cancels the order.

    Raises ``Invalid``, what stands against the change, or ``UnitsAlreadyTouched``.
    """
    require_customer_reason(command.reason)
    promotions = promotions_of(command.promotions, facts)
    if not command.lines:
        raise Invalid(param="lines", expected="at least one line", got=[])
    moves: list[UnitMove] = []
    canceled: list[CanceledLine] = []
    seen: set[int] = set()
    for index, wish in enumerate(command.lines):
        at = f"lines[{index}]"
        line = find_line(order, wish.line, param=f"{at}.line")
        if line.line in seen:
            raise Invalid(param=f"{at}.line", expected="each line once", got=line.line)
        seen.add(line.line)
        quantity = _quantity(order, line, wish.quantity, facts, param=f"{at}.quantity")
        stages = takable_stages(order, line, ChangeKind.CANCEL_LINES, facts.policy)
        moves.extend(take_units(order, line, quantity, stages=stages))
        canceled.append(CanceledLine(line=line.line, quantity=quantity))
    left = sum(live_quantity(order.units, line) for line in order.lines) - sum(one.quantity for one in canceled)
    event: LinesCanceled | OrderCanceled
    if left == 0:
        event = OrderCanceled(moves=tuple(moves), reason=command.reason)
    else:
        event = LinesCanceled(moves=tuple(moves), lines=tuple(canceled), reason=command.reason)
    return (settle(order, event, facts, change=ChangeKind.CANCEL_LINES, promotions=promotions),)


def require_customer_reason(reason: CancellationReason) -> None:
    """Raises ``Invalid`` for the reason that only the shop itself can have."""
    if reason is CancellationReason.PAYMENT_NOT_RECEIVED:
        expected = "one of " + ", ".join(one.value for one in CancellationReason if one is not reason)
        raise Invalid(param="reason", expected=expected, got=reason.value)


def _quantity(order: Order, line: OrderLine, wanted: int | None, facts: Facts, *, param: str) -> int:
    require_allowed(order, ChangeKind.CANCEL_LINES, facts, line=line.line)
    live = live_quantity(order.units, line)
    quantity = live if wanted is None else wanted
    if not 1 <= quantity <= live:
        raise Invalid(param=param, expected=f"a number from 1 to {live}", got=quantity)
    return quantity
