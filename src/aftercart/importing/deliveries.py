"""The supply of the imported shop: an opening stock and weekly deliveries, some of which come a week late.

A retail file says what was sold, never what was bought. So the supply is made from the sales themselves: every article
is delivered for one, two or four weeks of its own sales at a time, and the article's customers meet a stock-out when
that delivery is late. The shop hears of deliveries two weeks ahead, and of half of the delays. What is late, and where
goods arrive, is chance that is the same in every run.
"""

import enum
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import msgspec

from aftercart.importing.articles import stable_number
from aftercart.importing.model import Invoice
from aftercart.inventory.decisions.receive_stock import QUANTITY_MAX, ReceiptLine, ReceiveStock
from aftercart.inventory.decisions.upsert_supply import SupplyDefinition, SupplyLineDefinition, UpsertSupply

LATE_SHARE: Final = 0.16
"""The share of deliveries that come a week late; with it 3 to 5 % of the real file's lines meet a stock-out."""
_POSTPONED_SHARE: Final = 0.5
_TOLD_BEFORE: Final = timedelta(days=3)
_ANNOUNCED_WEEKS: Final = 2

WAREHOUSES: Final = ("daventry", "leeds", "bristol")
_SHARES: Final = (0.80, 0.93, 1.0)
_CHANCES: Final = 2**32
_WEEK: Final = timedelta(weeks=1)
_UNLOADED_AT: Final = timedelta(hours=5)
_LINES_MAX: Final = 2_000


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Goods that arrive at a warehouse; ``receipt`` names them in the stock's ledger."""

    arrives_at: datetime
    receipt: ReceiveStock


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """What the shop is told of a delivery to come, and when."""

    at: datetime
    supply: UpsertSupply


class _Punctuality(enum.Enum):
    """How a delivery keeps its day; the value stands in its reference."""

    ON_TIME = ""  # it comes on the day it was announced for
    LATE = "late "  # it comes a week late, and nobody says so
    POSTPONED = "postponed "  # it comes a week late, and that is told three days before


class _Cover(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of an article for the weeks from ``week`` on."""

    sku: str
    week: int
    units: int


class _Consignment(msgspec.Struct, frozen=True, kw_only=True):
    """What one warehouse is to get in a week, of what keeps its day in one way; without ``announced_at`` it is there.

    ``receipt`` holds as many lines as one document may have.
    """

    punctuality: _Punctuality
    planned_at: datetime
    announced_at: datetime | None
    receipt: ReceiveStock

    @property
    def arrives_at(self) -> datetime:
        """Returns when it is there."""
        return self.planned_at if self.punctuality is _Punctuality.ON_TIME else self.planned_at + _WEEK


def plan_deliveries(invoices: Sequence[Invoice]) -> tuple[Delivery, ...]:
    """Returns all deliveries in the order of their arrival, on Monday mornings; the first are the opening stock."""
    arriving = sorted(_consignments(invoices), key=lambda one: (one.arrives_at, one.receipt.reference))
    return tuple(Delivery(arrives_at=one.arrives_at, receipt=one.receipt) for one in arriving)


def plan_announcements(invoices: Sequence[Invoice]) -> tuple[Announcement, ...]:
    """Returns what is told of deliveries, in the order of time: two weeks ahead, and when one is postponed."""
    told: list[Announcement] = []
    for one in _consignments(invoices):
        if one.announced_at is None:
            continue
        told.append(Announcement(at=one.announced_at, supply=_supply(one, one.planned_at)))
        if one.punctuality is _Punctuality.POSTPONED:
            told.append(Announcement(at=one.planned_at - _TOLD_BEFORE, supply=_supply(one, one.arrives_at)))
    return tuple(sorted(told, key=lambda one: (one.at, one.supply.supplies[0].reference)))


def _supply(consignment: _Consignment, comes_at: datetime) -> UpsertSupply:
    units: Counter[str] = Counter()
    for line in consignment.receipt.lines:
        units[line.sku] += line.quantity
    lines = tuple(
        SupplyLineDefinition(sku=sku, quantity=min(quantity, QUANTITY_MAX)) for sku, quantity in units.items()
    )
    receipt = consignment.receipt
    definition = SupplyDefinition(
        reference=receipt.reference, location=receipt.location, expected_date=comes_at.date(), lines=lines
    )
    return UpsertSupply(supplies=(definition,))


def _consignments(invoices: Sequence[Invoice]) -> Iterable[_Consignment]:
    if not invoices:
        return
    first_monday = _monday(invoices[0].invoiced_at)
    planned: dict[tuple[int, int, _Punctuality], Counter[str]] = defaultdict(Counter)
    for sku, sold in _sold_by_week(invoices, first_monday).items():
        for cover in _covers(sku, sold):
            where = stable_number("warehouse", sku, cover.week) / _CHANCES
            warehouse = next(index for index, share in enumerate(_SHARES) if where <= share)
            planned[cover.week, warehouse, _punctuality(sku, cover.week)][sku] += cover.units
    for (week, warehouse, punctuality), units in planned.items():
        announced_at = first_monday + max(week - _ANNOUNCED_WEEKS, 0) * _WEEK
        for receipt in _receipts(units, title=f"week {week:03} {punctuality.value}", location=WAREHOUSES[warehouse]):
            yield _Consignment(
                punctuality=punctuality,
                planned_at=first_monday + week * _WEEK,
                announced_at=announced_at if week else None,
                receipt=receipt,
            )


def _punctuality(sku: str, week: int) -> _Punctuality:
    chance = stable_number("delivery", sku, week) / _CHANCES
    if week == 0 or chance >= LATE_SHARE:
        return _Punctuality.ON_TIME
    return _Punctuality.POSTPONED if chance < LATE_SHARE * _POSTPONED_SHARE else _Punctuality.LATE


def _monday(moment: datetime) -> datetime:
    midnight = datetime.combine(moment.date(), datetime.min.time(), tzinfo=UTC)
    monday = midnight - timedelta(days=midnight.weekday()) + _UNLOADED_AT
    return monday if monday <= moment else monday - _WEEK


def _sold_by_week(invoices: Iterable[Invoice], first_monday: datetime) -> dict[str, Counter[int]]:
    sold: dict[str, Counter[int]] = defaultdict(Counter)
    for invoice in invoices:
        week = (invoice.invoiced_at - first_monday) // _WEEK
        for line in invoice.lines:
            sold[line.sku][week] += line.quantity
    return sold


def _covers(sku: str, sold: Counter[int]) -> Iterable[_Cover]:
    """Yields what is delivered together: the oftener an article sells, the shorter the time."""
    weeks = max(sold) + 1
    cycle = 1 if len(sold) > weeks / 2 else 2 if len(sold) > weeks / 4 else 4
    first = 1 + stable_number("cycle", sku) % cycle
    for start, end in pairwise((0, *range(first, weeks, cycle), weeks)):
        units = sum(sold[week] for week in range(start, end))
        if units:
            yield _Cover(sku=sku, week=start, units=units)


def _receipts(units: Counter[str], *, title: str, location: str) -> Iterable[ReceiveStock]:
    lines = [
        ReceiptLine(sku=sku, quantity=min(QUANTITY_MAX, left))
        for sku, all_units in sorted(units.items())
        for left in range(all_units, 0, -QUANTITY_MAX)
    ]
    for start in range(0, len(lines), _LINES_MAX):
        reference = f"{title}{location} {start // _LINES_MAX + 1}"
        yield ReceiveStock(location=location, reference=reference, lines=tuple(lines[start : start + _LINES_MAX]))
