"""Beginning work on a line that is made to order: from then on it is not taken back any more, only sent elsewhere."""

from typing import Annotated

import msgspec

from aftercart.inventory.model import Stage, UnitMove
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.release_order import require_no_hold
from aftercart.orders.events import ProductionStarted
from aftercart.orders.model import QUANTITY_MAX, Order, OrderChange
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.change_refusals import NotMadeToOrder
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.find_line import find_line


class StartProduction(OrderChange, frozen=True, kw_only=True, tag="start_production"):
    """Begin to make so many units of a line: all that are not begun without ``quantity``."""

    line: int
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] | None = None


def start_production(command: StartProduction, order: Order, *, facts: Facts) -> tuple[ProductionStarted, ...]:
    """Returns the beginning of the work; raises ``Invalid``, ``OrderOnHold`` or ``NotMadeToOrder``."""
    require_no_hold(order)
    moves = production_moves(order, command.line, command.quantity, source=Stage.RESERVED, target=Stage.IN_PRODUCTION)
    quantity = sum(move.quantity for move in moves)
    return (settle(order, ProductionStarted(moves=moves, line=command.line, quantity=quantity), facts),)


def production_moves(
    order: Order, line: int, quantity: int | None, *, source: Stage, target: Stage
) -> tuple[UnitMove, ...]:
    """Returns the moves of so many units of a line that is made to order, of all in ``source`` without ``quantity``.

    Raises ``Invalid`` for a line or quantity that is not there, ``NotMadeToOrder`` when there is nothing to move.
    """
    found = find_line(order, line, param="line")
    entries = [entry for entry in order.units if entry.line == line and entry.stage is source]
    there = sum(entry.quantity for entry in entries)
    if not found.made_to_order or not there:
        raise NotMadeToOrder(number=order.number, line=line)
    if quantity is not None and quantity > there:
        raise Invalid(param="quantity", expected=f"a number from 1 to {there}", got=quantity)
    left = there if quantity is None else quantity
    moves: list[UnitMove] = []
    for entry in entries:
        taken = min(left, entry.quantity)
        left -= taken
        if taken:
            moves.append(
                UnitMove(
                    line=line,
                    sku=entry.sku,
                    location=entry.location,
                    quantity=taken,
                    source=source,
                    target=target,
                    made_to_order=True,
                )
            )
    return tuple(moves)
