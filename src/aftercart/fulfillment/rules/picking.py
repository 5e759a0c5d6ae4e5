"""Moving units into somebody's hand, and out of it again."""

from collections.abc import Collection

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
