"""Reading a whole Online Retail file: every line ends as part of an invoice or set aside, and none twice."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from aftercart.catalog.decisions.upsert_variants import VariantDefinition
from aftercart.importing.articles import Catalog
from aftercart.importing.classify import COLUMNS, classify, why_no_order
from aftercart.importing.countries import PLACES
from aftercart.importing.csv_file import FileRefused, opened
from aftercart.importing.model import ArticleLine, Invoice, Repair, SetAside
from aftercart.orders.decisions.place_order import LINES_MAX


class RetailFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds. Invoices are in the order of their time; ``lines`` counts all below the header.

    ``repaired`` counts lines that name an article, or invoices for the repairs that concern a whole invoice.
    """

    lines: int
    invoices: tuple[Invoice, ...]
    variants: tuple[VariantDefinition, ...]
    set_aside: dict[SetAside, int]
    repaired: dict[Repair, int]


def read_retail_file(path: Path) -> RetailFile:
    """Reads a CSV file, compressed with gzip or not; raises ``FileRefused`` when it is something else."""
    return sort_out(read_rows(path))


def first_orders(retail: RetailFile, limit: int | None) -> RetailFile:
    """Returns the same file with its first ``limit`` invoices only, all of them without a limit."""
    return msgspec.structs.replace(retail, invoices=retail.invoices[:limit])


def sort_out(rows: Iterable[Sequence[str]]) -> RetailFile:
    """Sorts lines (the fields of each, without the header) into invoices and what is set aside."""
    set_aside: Counter[SetAside] = Counter()
    repaired: Counter[Repair] = Counter()
    catalog = Catalog()
    by_invoice: dict[str, list[ArticleLine]] = {}
    lines = 0
    for fields in rows:
        lines += 1
        line = classify(fields)
        if isinstance(line, SetAside):
            set_aside[line] += 1
            continue
        catalog.learn(line)
        repaired.update(line.repairs)
        reason = why_no_order(line)
        found = by_invoice.setdefault(line.invoice, []) if reason is None else []
        if reason is None and len(found) >= LINES_MAX:
            reason = SetAside.BEYOND_LIMITS
        if reason is not None:
            set_aside[reason] += 1
            continue
        found.append(line)
    invoices = sorted((_invoice(found, repaired) for found in by_invoice.values()), key=_by_time)
    assert lines == sum(set_aside.values()) + sum(len(invoice.lines) for invoice in invoices)
    return RetailFile(
        lines=lines,
        invoices=tuple(invoices),
        variants=catalog.variants(),
        set_aside=dict(set_aside),
        repaired={what: found for what, found in repaired.items() if found},
    )


def _by_time(invoice: Invoice) -> tuple[object, str]:
    return invoice.invoiced_at, invoice.number


def _invoice(lines: list[ArticleLine], repaired: Counter[Repair]) -> Invoice:
    first = min(lines, key=lambda line: line.invoiced_at)
    repaired[Repair.COUNTRY_CHOSEN] += sum(PLACES[line.country].chosen for line in lines)
    if any(line.invoiced_at != first.invoiced_at for line in lines):
        repaired[Repair.SEVERAL_TIMES] += 1
    if any((line.customer, line.country) != (first.customer, first.country) for line in lines):
        repaired[Repair.SEVERAL_CUSTOMERS] += 1
    repaired[Repair.REPEATED_ARTICLE] += len(lines) - len({line.sku for line in lines})
    return Invoice(
        number=first.invoice,
        invoiced_at=first.invoiced_at,
        customer=first.customer,
        country=PLACES[first.country].country,
        lines=tuple(lines),
    )


def read_rows(path: Path) -> Iterator[Sequence[str]]:
    """Yields the fields of each line below the header, none for a line that is no CSV; raises ``FileRefused``."""
    with opened(path) as text:
        reader = csv.reader(text)
        header = next(_readable(reader), None)
        if header is None or tuple(header) != COLUMNS:
            raise FileRefused(f"{path} does not begin with the columns {', '.join(COLUMNS)}")
        yield from _readable(reader)


def _readable(reader: Iterator[list[str]]) -> Iterator[Sequence[str]]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield ()
