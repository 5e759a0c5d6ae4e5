"""The report of an import: every line of the file is placed, refused or set aside, and the three add up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from aftercart.importing.articles import CURRENCY
from aftercart.importing.classify import SHOP_ZONE
from aftercart.importing.deliveries import plan_deliveries
from aftercart.importing.floor_load import LocationLoad, floor_load
from aftercart.importing.history import Life, find_lives
from aftercart.importing.model import Invoice
from aftercart.importing.notebook import count_served, count_waited, count_waiting
from aftercart.importing.orders import CAPACITIES
from aftercart.importing.progress import Progress
from aftercart.importing.promises import Promises, promises_of
from aftercart.importing.retail_file import RetailFile
from aftercart.kit.database import Database

ALL_CHANNELS: Final = "all"
_TOP: Final = 15


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """So many orders with so many lines."""

    orders: int
    lines: int


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """What was placed in a month (``YYYY-MM``) of the shop's own time."""

    month: str
    orders: int
    units: int
    revenue_minor: int


class StockOut(msgspec.Struct, frozen=True, kw_only=True):
    """How many lines an article was missing for."""

    sku: str
    name: str
    lines: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that became of a file, in this run and earlier ones; only what is ``answered`` and the speed are of this run.

    ``set_aside`` and ``repaired`` count lines (or invoices, for repairs of a whole invoice) by reason; a line may be
    repaired in several ways, also one that is set aside for want of a customer. A line meets a stock-out when its
    article is missing: its order is refused or the line waits. Amounts are in minor units of ``currency``. ``promises``
    are by channel, those of all channels under ``all``.
    """

    lines: int
    placed: Count
    placed_earlier_orders: int
    refused: dict[str, Count]
    set_aside: dict[str, int]
    repaired: dict[str, int]
    currency: str
    variants: int
    units: int
    revenue_minor: int
    months: tuple[Month, ...]
    promises: dict[str, Promises]
    floor: tuple[LocationLoad, ...]
    stock_out_lines: int
    stock_out_share: float
    top_stock_outs: tuple[StockOut, ...]
    waited_lines: int
    served_units: int
    waiting_lines: int
    waiting_units: int
    refused_commands: dict[str, int]
    deliveries: int
    units_received: int
    answered_orders: int
    answered_lines: int
    seconds: float
    orders_per_second: float

    @property
    def lines_told(self) -> int:
        """Returns how many lines the report speaks of: those placed, refused and set aside."""
        refused = sum(count.lines for count in self.refused.values())
        return self.placed.lines + refused + sum(self.set_aside.values())


async def make_report(database: Database, retail: RetailFile, progress: Progress, *, seconds: float) -> Report:
    """Returns the report of a finished import whose last run took ``seconds``; stock-outs are asked of the shop."""
    placed = [invoice for invoice in retail.invoices if invoice.number in progress.placed]
    refused = [invoice for invoice in retail.invoices if invoice.number in progress.refused]
    references = [invoice.number for invoice in placed]
    waited = Counter(await count_waited(database, references))
    stock_outs = waited + _missing_of(refused, progress)
    asked_lines = _count((*placed, *refused)).lines
    waiting_lines, waiting_units = await count_waiting(database, references)
    deliveries = plan_deliveries(retail.invoices)
    lives = await find_lives(database, references)
    report = Report(
        lines=retail.lines,
        placed=_count(placed),
        placed_earlier_orders=progress.placed_earlier,
        refused=_by_reason(refused, progress),
        set_aside={why.value: lines for why, lines in sorted(retail.set_aside.items(), key=lambda one: -one[1])},
        repaired={what.value: found for what, found in sorted(retail.repaired.items(), key=lambda one: -one[1])},
        currency=CURRENCY,
        variants=len(retail.variants),
        units=sum(invoice.units for invoice in placed),
        revenue_minor=sum(invoice.total_minor for invoice in placed),
        months=tuple(_months(placed)),
        promises=_promises(lives, progress),
        floor=floor_load(lives, capacities=CAPACITIES),
        stock_out_lines=stock_outs.total(),
        stock_out_share=stock_outs.total() / asked_lines if asked_lines else 0.0,
        top_stock_outs=tuple(_top(stock_outs, retail)),
        waited_lines=waited.total(),
        served_units=await count_served(database, references),
        waiting_lines=waiting_lines,
        waiting_units=waiting_units,
        refused_commands=dict(progress.refused_commands),
        deliveries=len(deliveries),
        units_received=sum(line.quantity for delivery in deliveries for line in delivery.receipt.lines),
        answered_orders=progress.answered_orders,
        answered_lines=progress.answered_lines,
        seconds=seconds,
        orders_per_second=progress.answered_orders / seconds if seconds else 0.0,
    )
    assert report.lines_told == report.lines, f"{report.lines_told} lines told of {report.lines}"
    return report


def _promises(lives: Sequence[Life], progress: Progress) -> dict[str, Promises]:
    assert progress.played_until is not None
    now = progress.played_until
    channels = sorted({life.channel for life in lives})
    by_channel = {code: promises_of((life for life in lives if life.channel == code), now=now) for code in channels}
    return {**by_channel, ALL_CHANNELS: promises_of(lives, now=now)}


def _missing_of(refused: Iterable[Invoice], progress: Progress) -> Counter[str]:
    missing: Counter[str] = Counter()
    for invoice in refused:
        skus = progress.refused[invoice.number].missing_skus
        missing.update(line.sku for line in invoice.lines if line.sku in skus)
    return missing


def _by_reason(refused: Iterable[Invoice], progress: Progress) -> dict[str, Count]:
    by_code: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in refused:
        by_code[progress.refused[invoice.number].code].append(invoice)
    return {code: _count(invoices) for code, invoices in sorted(by_code.items())}


def _top(stock_outs: Counter[str], retail: RetailFile) -> Iterable[StockOut]:
    names = {variant.sku: variant.name for variant in retail.variants}
    for sku, lines in sorted(stock_outs.items(), key=lambda one: (-one[1], one[0]))[:_TOP]:
        yield StockOut(sku=sku, name=names[sku], lines=lines)


def _count(invoices: Iterable[Invoice]) -> Count:
    lines = [len(invoice.lines) for invoice in invoices]
    return Count(orders=len(lines), lines=sum(lines))


def _months(invoices: Iterable[Invoice]) -> Iterable[Month]:
    by_month: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        by_month[f"{invoice.invoiced_at.astimezone(SHOP_ZONE):%Y-%m}"].append(invoice)
    for month, placed in sorted(by_month.items()):
        units = sum(invoice.units for invoice in placed)
        revenue_minor = sum(invoice.total_minor for invoice in placed)
        yield Month(month=month, orders=len(placed), units=units, revenue_minor=revenue_minor)
