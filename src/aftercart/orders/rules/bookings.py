"""The hours of trucks and the slots that are kept for an order, and how they change."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from aftercart.shipping.model import Booking

Place = tuple[str, datetime, int, bool]


def booked_anew(before: Iterable[Booking], after: Iterable[Booking]) -> tuple[Booking, ...]:
    """Returns what must be taken and given back to get from one set of bookings to another."""
    difference = _counted(after)
    difference.subtract(_counted(before))
    return _bookings(difference)


def after_booking(before: Iterable[Booking], taken: Iterable[Booking]) -> tuple[Booking, ...]:
    """Returns the bookings once ``taken`` is taken, or given back where it is negative."""
    counted = _counted(before)
    counted.update(_counted(taken))
    return _bookings(counted)


def _counted(bookings: Iterable[Booking]) -> Counter[Place]:
    counted: Counter[Place] = Counter()
    for one in bookings:
        counted[one.resource, one.at, one.hour, one.handed_over] += one.quantity
    return counted


def _bookings(counted: Counter[Place]) -> tuple[Booking, ...]:
    return tuple(
        Booking(resource=resource, at=at, hour=hour, quantity=quantity, handed_over=handed_over)
        for (resource, at, hour, handed_over), quantity in sorted(counted.items())
        if quantity
    )
