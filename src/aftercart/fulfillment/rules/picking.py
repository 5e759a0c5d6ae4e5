"""Moving units into somebody's hand, and out of it again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from aftercart.inventory.model import Stage, UnitMove
from aftercart.orders.model import Order


def moves_to_hand(order: Order, location: str, skus: Collection[str] | None = None) -> tuple[UnitMove, ...]:
    """Returns the moves of all released units at a location, or of those of some SKUs, into the picker's hand."""
    made = {line.line for line in order.lines if line.made_to_order}
    return tuple(
        UnitMove(
            line=entry.line,
            sku=entry.sku,
            location=location,
            quantity=entry.quantity,
            source=Stage.RELEASED,
            target=Stage.PICKED,
            made_to_order=entry.line in made,
        )
        for entry in order.units
        if entry.location == location and entry.stage is Stage.RELEASED and (skus is None or entry.sku in skus)
    )


def only(moves: Iterable[UnitMove], limits: Mapping[str, int]) -> tuple[UnitMove, ...]:
    """Returns as much of the moves as these numbers of units of each SKU allow, the first moves first."""
    left = dict(limits)
    kept: list[UnitMove] = []
    for move in moves:
        quantity = min(move.quantity, left.get(move.sku, 0))
        if quantity:
            left[move.sku] -= quantity
            kept.append(msgspec.structs.replace(move, quantity=quantity))
    return tuple(kept)


def moves_from_hand(
    order: Order, location: str, sku: str, *, quantity: int, through: Sequence[Stage]
) -> tuple[UnitMove, ...]:
    """Returns the moves of so many units of a SKU ``through`` these stages, one after the other; fewer if there are.

    Units that are made to order do not wait for stock: they stay where they are to be made again.
    """
    made = {line.line for line in order.lines if line.made_to_order}
    moves: list[UnitMove] = []
    for entry in order.units:
        units = min(quantity, entry.quantity)
        if (entry.sku, entry.location, entry.stage) != (sku, location, through[0]) or not units:
            continue
        quantity -= units
        moves += [
            UnitMove(
                line=entry.line,
                sku=sku,
                location=location,
                quantity=units,
                source=source,
                target=target,
                made_to_order=entry.line in made,
            )
            for source, target in pairwise(through)
            if not (entry.line in made and target is Stage.BACKORDERED)
        ]
    return tuple(moves)
