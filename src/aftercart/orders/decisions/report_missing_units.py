"""Taking back the reservation of units that a count did not find."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from aftercart.inventory.model import Location, Stage, UnitMove
from aftercart.kit.commands import Command
from aftercart.orders.events import UnitsMissing
from aftercart.orders.model import Order
from aftercart.orders.rules.aftermath import aftermath_of


class ReportMissingUnits(Command, frozen=True, kw_only=True):
    """Let units of this order wait for stock again, as a location is short of the SKU; asked by a reaction."""

    order_id: UUID
    sku: str
    location: str


def report_missing_units(
    command: ReportMissingUnits, order: Order, *, short: int, locations: Sequence[Location], now: datetime
) -> tuple[UnitsMissing, ...]:
    """Returns as many reserved units as the location is ``short`` of back to waiting, nothing when it is not short."""
    left = short
    moves: list[UnitMove] = []
    for entry in order.units:
        here = entry.sku == command.sku and entry.location == command.location and entry.stage is Stage.RESERVED
        if not here or left == 0:
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
    after = aftermath_of(order, moves, locations=locations, now=now, units_went_missing=True)
    return (
        UnitsMissing(
            moves=tuple(moves),
            holds=after.holds,
            release_at=after.release_at,
            location=command.location,
            sku=command.sku,
            quantity=short - left,
        ),
    )
