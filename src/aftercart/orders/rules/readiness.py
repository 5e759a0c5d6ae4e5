"""Which units could go to the floor now, and which ones the order waits for."""

from typing import Protocol

from aftercart.inventory.model import Stage
from aftercart.orders.model import OrderLine, Units


class UnitsOfLines(Protocol):
    """The part of an order that tells where its goods are."""

    @property
    def lines(self) -> tuple[OrderLine, ...]:
        """Returns the lines."""
        ...

    @property
    def units(self) -> tuple[Units, ...]:
        """Returns where the units of the lines are."""
        ...

    @property
    def split_accepted(self) -> bool:
        """Tells whether what is there may leave before the rest."""
        ...


def ready_units(order: UnitsOfLines) -> tuple[Units, ...]:
    """Returns the units that lie reserved at a location: those made to order exist only once they are released."""
    made = made_lines(order)
    return tuple(entry for entry in order.units if entry.stage is Stage.RESERVED and entry.line not in made)


def has_waiting_units(order: UnitsOfLines) -> bool:
    """Tells whether units wait for stock or for their production."""
    made = made_lines(order)
    return any(
        entry.stage in (Stage.BACKORDERED, Stage.IN_PRODUCTION)
        or (entry.stage is Stage.RESERVED and entry.line in made)
        for entry in order.units
    )


def made_lines(order: UnitsOfLines) -> frozenset[int]:
    """Returns the numbers of the lines that are made to order."""
    return frozenset(line.line for line in order.lines if line.made_to_order)
