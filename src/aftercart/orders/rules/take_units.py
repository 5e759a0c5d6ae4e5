"""Taking units out of an order: first those nobody holds for it, then those held, then those given to the floor."""

from collections.abc import Iterator

from aftercart.inventory.model import Stage, UnitMove
from aftercart.orders.model import Order, OrderLine
from aftercart.orders.rules.allowed_changes import UnitsAlreadyTouched, free_stages
from aftercart.orders.rules.unit_ledger import skus_of


def take_units(order: Order, line: OrderLine, quantity: int) -> tuple[UnitMove, ...]:
    """Returns the moves that cancel ``quantity`` pieces of a line, from its ``free_stages`` in their order.

    A bundle is taken out whole. Raises ``UnitsAlreadyTouched`` when fewer than that can still be taken back.
    """
    moves: list[UnitMove] = []
    for sku, each in skus_of(line):
        taken = tuple(_moves(order, line, sku, quantity * each))
        if sum(move.quantity for move in taken) < quantity * each:
            raise _touched(order, line)
        moves.extend(taken)
    return tuple(moves)


def _touched(order: Order, line: OrderLine) -> UnitsAlreadyTouched:
    stage = next(
        entry.stage
        for entry in order.units
        if entry.line == line.line and entry.stage not in free_stages(line) and entry.stage is not Stage.CANCELED
    )
    return UnitsAlreadyTouched(number=order.number, line=line.line, stage=stage.value)


def _moves(order: Order, line: OrderLine, sku: str, quantity: int) -> Iterator[UnitMove]:
    left = quantity
    for stage in free_stages(line):
        for entry in order.units:
            if entry.line != line.line or entry.sku != sku or entry.stage is not stage or left == 0:
                continue
            taken = min(left, entry.quantity)
            left -= taken
            yield UnitMove(
                line=line.line,
                sku=sku,
                location=entry.location,
                quantity=taken,
                source=stage,
                target=Stage.CANCELED,
                made_to_order=line.made_to_order,
            )
