"""Saying "done" to an order without a scanner: all that was fetched is one parcel."""

import msgspec

from aftercart.fulfillment.decisions.close_parcel import Grams, closing, packed_in
from aftercart.fulfillment.decisions.open_parcel import new_parcel
from aftercart.fulfillment.events import ParcelClosed
from aftercart.fulfillment.rules.at_hand import AtHand, to_pack
from aftercart.fulfillment.rules.contents import as_contents
from aftercart.fulfillment.rules.floor_refusals import NothingToPack
from aftercart.orders.decisions.release_order import require_no_hold
from aftercart.orders.model import Code, Order, OrderChange


class FinishPreparing(OrderChange, frozen=True, kw_only=True, tag="finish_preparing"):
    """Close one parcel with all that was fetched of an order at a location and lies in none yet."""

    location: Code
    carton: Code | None = None
    weight_grams: Grams | None = None


def finish_preparing(command: FinishPreparing, order: Order, *, at_hand: AtHand) -> tuple[ParcelClosed, ...]:
    """Returns the parcel; raises ``OrderOnHold`` or ``NothingToPack``."""
    require_no_hold(order)
    waiting = to_pack(order, at_hand, command.location)
    if not waiting:
        raise NothingToPack(number=order.number, location=command.location)
    parcel = msgspec.structs.replace(new_parcel(at_hand, command.location), contents=as_contents(waiting))
    packed = packed_in(order, parcel, at_hand, carton=command.carton, weight_grams=command.weight_grams)
    return (closing(order, packed, at_hand),)
