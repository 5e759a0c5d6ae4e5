"""Which units could go to the floor now, and which ones the order waits for."""

from aftercart.inventory.model import Stage
from aftercart.orders.model import Order, Units


def ready_units(order: Order) -> tuple[Units, ...]:
    """Returns the units that lie reserved at a location: those made to order exist only once they are released."""
    made = made_lines(order)
    return tuple(entry for entry in order.units if entry.stage is Stage.RESERVED and entry.line not in made)


def has_waiting_units(order: Order) -> bool:
    """Tells whether units wait for stock or for their production."""
    made = made_lines(order)
    return any(
        entry.stage in (Stage.BACKORDERED, Stage.IN_PRODUCTION)
        or (entry.stage is Stage.RESERVED and entry.line in made)
        for entry in order.units
    )


def made_lines(order: Order) -> frozenset[int]:
    """Returns the numbers of the lines that are made to order."""
    return frozenset(line.line for line in order.lines if line.made_to_order)
