"""What a cart can be delivered by: every method with its price and promise, or the reason why not."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Final

import msgspec

from aftercart.inventory.model import Location
from aftercart.shipping.model import (
    DeliveryMethod,
    Destination,
    Ineligible,
    MethodKind,
    Promise,
    Slot,
    slot_resource,
)
from aftercart.shipping.rules.promise import Origin, journey_of, promise_for, reachable_from
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable, free_from, price_of
from aftercart.shipping.rules.slots import offered_slots
from aftercart.shipping.rules.work import BookedOf, truck_with_room
from aftercart.shipping.rules.zones import holiday_region, zone_of

_NEVER: Final = date.max.toordinal()

OriginsOf = Callable[[DeliveryMethod], tuple[Origin, ...] | Ineligible]
"""``origins_of(method)``: where the goods would leave from; none when some of them wait and nobody knows until when.

Of a method that is collected in a store each is a store that has all of the cart, the best first; at least one.
"""


class Cart(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be delivered, and where to; ``free_delivery`` is an advantage of what is in it."""

    destination: Destination
    weight_grams: int
    value_minor: int
    currency: str
    free_delivery: bool = False


class StoreOption(msgspec.Struct, frozen=True, kw_only=True):
    """A store where the cart can be collected, at a price; all of it is there at ``ready_at``: now, or once it came."""

    location: Location
    price_minor: int
    promise: Promise
    ready_at: datetime


class DeliveryOption(msgspec.Struct, frozen=True, kw_only=True):
    """One method for a cart: its price and promise, or why it is not available.

    ``free_from_minor`` is the value from which it would be free. There is no promise while goods wait for an unknown
    supply. ``slots`` are those still free, and the promise is that of the first one. Methods that are collected in a
    store list the ``stores`` that can serve the cart, as ``origins_of`` gives them; price and promise are those of
    ``store``, the first that has everything now, else the first.
    """

    method: DeliveryMethod
    price_minor: int | None = None
    free_from_minor: int | None = None
    promise: Promise | None = None
    slots: tuple[Slot, ...] = ()
    store: str | None = None
    stores: tuple[StoreOption, ...] = ()
    ineligible: Ineligible | None = None


def options_for(
    methods: Iterable[DeliveryMethod],
    cart: Cart,
    *,
    origins_of: OriginsOf,
    booked_of: BookedOf,
    now: datetime,
) -> tuple[DeliveryOption, ...]:
    """Returns an option for every active method: the cheapest first, the earliest of equals, then what cannot be had.

    ``booked_of`` may be a little old; whoever takes an option decides again under locks.
    """
    options = [
        _option(method, cart, origins_of=origins_of, booked_of=booked_of, now=now)
        for method in methods
        if method.active
    ]
    return tuple(sorted(options, key=_rank))


def _option(
    method: DeliveryMethod, cart: Cart, *, origins_of: OriginsOf, booked_of: BookedOf, now: datetime
) -> DeliveryOption:
    origins = origins_of(method)
    if isinstance(origins, Ineligible):
        return DeliveryOption(method=method, ineligible=origins)
    if method.kind is MethodKind.STORE_PICKUP:
        return _collected(method, cart, origins, booked_of, now)
    return _from(origins, method, cart, cart.destination, booked_of, now)


def _collected(
    method: DeliveryMethod, cart: Cart, origins: tuple[Origin, ...], booked_of: BookedOf, now: datetime
) -> DeliveryOption:
    offers = [_from((origin,), method, cart, _address_of(origin), booked_of, now) for origin in origins]
    stores = tuple(
        StoreOption(
            location=origin.location, price_minor=offer.price_minor, promise=offer.promise, ready_at=origin.ready_at
        )
        for origin, offer in zip(origins, offers, strict=True)
        if offer.price_minor is not None and offer.promise is not None
    )
    if not stores:
        return offers[0]
    chosen = next((one for one in stores if one.ready_at <= now), stores[0])
    offer = next(one for one in offers if one.promise is chosen.promise)
    return msgspec.structs.replace(offer, store=chosen.location.code, stores=stores)


def _address_of(origin: Origin) -> Destination:
    address = origin.location.address
    return Destination(country=address.country, postcode=address.postcode)


def _from(
    origins: tuple[Origin, ...],
    method: DeliveryMethod,
    cart: Cart,
    destination: Destination,
    booked_of: BookedOf,
    now: datetime,
) -> DeliveryOption:
    zone = zone_of(destination.country, destination.postcode)
    price = price_of(
        method, zone=zone, weight_grams=cart.weight_grams, value_minor=cart.value_minor, currency=cart.currency
    )
    if isinstance(price, Ineligible):
        return DeliveryOption(method=method, ineligible=price)
    offer = DeliveryOption(
        method=method, price_minor=0 if cart.free_delivery else price, free_from_minor=free_from(method, zone)
    )
    if origins:
        return _promised(offer, destination, origins, booked_of, now)
    # Nobody can say when the goods are there, so no slot can be chosen.
    is_scheduled = method.kind is MethodKind.SCHEDULED_SLOT
    return DeliveryOption(method=method, ineligible=Ineligible.OUT_OF_STOCK) if is_scheduled else offer


def _promised(
    offer: DeliveryOption, destination: Destination, origins: tuple[Origin, ...], booked_of: BookedOf, now: datetime
) -> DeliveryOption:
    method = offer.method

    def truck_of(origin: Origin) -> datetime:
        return truck_with_room(origin.location, origin.leaves_after, booked_of)

    slots: tuple[Slot, ...] = ()
    try:
        if method.kind is MethodKind.SCHEDULED_SLOT:
            journeys = [journey_of(method, destination, origin, now=now, truck_of=truck_of) for origin in origins]
            first = reachable_from(method, journeys)
            region = holiday_region(destination.country, destination.postcode)
            slots = tuple(_free_slots(method, region, booked_of, not_before=first, now=now))
            if not slots:
                return DeliveryOption(method=method, ineligible=Ineligible.NO_FREE_SLOT)
        promise = promise_for(
            method=method,
            destination=destination,
            origins=origins,
            now=now,
            truck_of=truck_of,
            slot=slots[0].starts_at if slots else None,
        )
    except DeliveryMethodNotAvailable as refusal:
        return DeliveryOption(method=method, ineligible=refusal.ineligible)
    return msgspec.structs.replace(offer, promise=promise, slots=slots)


def _free_slots(
    method: DeliveryMethod, region: str, booked_of: BookedOf, *, not_before: datetime, now: datetime
) -> Iterator[Slot]:
    resource = slot_resource(method.code)
    for offered in offered_slots(method, region, now):
        slot = offered.slot
        if slot.starts_at >= not_before and sum(booked_of(resource, slot.starts_at)) < offered.capacity:
            yield slot


def _rank(option: DeliveryOption) -> tuple[bool, int, int, str]:
    day = _NEVER if option.promise is None else option.promise.date.toordinal()
    return option.ineligible is not None, option.price_minor or 0, day, option.method.code
