"""What every change leaves behind: the order after its moves, its totals, holds and release time."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from aftercart.inventory.model import Location, Stage, UnitMove
from aftercart.kit.money import MINOR_UNITS_MAX
from aftercart.kit.refusal import Refusal
from aftercart.orders.model import Delivery, Hold, HoldReason, Order, OrderLine, Payment
from aftercart.orders.rules.holds import missing_stock_hold, payment_hold
from aftercart.orders.rules.release_time import release_time
from aftercart.orders.rules.totals import Totals, totals_from
from aftercart.orders.rules.unit_ledger import move_units


class OrderTooExpensive(Refusal):
    """The total would be above the largest amount there is."""

    status = 422

    def __init__(self, *, total_minor: int) -> None:
        super().__init__(param="lines", total_minor=total_minor, total_minor_max=MINOR_UNITS_MAX)


class Aftermath(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps the order waiting after a change."""

    holds: tuple[Hold, ...]
    release_at: datetime | None


def aftermath_of(
    order: Order,
    moves: Sequence[UnitMove],
    *,
    locations: Iterable[Location],
    now: datetime,
    units_went_missing: bool = False,
) -> Aftermath:
    """Returns the holds and the release time the order has once ``moves`` are made.

    A payment hold stands exactly when the total is above what is authorized; a hold for missing stock begins when
    reserved units were not found and ends when none of the order's units waits for stock any more.
    """
    units = move_units(order.units, moves) if moves else order.units
    totals = totals_from(order.lines, units, delivery_minor=order.delivery.price_minor)
    holds = _payment_hold(order.holds, totals, order.payment, now)
    waiting = any(entry.stage is Stage.BACKORDERED for entry in units)
    had_missing = any(hold.reason is HoldReason.MISSING_STOCK for hold in holds)
    holds = missing_stock_hold(holds, needed=waiting and (had_missing or units_went_missing), now=now)
    if all(entry.stage is Stage.CANCELED for entry in units):
        holds = ()
    return Aftermath(holds=holds, release_at=release_time(units, holds, locations, now))


def first_aftermath(
    lines: Sequence[OrderLine],
    moves: Sequence[UnitMove],
    *,
    delivery: Delivery,
    payment: Payment,
    locations: Iterable[Location],
    now: datetime,
) -> Aftermath:
    """Returns the holds and the release time of an order that begins with ``moves``."""
    units = move_units((), moves)
    totals = totals_from(lines, units, delivery_minor=delivery.price_minor)
    holds = _payment_hold((), totals, payment, now)
    return Aftermath(holds=holds, release_at=release_time(units, holds, locations, now))


def _payment_hold(holds: tuple[Hold, ...], totals: Totals, payment: Payment, now: datetime) -> tuple[Hold, ...]:
    if totals.total_minor > MINOR_UNITS_MAX:
        raise OrderTooExpensive(total_minor=totals.total_minor)
    return payment_hold(holds, total_minor=totals.total_minor, authorized_minor=payment.authorized_minor, now=now)
