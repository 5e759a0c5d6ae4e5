"""Floors and their trucks as a wall calendar has them: counted day by day and hour by hour, without the shop's code."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import holidays
from hypothesis import strategies as st
from tests.scenario import location

from aftercart.inventory.model import Location

HOUR = timedelta(hours=1)
FRENCH_HOLIDAYS = frozenset(holidays.country_holidays("FR", years=(2026, 2027)))
TIMEZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
# Both clock changes, the many holidays of May, the end of the year, and a week in which nothing happens.
STARTS = tuple(
    datetime.fromisoformat(day).replace(tzinfo=UTC)
    for day in ("2026-03-25", "2026-10-21", "2026-10-30", "2026-04-28", "2026-12-22", "2026-06-15")
)
Taken = dict[tuple[str, datetime], Counter[int]]
"""(floor, truck) -> hour before the truck -> orders."""


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Draws a moment of days of all kinds."""
    return draw(st.sampled_from(STARTS)) + timedelta(minutes=draw(st.integers(0, 9 * 24 * 60)))


@st.composite
def floors(draw: st.DrawFn, code: str, *, around: datetime) -> Location:
    """Draws a location with hours, working days, closed days, and hands for so many orders an hour, or for any."""
    opens, cutoff = sorted(draw(st.lists(st.times(), min_size=2, max_size=2, unique_by=lambda one: f"{one:%H:%M}")))
    weekdays = draw(st.sets(st.integers(1, 7), min_size=1))
    closed = draw(st.sets(st.integers(0, 9), max_size=4))
    return location(
        code,
        timezone=draw(st.sampled_from(TIMEZONES)),
        opens=f"{opens:%H:%M}",
        cutoff=f"{cutoff:%H:%M}",
        working_days=tuple(sorted(weekdays)),
        closed_dates=tuple(around.date() + timedelta(days=number) for number in sorted(closed)),
        hourly_capacity_orders=draw(st.none() | st.integers(1, 3)),
    )


@st.composite
def bookings_of_others(draw: st.DrawFn, floor: Location, *, around: datetime) -> Taken:
    """Draws what others have taken of the next trucks, never more than there is."""
    taken: Taken = {}
    if floor.hourly_capacity_orders is not None:
        for truck in islice(trucks_after(floor, around), draw(st.integers(0, 4))):
            orders = st.just(floor.hourly_capacity_orders) | st.integers(0, floor.hourly_capacity_orders)
            taken[floor.code, truck] = Counter({hour: draw(orders) for hour in working_hours(floor, truck)})
    return taken


def trucks_after(floor: Location, after: datetime) -> Iterator[datetime]:
    """Yields the floor's cut-offs after a moment."""
    zone = ZoneInfo(floor.timezone)
    first = after.astimezone(zone).date()
    for number in range(200):
        day = first + timedelta(days=number)
        truck = _moment(day, floor.cutoff, zone)
        if _works(floor, day) and truck > after:
            yield truck


def working_hours(floor: Location, truck: datetime) -> range:
    """Returns the hours before a truck that hands work: 0 is the last one, and there is always that one."""
    zone = ZoneInfo(floor.timezone)
    opens = _moment(truck.astimezone(zone).date(), floor.opens, zone)
    return range(max(int((truck - opens) / HOUR), 1))


def free_hours(floor: Location, truck: datetime, taken: Taken, *, after: datetime) -> list[int]:
    """Returns the hours before a truck that are not over at a moment and in which one more order can be prepared."""
    booked = taken.get((floor.code, truck), Counter[int]())
    return [
        hour
        for hour in working_hours(floor, truck)
        if truck - hour * HOUR > after and _is_less(booked[hour], floor.hourly_capacity_orders)
    ]


def can_be_reached(floor: Location, truck: datetime, taken: Taken, *, after: datetime) -> bool:
    """Tells whether an order that is there at a moment can still leave with a truck."""
    if floor.hourly_capacity_orders is None:
        return truck > after
    return bool(free_hours(floor, truck, taken, after=after))


def first_truck(floor: Location, taken: Taken, *, after: datetime) -> datetime:
    """Returns the first truck that can be reached."""
    return next(truck for truck in trucks_after(floor, after) if can_be_reached(floor, truck, taken, after=after))


def opening(floor: Location, day: date) -> datetime:
    """Returns when the floor's hands begin on a day."""
    return _moment(day, floor.opens, ZoneInfo(floor.timezone))


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def _works(floor: Location, day: date) -> bool:
    return day.isoweekday() in floor.working_days and day not in floor.closed_dates and day not in FRENCH_HOLIDAYS


def _is_less(booked: int, capacity: int | None) -> bool:
    return capacity is None or booked < capacity
