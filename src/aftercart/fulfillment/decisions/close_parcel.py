"""Closing a parcel: from then on it waits for its carrier, or for its customer."""

from typing import Annotated

import msgspec

from aftercart.fulfillment.events import ParcelClosed
from aftercart.fulfillment.model import Parcel, ParcelStatus
from aftercart.fulfillment.rules.at_hand import AtHand, find_open_parcel, moves_of, require_all_wanted, went_on
from aftercart.fulfillment.rules.contents import weight_of
from aftercart.fulfillment.rules.floor_refusals import ParcelEmpty
from aftercart.fulfillment.rules.labels import goes_by_carrier, with_request
from aftercart.inventory.model import Stage
from aftercart.orders.decisions.release_order import require_no_hold
from aftercart.orders.model import Code, Order, OrderChange

WEIGHT_GRAMS_MAX = 1_000_000
Grams = Annotated[int, msgspec.Meta(ge=1, le=WEIGHT_GRAMS_MAX)]


class CloseParcel(OrderChange, frozen=True, kw_only=True, tag="close_parcel"):
    """Close a parcel: in this ``carton``, of this weight; without one it is added up from what is in it."""

    parcel: int
    carton: Code | None = None
    weight_grams: Grams | None = None
    void_bps: Annotated[int, msgspec.Meta(ge=0, le=10_000)] | None = None


def close_parcel(command: CloseParcel, order: Order, *, at_hand: AtHand) -> tuple[ParcelClosed, ...]:
    """Returns the parcel as it is packed, its label asked for where a carrier takes it.

    Raises ``OrderOnHold``, ``ParcelNotFound``, ``ParcelNotOpen``, ``ParcelEmpty``, or ``ParcelHoldsUnwanted`` for one
    with something in it that the customer took back.
    """
    require_no_hold(order)
    parcel = find_open_parcel(order, at_hand, command.parcel)
    if not parcel.contents:
        raise ParcelEmpty(number=order.number, parcel=parcel.parcel)
    require_all_wanted(order, at_hand, parcel)
    closed = msgspec.structs.replace(
        parcel,
        carton=command.carton,
        void_bps=command.void_bps,
        weight_grams=command.weight_grams or weight_of(order, parcel),
    )
    return (closing(order, closed, at_hand),)


def closing(order: Order, parcel: Parcel, at_hand: AtHand) -> ParcelClosed:
    """Returns the event that closes a parcel, all of whose contents were fetched and are wanted."""
    moves = moves_of(order, parcel, Stage.PICKED, Stage.PACKED)
    closed = msgspec.structs.replace(parcel, status=ParcelStatus.CLOSED, closed_at=at_hand.now)
    if goes_by_carrier(order, at_hand):
        closed = with_request(order, closed, at_hand.now)
    return went_on(order, ParcelClosed(moves=moves, parcel=closed))
