"""The promise of an order, made anew where it has to be: an order keeps its trucks while they can still be reached."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from aftercart.inventory.model import Location, Stage
from aftercart.orders.model import Awaited, Delivery, Order
from aftercart.orders.rules.awaited import unmade_units
from aftercart.orders.rules.delivery import destination_of, point_of
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.readiness import UnitsOfLines, ready_units
from aftercart.shipping.model import Ineligible, Promise, floor_resource, slot_resource
from aftercart.shipping.rules.local_time import moment_of
from aftercart.shipping.rules.promise import (
    Origin,
    SlotFull,
    SlotNotOffered,
    SlotNotReachable,
    promise_for,
)
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable
from aftercart.shipping.rules.trucks import next_truck
from aftercart.shipping.rules.work import BookedOf, WorkMode, plan_work, truck_with_room

ReadyTimes = Mapping[str, datetime | None]
"""Location -> when all of its part of an order is there; ``None`` where nobody can say."""


_TO_BE_PACKED: Final = frozenset({Stage.RELEASED, Stage.PICKED})


class Trucks(msgspec.Struct, frozen=True, kw_only=True):
    """The trucks of an order by location: the promise counts on the ``last`` one of each.

    Once a split is accepted, what is there leaves ``ahead`` of what the order waits for at the same location.
    """

    last: Mapping[str, datetime]
    ahead: Mapping[str, datetime]

    def of_ready(self, location: str) -> datetime:
        """Returns the truck of what is there."""
        return self.ahead[location] if location in self.ahead else self.last[location]


def ready_times(order: UnitsOfLines, awaited: Iterable[Awaited], facts: Facts, *, now: datetime) -> ReadyTimes:
    """Returns when all of the order's units are there, location by location."""
    ready: dict[str, datetime | None] = {entry.location: now for entry in ready_units(order)}
    for one in awaited:
        at = None if one.expected_date is None else _opening(facts.location(one.location), one.expected_date)
        known = ready.get(one.location, now)
        ready[one.location] = None if at is None or known is None else max(at, known, now)
    return ready


def origins_of(order: UnitsOfLines, ready_at: ReadyTimes, facts: Facts) -> tuple[Origin, ...]:
    """Returns the places the goods leave from, each when all is there unless parts may leave on their own.

    None when nobody can say when.
    """
    known = {code: ready for code, ready in ready_at.items() if ready is not None}
    if len(known) < len(ready_at):
        return ()
    made = {code for _, code in unmade_units(order)}
    rest_at = None if order.split_accepted else max(known.values(), default=None)
    return tuple(
        Origin(location=facts.location(code), ready_at=ready, made=code in made, rest_at=rest_at)
        for code, ready in known.items()
    )


def _opening(location: Location, day: date) -> datetime:
    return moment_of(day, location.opens, location.timezone)


def trucks_for(
    before: Order | None,
    after: Order,
    origins: Iterable[Origin],
    awaited: Sequence[Awaited],
    facts: Facts,
    *,
    now: datetime,
    booked_of: BookedOf,
) -> Trucks:
    """Returns each location's trucks: those promised before where that still stands, else the next with room."""
    promised = before.delivery.promise if before is not None else None
    old = {} if promised is None else {truck.location: truck.at for truck in promised.trucks}
    waited = () if before is None else _waiting_locations(before, before.awaited)
    waits = _waiting_locations(after, awaited)
    trucks: dict[str, datetime] = {}
    for origin in origins:
        location, code = origin.location, origin.location.code
        truck, ready = old.get(code), origin.leaves_after
        stays = truck is not None and (code in waited) is (code in waits)
        if stays and truck is not None and _takes(location, truck, not_before=ready, booked_of=booked_of):
            trucks[code] = truck
        else:
            trucks[code] = truck_with_room(location, ready, booked_of)
    ahead: dict[str, datetime] = {}
    if after.split_accepted:
        booked = () if before is None else before.bookings
        # The hours of what is to come count more than those of what was handed over before.
        kept = {one.resource: one.at for one in sorted(booked, key=lambda one: not one.handed_over)}
        for code in {entry.location for entry in ready_units(after)} - (trucks.keys() - waits):
            location, truck = facts.location(code), kept.get(floor_resource(code))
            stays = truck is not None and _takes(location, truck, not_before=now, booked_of=booked_of)
            ahead[code] = truck if stays and truck is not None else truck_with_room(location, now, booked_of)
    return Trucks(last=trucks, ahead=ahead)


def with_released(
    before: Order, after: Order, origins: Sequence[Origin], trucks: Trucks, facts: Facts, *, now: datetime
) -> tuple[Sequence[Origin], Trucks]:
    """Returns the origins and trucks with those of what lies on the floor, which another way needs a promise for too.

    It leaves with the truck that was promised, or with the next one where that has left.
    """
    promise = before.delivery.promise
    promised = {} if promise is None else {truck.location: truck.at for truck in promise.trucks}
    lying = {entry.location for entry in after.units if entry.stage in _TO_BE_PACKED}
    released: dict[str, datetime] = {}
    for code in sorted(lying - {origin.location.code for origin in origins}):
        truck = promised.get(code)
        released[code] = truck if truck is not None and truck > now else next_truck(facts.location(code), now)
    on_the_floor = (Origin(location=facts.location(code), ready_at=now) for code in released)
    return (*on_the_floor, *origins), Trucks(last={**released, **trucks.last}, ahead=trucks.ahead)


def _waiting_locations(order: Order, awaited: Iterable[Awaited]) -> frozenset[str]:
    """Returns the locations whose part does not leave before something comes: all of them, or after a split some."""
    waiting = frozenset(one.location for one in awaited)
    if order.split_accepted or not waiting:
        return waiting
    return frozenset(entry.location for entry in order.units)


def _takes(location: Location, truck: datetime, *, not_before: datetime, booked_of: BookedOf) -> bool:
    booked = booked_of(floor_resource(location.code), truck)
    plan = plan_work(location, not_before=not_before, truck=truck, booked=booked, mode=WorkMode.EARLIEST)
    return plan is not None


def promised(
    before: Order | None,
    after: Order,
    origins: Sequence[Origin],
    trucks: Trucks,
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
    as_agreed = before is not None and same_way(before.delivery, delivery)
    if not origins:
        if delivery.slot_at is not None and not as_agreed:
            # A slot nobody can promise would be taken from those who could have it.
            raise DeliveryMethodNotAvailable(
                method=delivery.method, names=delivery.names, ineligible=Ineligible.OUT_OF_STOCK
            )
        return msgspec.structs.replace(delivery, promise=None)
    if as_agreed and before is not None and before.delivery.promise is not None:
        promised = [(truck.location, truck.at) for truck in before.delivery.promise.trucks]
        if dict(promised) == trucks.last and trucks.ahead.items() <= set(promised):
            return delivery
    try:
        promise = _promise(after, origins, trucks, facts, now=now, booked_of=booked_of)
    except DeliveryMethodNotAvailable:
        # What was agreed, or given by the shop, is not refused: nobody calculates it any more.
        on_its_own = delivery.given_date is not None and delivery.slot_at is None
        if not as_agreed and not on_its_own:
            raise
        promise = None
    except (SlotNotOffered, SlotFull, SlotNotReachable):
        # What was agreed is not refused later: it is not promised any more, not even by the shop.
        if not as_agreed:
            raise
        return msgspec.structs.replace(delivery, promise=None, given_date=None)
    if promise is None:
        return msgspec.structs.replace(delivery, promise=None)
    given = delivery.given_date if before is None or as_agreed else None
    told = promise.date if given is None else given if before is None else max(given, promise.date)
    return msgspec.structs.replace(
        delivery, promise=promise, promised_date=told, given_date=given, method_version=promise.method_version
    )


def same_way(one: Delivery, other: Delivery) -> bool:
    """Tells whether both go by the same method to the same place, in the same slot if any."""
    return (one.method, one.address, one.pickup_point, one.slot_at) == (
        other.method,
        other.address,
        other.pickup_point,
        other.slot_at,
    )


def _promise(
    after: Order,
    origins: Sequence[Origin],
    trucks: Trucks,
    facts: Facts,
    *,
    now: datetime,
    booked_of: BookedOf,
) -> Promise | None:
    delivery = after.delivery
    method = facts.methods.get(delivery.method)
    destination = destination_of(delivery, facts)
    if method is None or destination is None:
        return None
    # What goes ahead comes first: of two trucks of one location the last one is the one the promise counts on.
    ahead = tuple(Origin(location=facts.location(code), ready_at=now) for code in sorted(trucks.ahead))
    slot_at = delivery.slot_at
    return promise_for(
        method=method,
        destination=destination,
        origins=(*ahead, *origins),
        now=now,
        truck_of=lambda origin: (trucks.ahead if origin in ahead else trucks.last)[origin.location.code],
        slot=slot_at,
        slot_booked=0 if slot_at is None else sum(booked_of(slot_resource(method.code), slot_at)),
        point=point_of(delivery, facts),
    )
