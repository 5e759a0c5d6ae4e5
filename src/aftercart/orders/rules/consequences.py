"""What a change means for people: the numbers a preview shows and a quote guards."""

from collections import Counter
from datetime import date

import msgspec

from aftercart.inventory.model import Stage
from aftercart.orders.model import Order, Units
from aftercart.orders.rules.told_date import told_date
from aftercart.orders.rules.totals import Totals, totals_of


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What the change does to the money: ``due`` is missing from the authorization, ``freed`` is not needed of it."""

    authorized_minor: int
    due_minor: int
    freed_minor: int


class Intercepted(msgspec.Struct, frozen=True, kw_only=True):
    """So many units of a line are taken out of a hand or a parcel, and put back; of a bundle, units of its parts."""

    line: int
    quantity: int


class Consequences(msgspec.Struct, frozen=True, kw_only=True):
    """The order's totals and promise before and after, what is to be settled, and what is reserved or intercepted."""

    before: Totals | None
    after: Totals
    settlement: Settlement
    previous_date: date | None
    earliest_date: date | None
    promised_date: date | None
    status: str
    units: tuple[Units, ...]
    intercepted: tuple[Intercepted, ...]


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
        intercepted=intercepted_by(before, after),
    )


def intercepted_by(before: Order | None, after: Order) -> tuple[Intercepted, ...]:
    """Returns the units that are in hand, and not wanted any more since ``before``."""
    if before is None:
        return ()
    more = _in_hand_unwanted(after)
    more.subtract(_in_hand_unwanted(before))
    return tuple(Intercepted(line=line, quantity=more[line]) for line in sorted(more) if more[line] > 0)


def _in_hand_unwanted(order: Order) -> Counter[int]:
    counted = Counter[int]()
    for entry in order.units:
        if entry.stage is Stage.INTERCEPTED:
            counted[entry.line] += entry.quantity
    return counted
