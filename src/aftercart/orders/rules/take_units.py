"""Taking units out of an order: first those nobody holds for it, and last those that lie in somebody's hand."""

from collections.abc import Iterator, Sequence

from aftercart.inventory.model import LEGAL_MOVES, Stage, UnitMove
from aftercart.orders.model import Order, OrderLine
from aftercart.orders.rules.change_refusals import UnitsAlreadyTouched
from aftercart.orders.rules.takable import first_outside
from aftercart.orders.rules.unit_ledger import skus_of


def take_units(order: Order, line: OrderLine, quantity: int, *, stages: Sequence[Stage]) -> tuple[UnitMove, ...]:
    """Returns the moves that take ``quantity`` pieces of a line out, from these ``stages`` in their order.

    What lies in hand is intercepted: it stays where it is until it is put back. A bundle is taken out whole.
    Raises ``UnitsAlreadyTouched`` when fewer than that can still be taken back.
    """
    moves: list[UnitMove] = []
    for sku, each in skus_of(line):
        taken = tuple(_moves(order, line, sku, quantity * each, stages))
        if sum(move.quantity for move in taken) < quantity * each:
            raise _touched(order, line, stages)
        moves.extend(taken)
    return tuple(moves)


def _touched(order: Order, line: OrderLine, stages: Sequence[Stage]) -> UnitsAlreadyTouched:
    others = (entry for entry in order.units if entry.line == line.line)
    refusal = first_outside(order, others, lambda _line: stages)
    assert refusal is not None, f"line {line.line} of {order.number} has fewer units than it should have"
    return refusal


def _moves(order: Order, line: OrderLine, sku: str, quantity: int, stages: Sequence[Stage]) -> Iterator[UnitMove]:
    left = quantity
    for stage in stages:
        target = Stage.CANCELED if Stage.CANCELED in LEGAL_MOVES[stage] else Stage.INTERCEPTED
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
                target=target,
                made_to_order=line.made_to_order,
            )
