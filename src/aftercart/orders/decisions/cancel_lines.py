"""Taking lines, or some of their units, out of an order."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from aftercart.inventory.model import Location, UnitMove
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid
from aftercart.orders.events import CanceledLine, LinesCanceled, OrderCanceled
from aftercart.orders.model import CancellationReason, Order, OrderLine
from aftercart.orders.rules.aftermath import aftermath_of
from aftercart.orders.rules.allowed_changes import why_not_line
from aftercart.orders.rules.take_units import take_units
from aftercart.orders.rules.unit_ledger import live_quantity


class LineToCancel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line, and how many of its units are no longer wanted: all of them without ``quantity``."""

    line: int
    quantity: int | None = None


class CancelLines(Command, frozen=True, kw_only=True):
    """Take these lines out of the order."""

    order_id: UUID
    lines: tuple[LineToCancel, ...]
    reason: CancellationReason


def cancel_lines(
    command: CancelLines, order: Order, *, locations: Sequence[Location], now: datetime
) -> tuple[LinesCanceled | OrderCanceled, ...]:
    """Returns the cancellation; taking the last units out cancels the order.

    Raises ``Invalid``, the refusal of ``why_not_line``, or ``UnitsAlreadyTouched``.
    """
    require_customer_reason(command.reason)
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
        quantity = _quantity(order, line, wish.quantity, param=f"{at}.quantity")
        moves.extend(take_units(order, line.line, quantity))
        canceled.append(CanceledLine(line=line.line, quantity=quantity))
    after = aftermath_of(order, moves, locations=locations, now=now)
    left = sum(live_quantity(order.units, line.line) for line in order.lines) - sum(one.quantity for one in canceled)
    if left == 0:
        return (OrderCanceled(moves=tuple(moves), holds=(), release_at=None, reason=command.reason),)
    return (
        LinesCanceled(
            moves=tuple(moves),
            holds=after.holds,
            release_at=after.release_at,
            lines=tuple(canceled),
            reason=command.reason,
        ),
    )


def find_line(order: Order, line: int, *, param: str) -> OrderLine:
    """Returns the order's line of that number; raises ``Invalid`` when it has none."""
    # Lines are numbered from 1 without gaps, so a number is a place.
    if not 1 <= line <= len(order.lines):
        raise Invalid(param=param, expected=f"a line of the order, from 1 to {len(order.lines)}", got=line)
    return order.lines[line - 1]


def require_customer_reason(reason: CancellationReason) -> None:
    """Raises ``Invalid`` for the reason that only the shop itself can have."""
    if reason is CancellationReason.PAYMENT_NOT_RECEIVED:
        expected = "one of " + ", ".join(one.value for one in CancellationReason if one is not reason)
        raise Invalid(param="reason", expected=expected, got=reason.value)


def _quantity(order: Order, line: OrderLine, wanted: int | None, *, param: str) -> int:
    refusal = why_not_line(order, line.line)
    if refusal is not None:
        raise refusal
    live = live_quantity(order.units, line.line)
    quantity = live if wanted is None else wanted
    if not 1 <= quantity <= live:
        raise Invalid(param=param, expected=f"a number from 1 to {live}", got=quantity)
    return quantity
