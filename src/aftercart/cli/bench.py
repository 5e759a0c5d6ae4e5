"""The subcommand that measures what the shop does in a second, against what its database could do at best."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter
from rich.console import Console

from aftercart.benchmarking.failure import BenchFailed
from aftercart.benchmarking.run import FULL, QUICK, Course, run_bench, time_import
from aftercart.benchmarking.server import new_folder
from aftercart.benchmarking.table import summary_of, table_of
from aftercart.cli.connection import DatabaseOptions, RunningDatabase, migrated_database
from aftercart.kit.postmaster import find_postmaster

FAILED: Final = 1
STORED: Final = 1_000_000
TABLE_COLUMNS: Final = 200


def bench(
    *,
    quick: Annotated[
        bool, Parameter(help="One round of seconds a row, nothing stored beforehand.", negative="")
    ] = False,
    stored: Annotated[int | None, Parameter(help="Orders to store before measuring again. [default: 1000000]")] = None,
    orders_file: Annotated[Path | None, Parameter(help="Real orders whose import to time.")] = None,
    database: DatabaseOptions | None = None,
) -> None:
    """Measure the server against the ceiling of its database, and print one table with the goals.

    The ceiling is pgbench, writing the rows of one order a transaction. Each row that places orders is measured in
    turn with it, several times, and its ratio is the median: absolute figures depend on what else the machine does.

    A PostgreSQL of its own is made in a temporary folder and removed again. With --data-dir or --database-url the
    benchmark works there, on a database without orders, and leaves what it has written; the environment is not asked.
    """
    figures = Console(width=None if sys.stdout.isatty() else TABLE_COLUMNS)
    progress = Console(stderr=True)
    try:
        with _database_to_fill(database) as (running, folder), progress.status("starting") as status:
            course = Course(
                url=running.url,
                postmaster_pid=_postmaster_pid(running),
                folder=folder,
                pace=QUICK if quick else FULL,
                stored=(0 if quick else STORED) if stored is None else stored,
            )
            stages = run_bench(course, report=status.update)
            status.update("importing real orders")
            import_seconds = None if orders_file is None else time_import(running.url, orders_file.absolute())
    except BenchFailed as failure:
        print(f"aftercart: {failure}", file=sys.stderr)
        sys.exit(FAILED)
    for stage in stages:
        figures.print(table_of(stage, stages[0]))
        figures.print()
    if orders_file is None:
        figures.print("import of real orders: skipped, no --orders-file given")
    for verdict in summary_of(stages, import_seconds=import_seconds):
        figures.print(str(verdict))


@contextmanager
def _database_to_fill(options: DatabaseOptions | None) -> Generator[tuple[RunningDatabase, Path]]:
    """Yields a migrated database and a folder for the run's own files."""
    with new_folder() as name:
        chosen = options or DatabaseOptions()
        if chosen.database_url is None and chosen.data_dir is None:
            chosen = DatabaseOptions(data_dir=Path(name) / "data")
        with migrated_database(chosen) as running:
            yield running, Path(name)


def _postmaster_pid(running: RunningDatabase) -> int | None:
    if running.embedded is None:
        return None
    postmaster = find_postmaster(running.embedded.data_dir.resolve() / "postgres")
    return None if postmaster is None else postmaster.pid
