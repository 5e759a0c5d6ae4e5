"""The promise of an order, made anew where it has to be: an order keeps its trucks while they can still be reached."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec

from aftercart.inventory.model import Location
from aftercart.orders.model import Awaited, Delivery, Order
from aftercart.orders.rules.delivery import destination_of, point_of
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.readiness import UnitsOfLines, ready_units
from aftercart.shipping.model import Promise, floor_resource, slot_resource
from aftercart.shipping.rules.local_time import moment_of
from aftercart.shipping.rules.promise import (
    Origin,
    SlotFull,
    SlotNotOffered,
    SlotNotReachable,
    promise_for,
)
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable
from aftercart.shipping.rules.work import BookedOf, WorkMode, plan_work, truck_with_room

ReadyTimes = Mapping[str, datetime | None]
"""Location -> when all of its part of an order is there; ``None`` where nobody can say."""


def ready_times(order: UnitsOfLines, awaited: Iterable[Awaited], facts: Facts, *, now: datetime) -> ReadyTimes:
    """Returns when all of the order's units are there, location by location."""
    ready: dict[str, datetime | None] = {entry.location: now for entry in ready_units(order)}
    for one in awaited:
        at = None if one.expected_date is None else _opening(facts.location(one.location), one.expected_date)
        known = ready.get(one.location, now)
        ready[one.location] = None if at is None or known is None else max(at, known, now)
    return ready


def _opening(location: Location, day: date) -> datetime:
    return moment_of(day, location.opens, location.timezone)


def trucks_for(
    before: Order | None, ready_at: ReadyTimes, awaited: Sequence[Awaited], facts: Facts, *, booked_of: BookedOf
) -> dict[str, datetime]:
    """Returns each location's truck: the one promised before where that still stands, else the next with room."""
    promised = before.delivery.promise if before is not None else None
    old = {} if promised is None else {truck.location: truck.at for truck in promised.trucks}
    waited = {one.location for one in (() if before is None else before.awaited)}
    waits = {one.location for one in awaited}
    trucks: dict[str, datetime] = {}
    for code, ready in ready_at.items():
        if ready is None:
            continue
        location, truck = facts.location(code), old.get(code)
        stays = truck is not None and (code in waited) is (code in waits)
        if stays and truck is not None and _takes(location, truck, not_before=ready, booked_of=booked_of):
            trucks[code] = truck
        else:
            trucks[code] = truck_with_room(location, ready, booked_of)
    return trucks


def trucks_ahead(
    before: Order | None,
    after: Order,
    awaited: Iterable[Awaited],
    facts: Facts,
    *,
    now: datetime,
    booked_of: BookedOf,
) -> dict[str, datetime]:
    """Returns the trucks of what goes ahead of the rest of its location: the one booked for it, else the next one.

    Nothing goes ahead before the customer accepted two parcels.
    """
    trucks: dict[str, datetime] = {}
    if after.split_accepted:
        booked = {one.resource: one.at for one in (() if before is None else before.bookings)}
        for code in {entry.location for entry in ready_units(after)} & {one.location for one in awaited}:
            location, truck = facts.location(code), booked.get(floor_resource(code))
            if truck is None or not _takes(location, truck, not_before=now, booked_of=booked_of):
                truck = truck_with_room(location, now, booked_of)
            trucks[code] = truck
    return trucks


def _takes(location: Location, truck: datetime, *, not_before: datetime, booked_of: BookedOf) -> bool:
    booked = booked_of(floor_resource(location.code), truck)
    plan = plan_work(location, not_before=not_before, truck=truck, booked=booked, mode=WorkMode.EARLIEST)
    return plan is not None


def promised(
    before: Order | None,
    after: Order,
    ready_at: ReadyTimes,
    trucks: Mapping[str, datetime],
    facts: Facts,
    *,
    now: datetime,
    booked_of: BookedOf,
) -> Delivery:
    """Returns the delivery with its promise: the one before while its trucks are, else one made anew, else none.

    A day the shop has promised itself is told as long as it can be kept. Raises the refusals of ``promise_for`` when
    the delivery is new and cannot be had.
    """
    delivery = after.delivery
    if not ready_at:
        return delivery
    as_agreed = before is not None and _same_way(before.delivery, delivery)
    if None in ready_at.values():
        return msgspec.structs.replace(delivery, promise=None)
    if as_agreed and before is not None and before.delivery.promise is not None:
        promised = {truck.location: truck.at for truck in before.delivery.promise.trucks}
        if promised == trucks:
            return delivery
    try:
        promise = _promise(delivery, ready_at, trucks, facts, now=now, booked_of=booked_of)
    except (DeliveryMethodNotAvailable, SlotNotOffered, SlotFull, SlotNotReachable) as refusal:
        # What was agreed is not refused later: it is not promised any more. Nor is what the shop promised itself.
        if not as_agreed and not (isinstance(refusal, DeliveryMethodNotAvailable) and delivery.given_date is not None):
            raise
        promise = None
    if promise is None:
        return msgspec.structs.replace(delivery, promise=None)
    given = delivery.given_date if before is None or as_agreed else None
    told = promise.date if given is None else given if before is None else max(given, promise.date)
    return msgspec.structs.replace(
        delivery, promise=promise, promised_date=told, given_date=given, method_version=promise.method_version
    )


def _same_way(one: Delivery, other: Delivery) -> bool:
    return (one.method, one.address, one.pickup_point, one.slot_at) == (
        other.method,
        other.address,
        other.pickup_point,
        other.slot_at,
    )


def _promise(
    delivery: Delivery,
    ready_at: ReadyTimes,
    trucks: Mapping[str, datetime],
    facts: Facts,
    *,
    now: datetime,
    booked_of: BookedOf,
) -> Promise | None:
    method = facts.methods.get(delivery.method)
    destination = destination_of(delivery, facts)
    if method is None or destination is None:
        return None
    origins = [
        Origin(location=facts.location(code), ready_at=ready) for code, ready in ready_at.items() if ready is not None
    ]
    slot_at = delivery.slot_at
    return promise_for(
        method=method,
        destination=destination,
        origins=origins,
        now=now,
        truck_of=lambda origin: trucks[origin.location.code],
        slot=slot_at,
        slot_booked=0 if slot_at is None else sum(booked_of(slot_resource(method.code), slot_at)),
        point=point_of(delivery, facts),
    )
