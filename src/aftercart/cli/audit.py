"""The subcommand that checks every global invariant of a shop's database."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Literal

import psycopg
from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress as ProgressBar

from aftercart.cli.connection import DatabaseOptions, running_database
from aftercart.kit.migrate import MigrationRefused
from aftercart.views.audit import AuditReport, Progress
from aftercart.views.audit import audit as audit_database

FOLDED_ORDERS = 10_000


def audit(
    *,
    fold: Annotated[Literal["all"] | int, Parameter(help="How many orders to fold from their events, or all.")] = (
        FOLDED_ORDERS
    ),
    database: DatabaseOptions | None = None,
) -> None:
    """Check that everything adds up: units, stock, money, events. Only reads, beside a running server too.

    Exits with 1 when something does not hold, and names the first of what breaks it.
    """
    with running_database(database) as running, _progress_bar() as progress:
        try:
            report = audit_database(running.url, fold=None if fold == "all" else fold, progress=progress)
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as missing:
            raise MigrationRefused("the database is not of this version's shape: run aftercart migrate") from missing
    print("\n".join(_told(report)))
    if report.failed:
        sys.exit(1)


@contextmanager
def _progress_bar() -> Generator[Progress]:
    with ProgressBar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("orders", total=None)
        yield lambda done, orders: bar.update(task, completed=done, total=orders)


def _told(report: AuditReport) -> Generator[str]:
    for check in report.checks:
        yield f"{check.offenders:>9}  {check.name}" if check.offenders else f"       ok  {check.name}"
        for finding in check.first:
            yield f"             {finding.subject}: {finding.detail}"
    looked_at = ", ".join(f"{rows} {table}" for table, rows in report.rows.items())
    yield f"looked at {looked_at}; folded {report.orders_folded} orders; {report.seconds:.1f} s"
    if report.failed:
        yield f"{len(report.failed)} of {len(report.checks)} invariants do not hold"
    else:
        yield f"all {len(report.checks)} invariants hold"
