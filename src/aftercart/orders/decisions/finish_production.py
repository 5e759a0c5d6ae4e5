"""Having made what was made to order: the units exist now, and the floor has work with them."""

from typing import Annotated

import msgspec

from aftercart.inventory.model import UNMADE_STAGES, Stage, UnitMove
from aftercart.orders.decisions.release_order import release_moves
from aftercart.orders.decisions.start_production import production_moves
from aftercart.orders.events import ProductionFinished
from aftercart.orders.evolve import evolve
from aftercart.orders.model import QUANTITY_MAX, Order, OrderChange
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.readiness import has_waiting_units


class FinishProduction(OrderChange, frozen=True, kw_only=True, tag="finish_production"):
    """So many units of a line are made: all that were begun without ``quantity``."""

    line: int
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] | None = None


def finish_production(command: FinishProduction, order: Order, *, facts: Facts) -> tuple[ProductionFinished, ...]:
    """Returns the end of the work, one event for each place that did it.

    The units go to the floor of their place; what else lies reserved goes with the last of them when nothing keeps the
    order. Raises ``Invalid`` or ``NotMadeToOrder``.
    """
    made = production_moves(order, command.line, command.quantity, source=Stage.IN_PRODUCTION, target=Stage.RELEASED)
    events: list[ProductionFinished] = []
    for location in dict.fromkeys(move.location for move in made):
        event = _finished(order, command.line, tuple(move for move in made if move.location == location), facts)
        events.append(event)
        order = evolve(order, event, order_id=order.order_id)
    return tuple(events)


def _finished(order: Order, line: int, made: tuple[UnitMove, ...], facts: Facts) -> ProductionFinished:
    """Returns the end of the work at one location."""
    event = ProductionFinished(
        moves=made,
        line=line,
        sku=made[0].sku,
        location=made[0].location,
        quantity=sum(move.quantity for move in made),
        made_before=sum(
            entry.quantity for entry in order.units if entry.line == line and entry.stage not in UNMADE_STAGES
        ),
        finished_at=facts.now,
    )
    after = evolve(order, event, order_id=order.order_id)
    if not order.holds and not has_waiting_units(after):
        event = msgspec.structs.replace(event, moves=(*made, *release_moves(order)))
    return settle(order, event, facts)
