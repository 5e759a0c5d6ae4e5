"""How much the floor gets in which hour: the orders released there, hour by hour of the shop's own day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from aftercart.importing.classify import SHOP_ZONE
from aftercart.importing.history import Life

Hour = tuple[str, date, int]
"""A location, a day and an hour of it."""


class HourOfDay(msgspec.Struct, frozen=True, kw_only=True):
    """What one location gets in an hour of the day, over the days on which anything was released there."""

    hour: int
    orders: int
    mean: float
    p95: int
    max: int


class LocationLoad(msgspec.Struct, frozen=True, kw_only=True):
    """The load of one location. Of the orders in ``above_capacity_hours`` all count that its hands could not do."""

    location: str
    orders: int
    days: int
    hours: tuple[HourOfDay, ...]
    busiest_at: datetime
    busiest_orders: int
    above_capacity_hours: int
    above_capacity_orders: int


def floor_load(lives: Iterable[Life], *, capacities: Mapping[str, int]) -> tuple[LocationLoad, ...]:
    """Returns the load of each location that got any orders; ``capacities`` are orders an hour."""
    released: Counter[Hour] = Counter()
    for life in lives:
        for moment in life.moments:
            local = moment.at.astimezone(SHOP_ZONE)
            released.update((location, local.date(), local.hour) for location in moment.locations)
    by_location: defaultdict[str, dict[tuple[date, int], int]] = defaultdict(dict)
    for (location, day, hour), orders in released.items():
        by_location[location][day, hour] = orders
    return tuple(
        _load(location, hours, capacity=capacities.get(location)) for location, hours in sorted(by_location.items())
    )


def _load(location: str, hours: Mapping[tuple[date, int], int], *, capacity: int | None) -> LocationLoad:
    days = sorted({day for day, _ in hours})
    busiest, orders = min(hours.items(), key=lambda one: (-one[1], one[0]))
    above = [load - capacity for load in hours.values() if capacity is not None and load > capacity]
    return LocationLoad(
        location=location,
        orders=sum(hours.values()),
        days=len(days),
        hours=tuple(
            _hour_of_day(hour, sorted(hours.get((day, hour), 0) for day in days))
            for hour in sorted({hour for _, hour in hours})
        ),
        busiest_at=datetime.combine(busiest[0], datetime.min.time(), tzinfo=SHOP_ZONE) + timedelta(hours=busiest[1]),
        busiest_orders=orders,
        above_capacity_hours=len(above),
        above_capacity_orders=sum(above),
    )


def _hour_of_day(hour: int, loads: Sequence[int]) -> HourOfDay:
    """``loads`` are those of all days, the smallest first."""
    nearest_rank = -(-len(loads) * 95 // 100) - 1
    return HourOfDay(
        hour=hour,
        orders=sum(loads),
        mean=sum(loads) / len(loads),
        p95=loads[nearest_rank],
        max=loads[-1],
    )
