"""The promise: on which day an order arrives, calculated step by step so that it can be told to whoever asks why."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

import msgspec

from aftercart.inventory.model import Location
from aftercart.kit.refusal import Refusal
from aftercart.shipping.model import (
    DeliveryMethod,
    Destination,
    Ineligible,
    MethodKind,
    Names,
    PickupPoint,
    Promise,
    PromiseStep,
    Slot,
    StepKind,
    StepReason,
    Truck,
)
from aftercart.shipping.rules.calendars import (
    ONE_DAY,
    days_between,
    delivers_on,
    holidays_passed_over,
    nth_delivery_day,
)
from aftercart.shipping.rules.local_time import MIDNIGHT, local_clock, local_day, moment_of
from aftercart.shipping.rules.location_facts import region_of_location
from aftercart.shipping.rules.opening import opens_on
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable
from aftercart.shipping.rules.slots import find_slot
from aftercart.shipping.rules.trucks import next_truck
from aftercart.shipping.rules.zones import holiday_region, zone_of

POINT_DAYS_MAX: Final = 60
"""A pickup point that does not open for so long is closed for good."""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """A location that serves a part of the order, and when all of that part is there: now, or when supply comes.

    What is ``made`` there is there when it is made. A part that is to leave with the rest waits until ``rest_at``.
    """

    location: Location
    ready_at: datetime
    made: bool = False
    rest_at: datetime | None = None

    @property
    def leaves_after(self) -> datetime:
        """Returns the moment from which the part may leave."""
        return self.ready_at if self.rest_at is None else max(self.ready_at, self.rest_at)


TruckOf = Callable[[Origin], datetime]
"""``truck_of(origin)``: the truck with which that part leaves, when it is not simply the next one."""


class SlotNotOffered(Refusal):
    """There is no such slot: not at that hour, on a holiday, too far ahead, or too late to choose it."""

    def __init__(self, *, method: str, names: Names | None, slot_at: datetime) -> None:
        super().__init__(param="delivery.slot", method=method, names=names, slot_at=slot_at)


class SlotFull(Refusal):
    """Others have taken all of this slot."""

    def __init__(self, *, method: str, names: Names | None, slot_at: datetime) -> None:
        super().__init__(param="delivery.slot", method=method, names=names, slot_at=slot_at)


class SlotNotReachable(Refusal):
    """The goods cannot be there by then; ``earliest_date`` is the first day they can."""

    def __init__(self, *, method: str, names: Names | None, slot_at: datetime, earliest_date: date) -> None:
        super().__init__(
            param="delivery.slot", method=method, names=names, slot_at=slot_at, earliest_date=earliest_date
        )


class Journey(NamedTuple):
    """How one origin's part travels: its truck, and the days between which it arrives."""

    truck: Truck
    earliest: date
    latest: date
    steps: tuple[PromiseStep, ...]


def promise_for(
    *,
    method: DeliveryMethod,
    destination: Destination,
    origins: Sequence[Origin],
    now: datetime,
    truck_of: TruckOf | None = None,
    slot: datetime | None = None,
    slot_booked: int = 0,
    point: PickupPoint | None = None,
) -> Promise:
    """Returns when an order arrives that leaves from ``origins`` (at least one).

    ``slot`` is the start of the slot that was chosen, needed for a scheduled method, and ``slot_booked`` how many
    others have it. ``point`` is the pickup point, once one is chosen: the goods go there, on a day it is open.

    Raises ``DeliveryMethodNotAvailable`` when the method does not go there or the point stays closed, and
    ``SlotNotOffered``, ``SlotFull`` or ``SlotNotReachable`` for a slot that cannot be had.
    """
    if point is not None:
        destination = Destination(country=point.address.country, postcode=point.address.postcode)
    journeys = [journey_of(method, destination, origin, now=now, truck_of=truck_of) for origin in origins]
    earliest = max(journey.earliest for journey in journeys)
    latest = max(journey.latest for journey in journeys)
    steps = tuple(step for journey in journeys for step in journey.steps)
    if len(journeys) > 1:
        steps += (PromiseStep(kind=StepKind.LAST_PARCEL, days=len(journeys), on=earliest, until=latest),)
    chosen: Slot | None = None
    if slot is not None:
        chosen = _checked_slot(method, destination, slot, booked=slot_booked, journeys=journeys, now=now)
        earliest = latest = local_day(slot, method.timezone)
        steps += (_slot_step(method, chosen),)
    elif point is not None:
        open_earliest, open_latest = (open_day(method, point, day) for day in (earliest, latest))
        if (open_earliest, open_latest) != (earliest, latest):
            steps += (PromiseStep(kind=StepKind.POINT, on=open_earliest, until=open_latest),)
        earliest, latest = open_earliest, open_latest
    return Promise(
        earliest_date=earliest,
        date=latest,
        trucks=tuple(journey.truck for journey in journeys),
        steps=steps,
        method_version=method.version,
        slot=chosen,
    )


def journey_of(
    method: DeliveryMethod, destination: Destination, origin: Origin, *, now: datetime, truck_of: TruckOf | None = None
) -> Journey:
    """Returns how one origin's part travels; raises ``DeliveryMethodNotAvailable`` where the method does not go."""
    location = origin.location
    truck_at = next_truck(location, origin.leaves_after) if truck_of is None else truck_of(origin)
    truck = Truck(location=location.code, at=truck_at)
    truck_day = local_day(truck_at, location.timezone)
    leaving = (*_goods_steps(origin, now), _truck_step(method, origin, truck_at, truck_day))
    if method.kind is MethodKind.STORE_PICKUP:
        return Journey(truck, truck_day, truck_day, leaving)
    zone = zone_of(destination.country, destination.postcode)
    transit = next((one for one in method.transit if one.zone is zone), None)
    if transit is None:
        raise DeliveryMethodNotAvailable(method=method.code, names=method.names, ineligible=Ineligible.NOT_IN_ZONE)
    handover = nth_delivery_day(method, region_of_location(location), truck_day, 0)
    if handover != truck_day:
        leaving += (PromiseStep(kind=StepKind.HANDOVER, on=handover),)
    region = holiday_region(destination.country, destination.postcode)
    earliest = nth_delivery_day(method, region, handover, transit.days_min)
    latest = nth_delivery_day(method, region, earliest, transit.days_max - transit.days_min)
    travel = PromiseStep(
        kind=StepKind.TRANSIT,
        on=earliest,
        until=latest,
        days=transit.days_min,
        days_max=transit.days_max,
        passed=holidays_passed_over(method, region, handover, latest),
    )
    return Journey(truck, earliest, latest, (*leaving, travel))


def open_day(method: DeliveryMethod, point: PickupPoint, day: date) -> date:
    """Returns the first day from ``day`` on when the carrier works and the point opens.

    Raises ``DeliveryMethodNotAvailable`` for a point that stays closed.
    """
    country = point.address.country
    region = holiday_region(country, point.address.postcode)
    for _ in range(POINT_DAYS_MAX):
        if delivers_on(method, region, day) and opens_on(point.opening_hours, country, day):
            return day
        day += ONE_DAY
    raise DeliveryMethodNotAvailable(
        method=method.code, names=method.names, ineligible=Ineligible.POINT_CLOSED, param="delivery.pickup_point"
    )


def reachable_from(method: DeliveryMethod, journeys: Sequence[Journey]) -> datetime:
    """Returns the earliest a slot may start that is to bring all that travels on these journeys."""
    arrival = max(journey.latest for journey in journeys)
    return max(moment_of(arrival, MIDNIGHT, method.timezone), *(journey.truck.at for journey in journeys))


def _goods_steps(origin: Origin, now: datetime) -> Iterator[PromiseStep]:
    location = origin.location
    if origin.ready_at <= now:
        yield PromiseStep(kind=StepKind.STOCK, location=location.code)
    else:
        kind = StepKind.PRODUCTION if origin.made else StepKind.SUPPLY
        on = local_day(origin.ready_at, location.timezone)
        yield PromiseStep(kind=kind, location=location.code, at=origin.ready_at, on=on)
    if origin.leaves_after > origin.ready_at:
        on = local_day(origin.leaves_after, location.timezone)
        yield PromiseStep(kind=StepKind.TOGETHER, location=location.code, at=origin.leaves_after, on=on)


def _truck_step(method: DeliveryMethod, origin: Origin, truck_at: datetime, truck_day: date) -> PromiseStep:
    location = origin.location
    why, passed = _delay(location, origin.leaves_after, truck_day)
    return PromiseStep(
        kind=StepKind.STORE if method.kind is MethodKind.STORE_PICKUP else StepKind.TRUCK,
        location=location.code,
        at=truck_at,
        on=truck_day,
        time=location.cutoff,
        why=why,
        passed=passed,
    )


def _delay(location: Location, ready_at: datetime, truck_day: date) -> tuple[StepReason | None, tuple[date, ...]]:
    """Returns why the truck is not that of the day itself, and the days of work before it that were none."""
    ready_day = local_day(ready_at, location.timezone)
    if truck_day == ready_day:
        return None, ()
    worked, passed = days_between(location, ready_day, truck_day)
    if not worked:
        return StepReason.CLOSED, passed
    over = worked == (ready_day,) and moment_of(ready_day, location.cutoff, location.timezone) <= ready_at
    return StepReason.AFTER_CUTOFF if over else StepReason.TRUCK_FULL, passed


def _slot_step(method: DeliveryMethod, slot: Slot) -> PromiseStep:
    return PromiseStep(
        kind=StepKind.SLOT,
        at=slot.starts_at,
        on=local_day(slot.starts_at, method.timezone),
        time=local_clock(slot.starts_at, method.timezone),
        time_until=local_clock(slot.ends_at, method.timezone),
    )


def _checked_slot(
    method: DeliveryMethod,
    destination: Destination,
    starts_at: datetime,
    *,
    booked: int,
    journeys: Sequence[Journey],
    now: datetime,
) -> Slot:
    region = holiday_region(destination.country, destination.postcode)
    offered = find_slot(method, region, starts_at=starts_at, now=now)
    if offered is None:
        raise SlotNotOffered(method=method.code, names=method.names, slot_at=starts_at)
    if starts_at < reachable_from(method, journeys):
        earliest = max(journey.latest for journey in journeys)
        raise SlotNotReachable(method=method.code, names=method.names, slot_at=starts_at, earliest_date=earliest)
    if booked >= offered.capacity:
        raise SlotFull(method=method.code, names=method.names, slot_at=starts_at)
    return offered.slot
