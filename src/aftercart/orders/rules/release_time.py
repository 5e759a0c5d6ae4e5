"""When an order is handed to the floor: until then the customer may change their mind at no cost."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from aftercart.inventory.model import HOLDING_STAGES, Location, Stage
from aftercart.orders.model import Hold, Units


def release_time(
    units: Iterable[Units], holds: Iterable[Hold], locations: Iterable[Location], now: datetime
) -> datetime | None:
    """Returns the first cut-off after ``now`` of the locations that hold the order's units, as aware UTC.

    ``None`` while something keeps the order: a hold, units without stock, or nothing left to release.
    """
    entries = tuple(units)
    if any(hold for hold in holds) or any(entry.stage is Stage.BACKORDERED for entry in entries):
        return None
    serving = {entry.location for entry in entries if entry.stage in HOLDING_STAGES}
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
