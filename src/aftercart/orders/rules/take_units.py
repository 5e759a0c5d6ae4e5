"""Taking units out of an order: first those nobody holds for it, then those held, then those given to the floor."""

from collections.abc import Iterator

from aftercart.inventory.model import Stage, UnitMove
from aftercart.orders.model import Order
from aftercart.orders.rules.allowed_changes import FREE_STAGES, UnitsAlreadyTouched


def take_units(order: Order, line: int, quantity: int) -> tuple[UnitMove, ...]:
    """Returns the moves that cancel ``quantity`` units of a line, from ``FREE_STAGES`` in their order.

    Raises ``UnitsAlreadyTouched`` when fewer units than that can still be taken back.
    """
    moves = tuple(_moves(order, line, quantity))
    if sum(move.quantity for move in moves) < quantity:
        stage = next(
            entry.stage
            for entry in order.units
            if entry.line == line and entry.stage not in FREE_STAGES and entry.stage is not Stage.CANCELED
        )
        raise UnitsAlreadyTouched(number=order.number, line=line, stage=stage.value)
    return moves


def _moves(order: Order, line: int, quantity: int) -> Iterator[UnitMove]:
    left = quantity
    for stage in FREE_STAGES:
        for entry in order.units:
            if entry.line != line or entry.stage is not stage or left == 0:
                continue
            taken = min(left, entry.quantity)
            left -= taken
            yield UnitMove(
                line=line,
                sku=entry.sku,
                location=entry.location,
                quantity=taken,
                source=stage,
                target=Stage.CANCELED,
            )
