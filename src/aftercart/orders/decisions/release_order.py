"""Handing an order to the floor."""

from datetime import datetime

from aftercart.inventory.model import Stage, UnitMove
from aftercart.orders.decisions.cancel_order import NotDueAnymore
from aftercart.orders.events import OrderReleased
from aftercart.orders.model import Order, OrderChange, Status
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.change_refusals import NothingToRelease, OrderAlreadyCanceled, OrderOnHold, UnitsNotReady
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.readiness import has_waiting_units, ready_units


class ReleaseOrder(OrderChange, frozen=True, kw_only=True, tag="release_order"):
    """Hand what is ready to the floor: at once, or because it is due at ``due_at``, as the clock says."""

    due_at: datetime | None = None


def release_order(command: ReleaseOrder, order: Order, *, facts: Facts) -> tuple[OrderReleased, ...]:
    """Returns the release of all units that lie reserved.

    Raises ``NotDueAnymore`` when the release was moved or done, ``OrderOnHold``, ``UnitsNotReady`` or
    ``NothingToRelease``.
    """
    if command.due_at is not None and (command.due_at != order.release_at or command.due_at > facts.now):
        raise NotDueAnymore(number=order.number, due_at=command.due_at)
    if order.status is Status.CANCELED:
        raise OrderAlreadyCanceled(number=order.number)
    require_no_hold(order)
    if has_waiting_units(order) and not order.split_accepted:
        raise UnitsNotReady(number=order.number)
    moves = release_moves(order)
    if not moves:
        raise NothingToRelease(number=order.number)
    locations = tuple(sorted({move.location for move in moves}))
    return (settle(order, OrderReleased(moves=moves, locations=locations, released_at=facts.now), facts),)


def require_no_hold(order: Order) -> None:
    """Raises ``OrderOnHold`` for the first hold of an order."""
    for hold in order.holds:
        raise OrderOnHold(number=order.number, hold=hold.reason.value)


def release_moves(order: Order) -> tuple[UnitMove, ...]:
    """Returns the moves of all units that lie reserved to the floor of their location."""
    return tuple(
        UnitMove(
            line=entry.line,
            sku=entry.sku,
            location=entry.location,
            quantity=entry.quantity,
            source=Stage.RESERVED,
            target=Stage.RELEASED,
        )
        for entry in ready_units(order)
    )
