"""The subcommands that bring in what other systems hold."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import cyclopts
import msgspec
import uvloop
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from aftercart.cli.connection import DatabaseOptions, migrated_database
from aftercart.cli.import_report import tables
from aftercart.importing.retail_file import FileRefused, read_retail_file
from aftercart.importing.retail_import import Said, import_retail
from aftercart.importing.still_loops import AnotherImportRuns
from aftercart.kit.commands import Fault

FAILED = 1
WRONGLY_USED = 2
INTERRUPTED = 130

app = cyclopts.App(name="import", help="Bring in orders that other systems hold.")


@app.command
def online_retail(
    file: Path,
    /,
    *,
    json: Annotated[Path | None, Parameter(help="Write the report to this file too, as JSON.")] = None,
    database: DatabaseOptions | None = None,
) -> None:
    """Place every order of an Online Retail file at the time it was placed there.

    The catalog is made from the file, the supply from its sales; customers' names and addresses are invented. What is
    no order is set aside, with its reason. Interrupted (exit code 130) and started again it continues, and doubles
    nothing.

    Parameters
    ----------
    file
        A CSV file with the columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID
        and Country; may be compressed with gzip.
    """
    if not file.is_file():
        _fail(f"there is no file {file}", code=WRONGLY_USED)
    if json is not None and not json.parent.is_dir():
        _fail(f"there is no directory {json.parent}", code=WRONGLY_USED)
    try:
        with _progress_bar() as said:
            retail = read_retail_file(file)
            with migrated_database(database) as running:
                report = uvloop.run(import_retail(running.url, retail, said=said))
    except FileRefused as refused:
        _fail(str(refused), code=WRONGLY_USED)
    except (AnotherImportRuns, Fault) as failure:
        _fail(str(failure), code=FAILED)
    except KeyboardInterrupt:
        _fail("interrupted; the same command continues where this one ended", code=INTERRUPTED)
    if json is not None:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    console = Console()
    for table in tables(report):
        console.print(table)


@contextmanager
def _progress_bar() -> Generator[Said]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading the file", total=None)
        yield lambda lines, of_lines: bar.update(task, completed=lines, total=of_lines, description="order lines")


def _fail(complaint: str, *, code: int) -> NoReturn:
    print(f"aftercart: {complaint}", file=sys.stderr)
    sys.exit(code)
