"""The supply of the imported shop: an opening stock and weekly deliveries, some of which come a week late.

A retail file says what was sold, never what was bought. So the supply is made from the sales themselves: every article
is delivered for one, two or four weeks of its own sales at a time, and the article's customers meet a stock-out when
that delivery is late. What is late, and where goods arrive, is chance that is the same in every run.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import msgspec

from aftercart.importing.articles import stable_number
from aftercart.importing.model import Invoice
from aftercart.inventory.decisions.receive_stock import QUANTITY_MAX, ReceiptLine, ReceiveStock

LATE_SHARE: Final = 0.16
"""The share of deliveries that come a week late; with it 3 to 5 % of the real file's lines meet a stock-out."""

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


class _Cover(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of an article for the weeks from ``week`` on."""

    sku: str
    week: int
    units: int


def plan_deliveries(invoices: Sequence[Invoice]) -> tuple[Delivery, ...]:
    """Returns all deliveries in the order of their arrival, on Monday mornings; the first are the opening stock."""
    if not invoices:
        return ()
    first_monday = _monday(invoices[0].invoiced_at)
    arriving: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for sku, sold in _sold_by_week(invoices, first_monday).items():
        for cover in _covers(sku, sold):
            chance = stable_number("delivery", sku, cover.week)
            late = cover.week > 0 and chance / _CHANCES < LATE_SHARE
            where = stable_number("warehouse", sku, cover.week) / _CHANCES
            warehouse = next(index for index, share in enumerate(_SHARES) if where <= share)
            arriving[cover.week + late, warehouse][sku] += cover.units
    return tuple(
        Delivery(arrives_at=first_monday + week * _WEEK, receipt=receipt)
        for (week, warehouse), units in sorted(arriving.items())
        for receipt in _receipts(units, week=week, location=WAREHOUSES[warehouse])
    )


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


def _receipts(units: Counter[str], *, week: int, location: str) -> Iterable[ReceiveStock]:
    lines = [
        ReceiptLine(sku=sku, quantity=min(QUANTITY_MAX, left))
        for sku, all_units in sorted(units.items())
        for left in range(all_units, 0, -QUANTITY_MAX)
    ]
    for start in range(0, len(lines), _LINES_MAX):
        reference = f"week {week:03} {location} {start // _LINES_MAX + 1}"
        yield ReceiveStock(location=location, reference=reference, lines=tuple(lines[start : start + _LINES_MAX]))
