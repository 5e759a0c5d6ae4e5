"""Taking back the reservation of units that a count did not find."""

from uuid import UUID

from aftercart.inventory.model import Stage, UnitMove
from aftercart.kit.commands import Command
from aftercart.orders.events import UnitsMissing
from aftercart.orders.model import Order
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.facts import Facts


class ReportMissingUnits(Command, frozen=True, kw_only=True):
    """Let units of this order wait for stock again, as a location is short of the SKU; asked by a reaction."""

    order_id: UUID
    sku: str
    location: str


def report_missing_units(
    command: ReportMissingUnits, order: Order, *, short: int, facts: Facts
) -> tuple[UnitsMissing, ...]:
    """Returns as many reserved units as the location is ``short`` of back to waiting, nothing when it is not short."""
    left = short
    moves: list[UnitMove] = []
    made = {line.line for line in order.lines if line.made_to_order}
    for entry in order.units:
        here = entry.sku == command.sku and entry.location == command.location and entry.stage is Stage.RESERVED
        if not here or left == 0 or entry.line in made:
            continue
        quantity = min(left, entry.quantity)
        left -= quantity
        moves.append(
            UnitMove(
                line=entry.line,
                sku=entry.sku,
                location=entry.location,
                quantity=quantity,
                source=Stage.RESERVED,
                target=Stage.BACKORDERED,
            )
        )
    if not moves:
        return ()
    event = UnitsMissing(moves=tuple(moves), location=command.location, sku=command.sku, quantity=short - left)
    return (settle(order, event, facts),)
