"""Opening a closed parcel again: to pull something out, or to pack it otherwise."""

import msgspec

from aftercart.fulfillment.events import ParcelReopened
from aftercart.fulfillment.model import ParcelStatus
from aftercart.fulfillment.rules.at_hand import AtHand, find_closed_parcel, moves_of, went_on
from aftercart.fulfillment.rules.labels import without_label
from aftercart.inventory.model import Stage
from aftercart.orders.model import Order, OrderChange


class ReopenParcel(OrderChange, frozen=True, kw_only=True, tag="reopen_parcel"):
    """Unpack a parcel that has not left; its label is given back."""

    parcel: int


def reopen_parcel(command: ReopenParcel, order: Order, *, at_hand: AtHand) -> tuple[ParcelReopened, ...]:
    """Returns the parcel as it lies open; raises ``ParcelNotFound`` or ``ParcelNotClosed``."""
    parcel = find_closed_parcel(order, at_hand, command.parcel)
    moves = moves_of(order, parcel, Stage.PACKED, Stage.PICKED)
    reopened = msgspec.structs.replace(without_label(parcel), status=ParcelStatus.OPEN, closed_at=None)
    return (went_on(order, ParcelReopened(moves=moves, parcel=reopened)),)
