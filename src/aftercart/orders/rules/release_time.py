"""When an order is handed to the floor: until then the customer may change their mind at no cost."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from aftercart.inventory.model import Location
from aftercart.orders.model import Hold, Order
from aftercart.orders.rules.readiness import has_waiting_units, ready_units


def release_time(order: Order, holds: Iterable[Hold], locations: Iterable[Location], now: datetime) -> datetime | None:
    """Returns the first cut-off after ``now`` of the locations that hold the order's units, as aware UTC.

    ``None`` while something keeps the order: a hold, units that are not there, or nothing left to release.
    """
    if any(holds) or (has_waiting_units(order) and not order.split_accepted):
        return None
    serving = {entry.location for entry in ready_units(order)}
    cutoffs = [next_cutoff(location, now) for location in locations if location.code in serving]
    return min(cutoffs, default=None)


def next_cutoff(location: Location, now: datetime) -> datetime:
    """Returns the location's next cut-off after ``now``: its local time on its next working day, as aware UTC."""
    zone = _zone(location.timezone)
    local = now.astimezone(zone)
    hour, minute = location.cutoff.split(":")
    at = time(int(hour), int(minute))
    day = local.date()
    while True:
        cutoff = datetime.combine(day, at, zone).astimezone(UTC)
        if day.isoweekday() in location.working_days and cutoff > now:
            return cutoff
        day += timedelta(days=1)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
