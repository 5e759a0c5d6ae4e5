"""Having made what was made to order: the units exist now, and the floor has work with them."""

from typing import Annotated

import msgspec

from aftercart.inventory.model import UNMADE_STAGES, Stage
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
    """Returns the end of the work; what else lies reserved is released with it when nothing keeps the order.

    The units go to the floor of the place that made them. Raises ``Invalid`` or ``NotMadeToOrder``.
    """
    made = production_moves(order, command.line, command.quantity, source=Stage.IN_PRODUCTION, target=Stage.RELEASED)
    event = ProductionFinished(
        moves=made,
        line=command.line,
        sku=made[0].sku,
        location=made[0].location,
        quantity=sum(move.quantity for move in made),
        made_before=sum(
            entry.quantity for entry in order.units if entry.line == command.line and entry.stage not in UNMADE_STAGES
        ),
        finished_at=facts.now,
    )
    after = evolve(order, event, order_id=order.order_id)
    if not order.holds and not has_waiting_units(after):
        event = msgspec.structs.replace(event, moves=(*made, *release_moves(order)))
    return (settle(order, event, facts),)
