"""Beginning a parcel."""

from aftercart.fulfillment.events import ParcelOpened
from aftercart.fulfillment.model import Parcel, ParcelStatus
from aftercart.fulfillment.rules.at_hand import AtHand, to_pack, went_on
from aftercart.fulfillment.rules.floor_refusals import NothingToPack
from aftercart.orders.decisions.release_order import require_no_hold
from aftercart.orders.model import Code, Order, OrderChange


class OpenParcel(OrderChange, frozen=True, kw_only=True, tag="open_parcel"):
    """Begin to pack what was fetched of an order at a location."""

    location: Code


def open_parcel(command: OpenParcel, order: Order, *, at_hand: AtHand) -> tuple[ParcelOpened, ...]:
    """Returns the new parcel, nothing while an empty one is open there; raises ``OrderOnHold`` or ``NothingToPack``."""
    require_no_hold(order)
    for parcel in at_hand.parcels:
        if parcel.location == command.location and parcel.status is ParcelStatus.OPEN and not parcel.contents:
            return ()
    if not to_pack(order, at_hand, command.location):
        raise NothingToPack(number=order.number, location=command.location)
    return (went_on(order, ParcelOpened(parcel=new_parcel(at_hand, command.location))),)


def new_parcel(at_hand: AtHand, location: str) -> Parcel:
    """Returns the next parcel of an order, empty and open."""
    return Parcel(
        parcel=len(at_hand.parcels) + 1,
        location=location,
        status=ParcelStatus.OPEN,
        contents=(),
        opened_at=at_hand.now,
    )
