"""The report of an import: every line of the file is placed, refused or set aside, and the three add up."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import msgspec

from aftercart.importing.articles import CURRENCY
from aftercart.importing.classify import SHOP_ZONE
from aftercart.importing.model import Invoice
from aftercart.importing.orders import CHANNELS
from aftercart.importing.retail_file import RetailFile
from aftercart.importing.tally import Tally
from aftercart.kit.database import Database

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
    """All of an import. Stock-outs and speed are of this run, everything else of all runs on this file.

    ``set_aside`` and ``repaired`` count lines (or invoices, for repairs of a whole invoice) by reason; a line may be
    repaired in several ways. Amounts are in minor units of ``currency``.
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
    answered_lines: int
    stock_out_lines: int
    stock_out_share: float
    top_stock_outs: tuple[StockOut, ...]
    waiting_lines: int
    served_lines: int
    served_units: int
    reservations_refused: dict[str, int]
    open_lines: int
    open_units: int
    deliveries: int
    units_received: int
    answered_orders: int
    seconds: float
    orders_per_second: float

    @property
    def lines_told(self) -> int:
        """Returns how many lines the report speaks of: those placed, refused and set aside."""
        refused = sum(count.lines for count in self.refused.values())
        return self.placed.lines + refused + sum(self.set_aside.values())


async def make_report(database: Database, retail: RetailFile, tally: Tally, *, seconds: float) -> Report:
    """Returns the report of an import that took ``seconds``; what still waits for stock is asked of the shop."""
    channels = [channel.code for channel in CHANNELS.channels]
    ((open_lines, open_units),) = await database.rows(_COUNT_WAITING, {"channels": channels})
    names = {variant.sku: variant.name for variant in retail.variants}
    top = sorted(tally.stock_outs.items(), key=lambda one: (-one[1], one[0]))[:_TOP]
    stock_out_lines = sum(tally.stock_outs.values())
    report = Report(
        lines=retail.lines,
        placed=_count(tally.placed),
        placed_earlier_orders=tally.placed_earlier,
        refused={why: _count(invoices) for why, invoices in sorted(tally.refused.items())},
        set_aside={why.value: lines for why, lines in sorted(retail.set_aside.items(), key=lambda one: -one[1])},
        repaired={what.value: lines for what, lines in sorted(retail.repaired.items(), key=lambda one: -one[1])},
        currency=CURRENCY,
        variants=len(retail.variants),
        units=sum(invoice.units for invoice in tally.placed),
        revenue_minor=sum(invoice.total_minor for invoice in tally.placed),
        months=tuple(_months(tally.placed)),
        answered_lines=tally.answered_lines,
        stock_out_lines=stock_out_lines,
        stock_out_share=stock_out_lines / tally.answered_lines if tally.answered_lines else 0.0,
        top_stock_outs=tuple(StockOut(sku=sku, name=names[sku], lines=lines) for sku, lines in top),
        waiting_lines=tally.waiting_lines,
        served_lines=tally.served_lines,
        served_units=tally.served_units,
        reservations_refused=dict(tally.reservations_refused),
        open_lines=open_lines,
        open_units=open_units,
        deliveries=tally.deliveries,
        units_received=tally.units_received,
        answered_orders=tally.answered_orders,
        seconds=seconds,
        orders_per_second=tally.answered_orders / seconds if seconds else 0.0,
    )
    assert report.lines_told == report.lines, f"{report.lines_told} lines told of {report.lines}"
    return report


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


_COUNT_WAITING: Final = """
    SELECT count(*), coalesce(sum(u.quantity), 0)::bigint
    FROM orders.units AS u
    JOIN orders.orders AS o ON o.order_id = u.order_id
    WHERE u.stage = 'backordered' AND o.channel = ANY(%(channels)s)
"""
