"""Wanting more or fewer units of a line."""

from datetime import datetime
from typing import Final
from uuid import UUID

from aftercart.inventory.model import Stage, UnitMove
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.cancel_lines import find_line
from aftercart.orders.decisions.place_order import QUANTITY_MAX
from aftercart.orders.events import LineQuantityChanged
from aftercart.orders.model import Order, OrderLine
from aftercart.orders.rules.aftermath import aftermath_of
from aftercart.orders.rules.allowed_changes import why_not_line
from aftercart.orders.rules.stock_for_lines import place_units
from aftercart.orders.rules.supply import Supply
from aftercart.orders.rules.take_units import take_units
from aftercart.orders.rules.unit_ledger import live_quantity
from aftercart.sourcing.model import Demand

ORDERED_MAX: Final = 1_000_000_000
"""A line's ``ordered`` only grows, so changing it up and down for ever must end somewhere."""


class ChangeLineQuantity(Command, frozen=True, kw_only=True):
    """Have this many units of a line, of those still wanted; at least one (``cancel_lines`` removes a line)."""

    order_id: UUID
    line: int
    quantity: int


def change_line_quantity(
    command: ChangeLineQuantity, order: Order, *, supply: Supply, now: datetime
) -> tuple[LineQuantityChanged, ...]:
    """Returns the change, nothing when that many are wanted already.

    More units cost what the line's units cost and are taken first from the locations that serve the order already.
    Raises ``Invalid``, the refusal of ``why_not_line``, ``UnitsAlreadyTouched`` or ``InsufficientStock``.
    """
    if not 1 <= command.quantity <= QUANTITY_MAX:
        raise Invalid(param="quantity", expected=f"a number from 1 to {QUANTITY_MAX}", got=command.quantity)
    line = find_line(order, command.line, param="line")
    refusal = why_not_line(order, line.line)
    if refusal is not None:
        raise refusal
    previous = live_quantity(order.units, line.line)
    most = previous + ORDERED_MAX - line.ordered
    if command.quantity > most:
        raise Invalid(param="quantity", expected=f"a number from 1 to {most}", got=command.quantity)
    difference = command.quantity - previous
    if difference == 0:
        return ()
    moves = take_units(order, line.line, -difference) if difference < 0 else _more(order, line, difference, supply)
    after = aftermath_of(order, moves, locations=supply.locations, now=now)
    return (
        LineQuantityChanged(
            moves=moves,
            holds=after.holds,
            release_at=after.release_at,
            line=line.line,
            previous_quantity=previous,
            quantity=command.quantity,
        ),
    )


def _more(order: Order, line: OrderLine, quantity: int, supply: Supply) -> tuple[UnitMove, ...]:
    serving = {entry.location for entry in order.units if entry.stage is not Stage.CANCELED}
    serving_first = sorted(supply.candidates, key=lambda code: code not in serving)
    demand = Demand(line=line.line, sku=line.sku, quantity=quantity)
    return place_units((demand,), supply, candidates=serving_first, param="quantity").moves
