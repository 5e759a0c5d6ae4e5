"""What can be promised for which day: what is there, and what is to come less what orders wait for already."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from aftercart.inventory.model import Incoming, Stock

OVERDUE_WAIT: Final = timedelta(days=7)
"""Supply that did not come by its date is expected so long from today, until somebody says when it comes."""
GIVEN_UP_AFTER: Final = timedelta(days=30)
"""Supply that is overdue for longer than that is not expected any more, so nothing is promised from it."""


class CoveredPart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units are there on a day, from the supply of that reference; ``None`` twice: they are there now."""

    units: int
    expected_date: date | None
    reference: str | None


class Coverage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When units will be there, part by part, the earliest first; of ``uncovered`` nobody can say."""

    parts: tuple[CoveredPart, ...]
    uncovered: int


def promised_by(stock: Stock, units: int, *, today: date) -> Coverage:
    """Returns when so many units more will be there, after those that orders wait for here.

    What was reserved, kept back or waited for before comes first, also where it is more than there is. ``today`` is the
    location's.
    """
    parts: list[CoveredPart] = []
    left = units
    free = 0
    for net, on, reference in _levels(stock, today=today):
        taken = min(left, max(net, 0) - free)
        if taken > 0:
            parts.append(CoveredPart(units=taken, expected_date=on, reference=reference))
            left -= taken
        free = max(net, 0)
    return Coverage(parts=tuple(parts), uncovered=left)


def available_by(stock: Stock, on: date, *, today: date) -> int:
    """Returns how many units can be promised for a day, which is not before ``today``; both are the location's."""
    return max(0, *(net for net, expected_date, _ in _levels(stock, today=today) if (expected_date or today) <= on))


def arrivals(stock: Stock, *, today: date) -> tuple[tuple[date, Incoming], ...]:
    """Returns what is to come with the day on which it is expected, the earliest first; never a day before today."""
    expected = ((_expected_on(one, today=today), one) for one in stock.incoming)
    certain = [(on, one) for on, one in expected if on is not None]
    return tuple(sorted(certain, key=lambda pair: (pair[0], pair[1].reference)))


def _expected_on(one: Incoming, *, today: date) -> date | None:
    if one.expected_date >= today:
        return one.expected_date
    return today + OVERDUE_WAIT if today - one.expected_date <= GIVEN_UP_AFTER else None


def _levels(stock: Stock, *, today: date) -> Iterator[tuple[int, date | None, str | None]]:
    """Yields how much is free now, and after each arrival; below zero while earlier promises are not covered."""
    net = stock.available - stock.backordered
    yield net, None, None
    for on, one in arrivals(stock, today=today):
        net += one.quantity
        yield net, on, one.reference
