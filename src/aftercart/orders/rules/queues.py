"""Standing in line for what comes: the oldest promise first, then who waits without one, by the day of the order."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from aftercart.orders.model import Order, Queued

Turn = tuple[bool, date, datetime, UUID]
"""Sorts orders by whose turn it is."""


def units_before(order: Order, queue: Iterable[Queued]) -> int:
    """Returns how many units others wait for who come before the order in the queue it stands in."""
    own = _turn(order)
    return sum(one.units for one in queue if _of(one) < own)


def units_before_newcomer(order: Order, queue: Iterable[Queued]) -> int:
    """Returns how many units others wait for who come before the order in a queue it would change to.

    Nobody who has a day there already is overtaken.
    """
    own = _turn(order)
    return sum(
        one.units
        for one in queue
        if one.order_id != order.order_id and (one.expected_date is not None or _of(one) < own)
    )


def _turn(order: Order) -> Turn:
    return _sorted_by(order.delivery.promised_date, order.placed_at, order.order_id)


def _of(one: Queued) -> Turn:
    return _sorted_by(one.promised_date, one.placed_at, one.order_id)


def _sorted_by(promised_date: date | None, placed_at: datetime, order_id: UUID) -> Turn:
    return promised_date is None, promised_date or date.max, placed_at, order_id
