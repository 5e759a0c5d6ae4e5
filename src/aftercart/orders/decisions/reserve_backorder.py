"""Giving stock that arrived to the units of an order that wait for it."""

from uuid import UUID

from aftercart.inventory.model import Stage, UnitMove
from aftercart.kit.commands import Command
from aftercart.orders.events import BackorderReserved
from aftercart.orders.model import Order
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.facts import Facts
from aftercart.sourcing.model import Demand
from aftercart.sourcing.rules.plan import plan_sourcing


class ReserveBackorder(Command, frozen=True, kw_only=True):
    """Reserve what there is now of a SKU for the units of this order that wait for it; asked by a reaction."""

    order_id: UUID
    sku: str


def reserve_backorder(command: ReserveBackorder, order: Order, *, facts: Facts) -> tuple[BackorderReserved, ...]:
    """Returns the reservation of as many waiting units as there is stock for, nothing when there is none."""
    waiting = [entry for entry in order.units if entry.sku == command.sku and entry.stage is Stage.BACKORDERED]
    moves: list[UnitMove] = []
    taken: dict[str, int] = {}

    def still_available(sku: str, location: str) -> int:
        return facts.available(sku, location) - taken.get(location, 0)

    for entry in waiting:
        demand = Demand(line=entry.line, sku=entry.sku, quantity=entry.quantity)
        for allocation in plan_sourcing(
            (demand,), facts.candidates, still_available, preferences=facts.policy.sourcing
        ).allocations:
            taken[allocation.location] = taken.get(allocation.location, 0) + allocation.quantity
            moves.append(
                UnitMove(
                    line=entry.line,
                    sku=entry.sku,
                    location=allocation.location,
                    quantity=allocation.quantity,
                    source=Stage.BACKORDERED,
                    target=Stage.RESERVED,
                    origin=None if entry.location == allocation.location else entry.location,
                )
            )
    if not moves:
        return ()
    return (settle(order, BackorderReserved(moves=tuple(moves)), facts),)
