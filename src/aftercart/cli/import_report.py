"""How the report of an import is shown on a terminal."""

from collections.abc import Generator
from typing import Final

from rich.table import Table

from aftercart.cli.import_tables import floor_table, money, promises_table, table
from aftercart.importing.report import Report

_MEANING: Final = {
    "unreadable": "not eight fields, or a field that does not hold what its column says",
    "credit_note": "the invoice begins with C: goods or money went back",
    "debt_adjustment": "the invoice begins with A: bookkeeping",
    "service_code": "postage, carriage, fees, samples, vouchers",
    "stock_adjustment": "no units, or fewer than none",
    "bad_price": "nothing was to be paid, or less",
    "beyond_limits": "more units, a higher price or more lines than an order may have",
    "no_customer": "sold to nobody in particular",
    "unknown_country": "a country that is not in the table",
    "insufficient_stock": "the web channel takes no order that has to wait",
    "reference_already_used": "an order of other contents has this number already",
    "mixed_case_code": "85123a is the article 85123A",
    "untidy_name": "spaces around or inside the description",
    "price_rounded": "more than two decimals, rounded half up to a penny",
    "country_chosen": "Channel Islands: JE; European Community: BE; Unspecified: GB",
    "several_times": "invoices written over some minutes: the first one counts",
    "several_customers": "invoices with several customers: the first one counts",
    "repeated_article": "lines whose article stands on the invoice already, kept",
}


def tables(report: Report) -> Generator[Table | str]:
    """Yields what to print, from what became of every line to how fast it went."""
    yield _lines(report)
    yield _repairs(report)
    yield _months(report)
    yield _stock_outs(report)
    yield promises_table(report.promises)
    yield floor_table(report.floor)
    yield "\n".join(_summary(report))


def _lines(report: Report) -> Table:
    shown = table("What became of every line", ("", "lines", "orders", "why"))
    placed = f"{report.placed_earlier_orders:,} of them before this run" if report.placed_earlier_orders else ""
    shown.add_row("placed", f"{report.placed.lines:,}", f"{report.placed.orders:,}", placed)
    for why, count in report.refused.items():
        shown.add_row(f"refused: {why}", f"{count.lines:,}", f"{count.orders:,}", _MEANING.get(why, ""))
    for why, lines in report.set_aside.items():
        shown.add_row(f"set aside: {why}", f"{lines:,}", "", _MEANING[why])
    shown.add_section()
    shown.add_row("all lines of the file", f"{report.lines:,}", "", "")
    return shown


def _repairs(report: Report) -> Table:
    shown = table("Put right", ("", "found", "how"))
    for what, found in report.repaired.items():
        shown.add_row(what, f"{found:,}", _MEANING[what])
    return shown


def _months(report: Report) -> Table:
    shown = table("Placed by month", ("", "orders", "units", "revenue"))
    for month in report.months:
        shown.add_row(month.month, f"{month.orders:,}", f"{month.units:,}", money(month.revenue_minor, report.currency))
    shown.add_section()
    shown.add_row("all", f"{report.placed.orders:,}", f"{report.units:,}", money(report.revenue_minor, report.currency))
    return shown


def _stock_outs(report: Report) -> Table:
    shown = table("Most often missing", ("SKU", "lines", "article"))
    for stock_out in report.top_stock_outs:
        shown.add_row(stock_out.sku, f"{stock_out.lines:,}", stock_out.name)
    return shown


def _summary(report: Report) -> Generator[str]:
    yield (f"{report.stock_out_lines:,} lines met a stock-out, {report.stock_out_share:.1%} of those placed or refused")
    yield (
        f"backorders: {report.waited_lines:,} lines had to wait, {report.served_units:,} units were served later,"
        f" {report.waiting_lines:,} lines ({report.waiting_units:,} units) wait now"
    )
    for why, times in report.refused_commands.items():
        yield f"asked by clock or reaction in vain: {times:,} times {why}, as the order was changed meanwhile"
    yield (
        f"supply: {report.units_received:,} units of {report.variants:,} variants in {report.deliveries:,} deliveries,"
        f" the opening stock among them"
    )
    yield (
        f"{report.answered_orders:,} orders in {report.seconds:.1f} s: {report.orders_per_second:,.0f} orders/s,"
        f" {report.answered_lines / report.seconds:,.0f} lines/s"
    )
