"""When a location prepares an order for a truck, and which of its trucks still have hands free.

The hours between opening and cut-off take so many orders each. Hour 0 is the last one before the cut-off, hour 1 the
one before it, as in ``Capacity.booked``.
"""

import enum
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from aftercart.inventory.model import Location
from aftercart.shipping.model import floor_resource
from aftercart.shipping.rules.local_time import local_day, moment_of
from aftercart.shipping.rules.trucks import upcoming_trucks

ONE_HOUR: Final = timedelta(hours=1)

BookedOf = Callable[[str, datetime], tuple[int, ...]]
"""``booked_of(resource, at)``: how many orders are booked on that truck or slot, hour by hour."""


class WorkMode(enum.Enum):
    """Which of the free hours an order is given."""

    LATEST = "latest"  # the last one that ends a margin before the cut-off: minds may be changed until then
    EARLIEST = "earliest"  # the first one


class WorkPlan(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When the order is handed to the floor, and the hour it takes there; ``None`` where hours are not counted."""

    release_at: datetime
    hour: int | None


def plan_work(
    location: Location,
    *,
    not_before: datetime,
    truck: datetime,
    booked: tuple[int, ...],
    mode: WorkMode,
    minutes: int = 0,
) -> WorkPlan | None:
    """Returns the hour in which an order is prepared for ``truck``, or ``None`` when it has none left for it.

    Nothing is released before ``not_before``; an hour that has begun by then may still be used. ``minutes`` is the
    margin that ``LATEST`` keeps before the cut-off as long as an earlier hour is free: what comes too late for it, or
    finds those hours taken, still goes with the truck.
    """
    if not_before >= truck:
        return None
    capacity = location.hourly_capacity_orders
    if capacity is None:
        latest = truck - timedelta(minutes=minutes)
        return WorkPlan(release_at=not_before if mode is WorkMode.EARLIEST else max(latest, not_before), hour=None)
    hours = hours_of(location, truck)
    for hour in _in_order_of_liking(hours, mode, minutes):
        ends_at = truck - hour * ONE_HOUR
        if ends_at > not_before and (hour >= len(booked) or booked[hour] < capacity):
            return WorkPlan(release_at=max(ends_at - ONE_HOUR, not_before), hour=hour)
    return None


def hours_of(location: Location, truck: datetime) -> int:
    """Returns how many whole hours its hands work before the truck of a day; at least one, however late they begin."""
    day = local_day(truck, location.timezone)
    opens_at = moment_of(day, location.opens, location.timezone)
    return max((truck - opens_at) // ONE_HOUR, 1)


def truck_with_room(location: Location, ready_at: datetime, booked_of: BookedOf) -> datetime:
    """Returns the first truck after ``ready_at`` that has an hour left for one more order, as aware UTC."""
    trucks = upcoming_trucks(location, ready_at)
    if location.hourly_capacity_orders is None:
        return next(trucks)
    return next(truck for truck in trucks if _has_room(location, ready_at, truck, booked_of))


def _has_room(location: Location, ready_at: datetime, truck: datetime, booked_of: BookedOf) -> bool:
    booked = booked_of(floor_resource(location.code), truck)
    plan = plan_work(location, not_before=ready_at, truck=truck, booked=booked, mode=WorkMode.EARLIEST)
    return plan is not None


def _in_order_of_liking(hours: int, mode: WorkMode, margin_minutes: int) -> Iterable[int]:
    if mode is WorkMode.EARLIEST:
        return range(hours - 1, -1, -1)
    in_margin = min(-(-margin_minutes // 60), hours)
    return (*range(in_margin, hours), *range(in_margin - 1, -1, -1))
