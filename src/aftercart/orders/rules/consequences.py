"""What a change means for people: the numbers a preview shows and a quote guards."""

from datetime import date

import msgspec

from aftercart.orders.model import Order, Units
from aftercart.orders.rules.told_date import told_date
from aftercart.orders.rules.totals import Totals, totals_of


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What the change does to the money: ``due`` is missing from the authorization, ``freed`` is not needed of it."""

    authorized_minor: int
    due_minor: int
    freed_minor: int


class Consequences(msgspec.Struct, frozen=True, kw_only=True):
    """The order's totals and promise before and after, what is to be settled, and what is reserved."""

    before: Totals | None
    after: Totals
    settlement: Settlement
    previous_date: date | None
    earliest_date: date | None
    promised_date: date | None
    status: str
    units: tuple[Units, ...]


def consequences_of(before: Order | None, after: Order) -> Consequences:
    """Returns the consequences of going from one state of an order to another."""
    totals = totals_of(after)
    authorized = after.payment.authorized_minor
    return Consequences(
        before=None if before is None else totals_of(before),
        after=totals,
        settlement=Settlement(
            authorized_minor=authorized,
            due_minor=max(totals.total_minor - authorized, 0),
            freed_minor=max(authorized - totals.total_minor, 0),
        ),
        previous_date=None if before is None else told_date(before),
        earliest_date=None if after.delivery.promise is None else after.delivery.promise.earliest_date,
        promised_date=told_date(after),
        status=after.status.value,
        units=after.units,
    )
