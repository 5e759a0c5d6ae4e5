"""Giving up a parcel that is empty again."""

import msgspec

from aftercart.fulfillment.events import ParcelVoided
from aftercart.fulfillment.model import ParcelStatus
from aftercart.fulfillment.rules.at_hand import AtHand, find_open_parcel, went_on
from aftercart.fulfillment.rules.floor_refusals import ParcelNotEmpty
from aftercart.orders.model import Order, OrderChange


class VoidParcel(OrderChange, frozen=True, kw_only=True, tag="void_parcel"):
    """Give up an open parcel with nothing in it."""

    parcel: int


def void_parcel(command: VoidParcel, order: Order, *, at_hand: AtHand) -> tuple[ParcelVoided, ...]:
    """Returns its end; raises ``ParcelNotFound``, ``ParcelNotOpen`` or ``ParcelNotEmpty``."""
    parcel = find_open_parcel(order, at_hand, command.parcel)
    if parcel.contents:
        raise ParcelNotEmpty(number=order.number, parcel=parcel.parcel)
    return (went_on(order, ParcelVoided(parcel=msgspec.structs.replace(parcel, status=ParcelStatus.VOIDED))),)
