"""Beginning to prepare an order without a scanner: pressing the button is the lock."""

from aftercart.fulfillment.events import UnitsPicked
from aftercart.fulfillment.rules.at_hand import AtHand, went_on
from aftercart.fulfillment.rules.floor_refusals import NothingToPick
from aftercart.fulfillment.rules.picking import moves_to_hand
from aftercart.orders.decisions.release_order import require_no_hold
from aftercart.orders.model import Code, Order, OrderChange


class StartPreparing(OrderChange, frozen=True, kw_only=True, tag="start_preparing"):
    """Fetch all that was released of an order at a location."""

    location: Code


def start_preparing(command: StartPreparing, order: Order, *, at_hand: AtHand) -> tuple[UnitsPicked, ...]:
    """Returns the units that are in hand from now on; raises ``OrderOnHold`` or ``NothingToPick``."""
    require_no_hold(order)
    moves = moves_to_hand(order, command.location)
    if not moves:
        raise NothingToPick(number=order.number, location=command.location)
    return (went_on(order, UnitsPicked(moves=moves, location=command.location, at=at_hand.now)),)
