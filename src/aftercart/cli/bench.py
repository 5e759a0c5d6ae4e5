"""The subcommands that measure: the shop against what its database could do at best, and the ways pickers walk."""

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import cyclopts
import msgspec
from cyclopts import Parameter
from rich.console import Console

from aftercart.benchmarking.failure import BenchFailed
from aftercart.benchmarking.run import FULL, QUICK, Course, run_bench, time_import
from aftercart.benchmarking.server import new_folder
from aftercart.benchmarking.table import Stage, summary_of, table_of
from aftercart.benchmarking.walking import RealOrder, measure_walking, walking_table
from aftercart.cli.connection import DATABASE_GROUP, DatabaseOptions, RunningDatabase, migrated_database
from aftercart.importing.classify import SHOP_ZONE
from aftercart.importing.csv_file import FileRefused
from aftercart.importing.model import Invoice
from aftercart.importing.retail_file import read_retail_file
from aftercart.kit.postmaster import find_postmaster

FAILED: Final = 1
STORED: Final = 1_000_000
TABLE_COLUMNS: Final = 280
FLOOR_SEED: Final = 1
LOADED: Final = " (others use this machine: look at the ratios, not at the figures)"

app = cyclopts.App(name="bench", help="Measure what the shop does in a second, against its database.")


@app.default
def bench(
    *,
    quick: Annotated[
        bool, Parameter(help="One round of seconds a row, nothing stored beforehand.", negative="")
    ] = False,
    stored: Annotated[int | None, Parameter(help="Orders to store before measuring again. [default: 1000000]")] = None,
    rounds: Annotated[int | None, Parameter(help="How often to measure each row. [default: 3, with --quick 1]")] = None,
    orders_file: Annotated[Path | None, Parameter(help="Real orders whose import to time, and to walk for.")] = None,
    database_url: Annotated[
        str | None, Parameter(group=DATABASE_GROUP, help="An empty database to fill and leave so.")
    ] = None,
    data_dir: Annotated[
        Path | None, Parameter(group=DATABASE_GROUP, help="Where to keep the data. [default: a temporary folder]")
    ] = None,
) -> None:
    """Measure the server against the ceiling of its database, and print one table with the goals.

    The ceiling is pgbench, writing the rows of one order a transaction. Each row that places orders is measured in
    turn with it, several times, and its ratio is the median: absolute figures depend on what else the machine does.

    Without --database-url and --data-dir, a PostgreSQL of its own is made and removed again: those in the environment
    are not asked, because a benchmark would bury a shop under its orders.
    """
    pace = QUICK if quick else FULL
    progress = Console(stderr=True)
    load = os.getloadavg()[0]
    try:
        with (
            _database_to_fill(DatabaseOptions(database_url=database_url, data_dir=data_dir)) as (running, folder),
            progress.status("starting") as status,
        ):
            course = Course(
                url=running.url,
                postmaster_pid=_postmaster_pid(running),
                folder=folder,
                pace=pace if rounds is None else msgspec.structs.replace(pace, rounds=rounds),
                stored=(0 if quick else STORED) if stored is None else stored,
            )
            stages = run_bench(course, report=status.update)
            status.update("importing real orders")
            import_seconds = None if orders_file is None else time_import(running.url, orders_file.absolute())
    except BenchFailed as failure:
        print(f"aftercart: {failure}", file=sys.stderr)
        sys.exit(FAILED)
    _print(stages, load=load, import_seconds=import_seconds)
    if orders_file is not None:
        walking(orders_file)


@app.command
def walking(orders_file: Path, /, *, seed: Annotated[int, Parameter(help="Where each SKU lies.")] = FLOOR_SEED) -> None:
    """Measure how far pickers walk for real orders, one at a time and with carts for twelve.

    The orders are laid out in a made-up warehouse of 4,000 bins. One truck takes those of a day.

    Parameters
    ----------
    orders_file
        An Online Retail file, as for `aftercart import online-retail`.
    """
    try:
        invoices = read_retail_file(orders_file).invoices
        reports = measure_walking([_real_order(invoice) for invoice in invoices], zone=SHOP_ZONE, seed=seed)
    except (BenchFailed, FileRefused, OSError) as failure:
        print(f"aftercart: {failure}", file=sys.stderr)
        sys.exit(FAILED)
    figures = Console(width=None if sys.stdout.isatty() else TABLE_COLUMNS)
    for report in reports:
        figures.print(walking_table(report))
        figures.print()
    for report in reports:
        figures.print(str(report.verdict))


def _real_order(invoice: Invoice) -> RealOrder:
    skus = tuple(dict.fromkeys(line.sku for line in invoice.lines))
    return RealOrder(number=invoice.number, placed_at=invoice.invoiced_at, skus=skus)


def _print(stages: Sequence[Stage], *, load: float, import_seconds: float | None) -> None:
    figures = Console(width=None if sys.stdout.isatty() else TABLE_COLUMNS)
    figures.print(f"{os.cpu_count()} cores; load average before the run: {load:.1f}{LOADED if load > 0.5 else ''}\n")
    for stage in stages:
        figures.print(table_of(stage, stages[0]))
        figures.print()
    if import_seconds is None:
        figures.print("import of real orders: skipped, no --orders-file given")
    for verdict in summary_of(stages, import_seconds=import_seconds):
        figures.print(str(verdict))


@contextmanager
def _database_to_fill(chosen: DatabaseOptions) -> Generator[tuple[RunningDatabase, Path]]:
    """Yields a migrated database and a folder for the run's own files."""
    with new_folder() as name:
        if chosen.database_url is None and chosen.data_dir is None:
            chosen = DatabaseOptions(data_dir=Path(name) / "data")
        with migrated_database(chosen) as running:
            yield running, Path(name)


def _postmaster_pid(running: RunningDatabase) -> int | None:
    if running.embedded is None:
        return None
    postmaster = find_postmaster(running.embedded.data_dir.resolve() / "postgres")
    return None if postmaster is None else postmaster.pid
