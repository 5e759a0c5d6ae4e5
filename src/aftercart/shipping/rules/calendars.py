"""On which days a location works and a carrier delivers, and how days of delivery are counted."""

from datetime import date, timedelta
from typing import Final

from aftercart.inventory.model import Location
from aftercart.shipping.model import DeliveryMethod
from aftercart.shipping.rules.location_facts import closed_dates_of, region_of_location
from aftercart.shipping.rules.public_holidays import public_holidays

ONE_DAY: Final = timedelta(days=1)


def works_on(location: Location, day: date) -> bool:
    """Tells whether a location works on a day: a weekday of its own, no public holiday there, and not closed."""
    return (
        day.isoweekday() in location.working_days
        and day not in public_holidays(region_of_location(location), day.year)
        and day not in closed_dates_of(location)
    )


def delivers_on(method: DeliveryMethod, region: str, day: date) -> bool:
    """Tells whether a method's carrier works in a region on a day."""
    return day.isoweekday() in method.delivery_days and day not in public_holidays(region, day.year)


def nth_delivery_day(method: DeliveryMethod, region: str, start: date, count: int) -> date:
    """Returns the ``count``-th day after ``start`` on which the carrier works; for 0 the first from ``start`` on."""
    day = start
    if count == 0:
        while not delivers_on(method, region, day):
            day += ONE_DAY
    while count:
        day += ONE_DAY
        if delivers_on(method, region, day):
            count -= 1
    return day


def days_between(location: Location, start: date, end: date) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Returns, of the weekdays from ``start`` to before ``end`` that are its own, those it works on and the others."""
    due = [day for day in _days(start, end) if day.isoweekday() in location.working_days]
    worked = tuple(day for day in due if works_on(location, day))
    return worked, tuple(day for day in due if day not in worked)


def holidays_passed_over(method: DeliveryMethod, region: str, start: date, end: date) -> tuple[date, ...]:
    """Returns the days after ``start`` to before ``end`` that the carrier would work on, were they no holidays."""
    return tuple(
        day
        for day in _days(start + ONE_DAY, end)
        if day.isoweekday() in method.delivery_days and day in public_holidays(region, day.year)
    )


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=number) for number in range((end - start).days)]
