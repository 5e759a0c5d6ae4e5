"""What lies where on the floor: units in hand, units in parcels, and those that nobody wants any more."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

import msgspec

from aftercart.catalog.model import Variant
from aftercart.fulfillment.model import DEFAULT_PACKING, IN_HOUSE, Content, Packing, Parcel, ParcelStatus
from aftercart.fulfillment.rules.floor_refusals import (
    ParcelHoldsUnwanted,
    ParcelNotClosed,
    ParcelNotFound,
    ParcelNotOpen,
)
from aftercart.inventory.model import Stage, UnitMove
from aftercart.orders.events import UnitsMoved
from aftercart.orders.model import Order
from aftercart.shipping.model import DeliveryMethod

M = TypeVar("M", bound=UnitsMoved)
Item = tuple[int, str]
"""A line and one of its SKUs."""


class AtHand(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision of the floor looks at besides the order: the time, its parcels, and how goods travel.

    ``packing`` and ``variants`` are for those who close a parcel.
    """

    now: datetime
    parcels: tuple[Parcel, ...]
    methods: Mapping[str, DeliveryMethod]
    packing: Packing = DEFAULT_PACKING
    variants: Mapping[str, Variant] = {}


def went_on(order: Order, event: M) -> M:
    """Returns the event of work that goes on: what keeps the order waiting stays as it is."""
    return msgspec.structs.replace(event, holds=order.holds, release_at=order.release_at)


def find_parcel(order: Order, at_hand: AtHand, number: int) -> Parcel:
    """Returns a parcel of the order; raises ``ParcelNotFound``."""
    for parcel in at_hand.parcels:
        if parcel.parcel == number:
            return parcel
    raise ParcelNotFound(number=order.number, parcel=number)


def find_open_parcel(order: Order, at_hand: AtHand, number: int) -> Parcel:
    """Returns a parcel that is being packed; raises ``ParcelNotFound`` or ``ParcelNotOpen``."""
    parcel = find_parcel(order, at_hand, number)
    if parcel.status is not ParcelStatus.OPEN:
        raise ParcelNotOpen(number=order.number, parcel=number, parcel_status=parcel.status.value)
    return parcel


def find_closed_parcel(order: Order, at_hand: AtHand, number: int) -> Parcel:
    """Returns a parcel that is packed and has not left; raises ``ParcelNotFound`` or ``ParcelNotClosed``."""
    parcel = find_parcel(order, at_hand, number)
    if parcel.status is not ParcelStatus.CLOSED:
        raise ParcelNotClosed(number=order.number, parcel=number, parcel_status=parcel.status.value)
    return parcel


def items_at(order: Order, location: str, stage: Stage) -> Counter[Item]:
    """Returns the units of an order in a stage at a location."""
    items = Counter[Item]()
    for entry in order.units:
        if entry.location == location and entry.stage is stage:
            items[entry.line, entry.sku] += entry.quantity
    return items


def items_in(parcels: Iterable[Parcel], location: str, *statuses: ParcelStatus) -> Counter[Item]:
    """Returns what lies in the parcels of a location that are in one of these statuses."""
    items = Counter[Item]()
    for parcel in parcels:
        if parcel.location == location and parcel.status in statuses:
            for one in parcel.contents:
                items[one.line, one.sku] += one.quantity
    return items


def to_pack(order: Order, at_hand: AtHand, location: str) -> Counter[Item]:
    """Returns the units that were fetched, are wanted, and lie in no parcel yet."""
    return items_at(order, location, Stage.PICKED) - items_in(at_hand.parcels, location, ParcelStatus.OPEN)


def unwanted_in(order: Order, at_hand: AtHand, parcel: Parcel) -> tuple[Content, ...]:
    """Returns what lies in a parcel although fewer units of it are wanted than lie in parcels here.

    Units are alike: when two parcels hold some and one unit is too many, both of them are told so, and pulling one out
    of either settles it.
    """
    stage = Stage.PICKED if parcel.status is ParcelStatus.OPEN else Stage.PACKED
    too_many = items_in(at_hand.parcels, parcel.location, parcel.status) - items_at(order, parcel.location, stage)
    return tuple(
        Content(line=one.line, sku=one.sku, quantity=min(one.quantity, too_many[one.line, one.sku]))
        for one in parcel.contents
        if too_many[one.line, one.sku]
    )


def require_all_wanted(order: Order, at_hand: AtHand, parcel: Parcel) -> None:
    """Raises ``ParcelHoldsUnwanted`` for a parcel with something in it that the customer took back."""
    unwanted = unwanted_in(order, at_hand, parcel)
    if unwanted:
        raise ParcelHoldsUnwanted(number=order.number, parcel=parcel.parcel, unwanted=unwanted)


def moves_of(order: Order, parcel: Parcel, source: Stage, target: Stage) -> tuple[UnitMove, ...]:
    """Returns the moves of a parcel's contents from one stage to another, of as many as are in the first one."""
    there = items_at(order, parcel.location, source)
    made = {line.line for line in order.lines if line.made_to_order}
    return tuple(
        UnitMove(
            line=one.line,
            sku=one.sku,
            location=parcel.location,
            quantity=quantity,
            source=source,
            target=target,
            made_to_order=one.line in made,
        )
        for one in parcel.contents
        if (quantity := min(one.quantity, there[one.line, one.sku]))
    )


def still_in_house(parcels: Iterable[Parcel], location: str) -> tuple[Parcel, ...]:
    """Returns the parcels of a location that have not left."""
    return tuple(one for one in parcels if one.location == location and one.status in IN_HOUSE)
