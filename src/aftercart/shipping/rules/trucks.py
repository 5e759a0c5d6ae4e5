"""The trucks of a location: one a working day, at its cut-off."""

from collections.abc import Iterator
from datetime import datetime

from aftercart.inventory.model import Location
from aftercart.shipping.rules.calendars import ONE_DAY, works_on
from aftercart.shipping.rules.local_time import local_day, moment_of


def next_truck(location: Location, after: datetime) -> datetime:
    """Returns the location's next cut-off strictly after ``after``, on a day on which it works, as aware UTC."""
    return next(upcoming_trucks(location, after))


def upcoming_trucks(location: Location, after: datetime) -> Iterator[datetime]:
    """Yields the location's cut-offs strictly after ``after``, one a working day, without end."""
    day = local_day(after, location.timezone)
    while True:
        if works_on(location, day):
            cutoff = moment_of(day, location.cutoff, location.timezone)
            if cutoff > after:
                yield cutoff
        day += ONE_DAY
