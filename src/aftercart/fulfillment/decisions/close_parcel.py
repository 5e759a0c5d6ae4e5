"""Closing a parcel: from then on it waits for its carrier, or for its customer."""

from typing import Annotated

import msgspec

from aftercart.fulfillment.events import ParcelClosed
from aftercart.fulfillment.model import Parcel, ParcelStatus
from aftercart.fulfillment.rules.at_hand import AtHand, find_open_parcel, moves_of, require_all_wanted, went_on
from aftercart.fulfillment.rules.contents import weight_of
from aftercart.fulfillment.rules.floor_refusals import ParcelEmpty
from aftercart.fulfillment.rules.labels import goes_by_carrier, with_request
from aftercart.fulfillment.rules.packing import carton_grams_of, void_bps_of
from aftercart.inventory.model import Stage
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.release_order import require_no_hold
from aftercart.orders.model import Code, Order, OrderChange

WEIGHT_GRAMS_MAX = 1_000_000
Grams = Annotated[int, msgspec.Meta(ge=1, le=WEIGHT_GRAMS_MAX)]


class CloseParcel(OrderChange, frozen=True, kw_only=True, tag="close_parcel"):
    """Close a parcel: in this ``carton``, of this weight; without one it is added up from what is in it.

    ``inserts`` are the codes of what was put in beside the goods.
    """

    parcel: int
    carton: Code | None = None
    weight_grams: Grams | None = None
    inserts: tuple[Code, ...] = ()


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
    _require_known(command.inserts, at_hand)
    closed = packed_in(order, parcel, at_hand, carton=command.carton, weight_grams=command.weight_grams)
    return (closing(order, msgspec.structs.replace(closed, inserts=command.inserts), at_hand),)


def packed_in(order: Order, parcel: Parcel, at_hand: AtHand, *, carton: str | None, weight_grams: int | None) -> Parcel:
    """Returns the parcel in its carton, weighed; raises ``Invalid`` for a carton that is not in use."""
    packing, void_bps = at_hand.packing, None
    if carton is not None and packing.cartons:
        void_bps = void_bps_of(packing, carton, parcel.contents, at_hand.variants)
    weight = weight_grams or weight_of(order, parcel, carton_grams_of(packing, carton))
    return msgspec.structs.replace(parcel, carton=carton, void_bps=void_bps, weight_grams=weight)


def _require_known(inserts: tuple[str, ...], at_hand: AtHand) -> None:
    known = {one.code for one in at_hand.packing.inserts}
    for index, code in enumerate(inserts):
        if code not in known:
            raise Invalid(param=f"inserts[{index}]", expected="the code of an insert in use", got=code)


def closing(order: Order, parcel: Parcel, at_hand: AtHand) -> ParcelClosed:
    """Returns the event that closes a parcel, all of whose contents were fetched and are wanted."""
    moves = moves_of(order, parcel, Stage.PICKED, Stage.PACKED)
    closed = msgspec.structs.replace(parcel, status=ParcelStatus.CLOSED, closed_at=at_hand.now)
    if goes_by_carrier(order, at_hand):
        closed = with_request(order, closed, at_hand.now)
    return went_on(order, ParcelClosed(moves=moves, parcel=closed))
