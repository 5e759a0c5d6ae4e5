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

from aftercart.cli.connection import DatabaseOptions, migrated_database, running_database
from aftercart.cli.import_comparison import comparison_tables
from aftercart.cli.import_report import tables
from aftercart.importing.compare_releases import compare_releases
from aftercart.importing.csv_file import FileRefused
from aftercart.importing.directories import import_pickup_points, import_postcodes
from aftercart.importing.pickup_points_file import read_pickup_points
from aftercart.importing.postcodes_file import read_postcodes
from aftercart.importing.retail_file import first_orders, read_retail_file
from aftercart.importing.retail_import import Said, import_retail
from aftercart.importing.still_loops import AnotherImportRuns
from aftercart.kit.commands import Fault, UpsertResult

FAILED = 1
WRONGLY_USED = 2
INTERRUPTED = 130

app = cyclopts.App(name="import", help="Bring in what other systems hold: orders, pickup points, postcodes.")


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
    _require_file(file)
    if json is not None and not json.parent.is_dir():
        _fail(f"there is no directory {json.parent}", code=WRONGLY_USED)
    with _failing_well(), _progress_bar("order lines") as said:
        retail = read_retail_file(file)
        with migrated_database(database) as running:
            report = uvloop.run(import_retail(running.url, retail, said=said))
    if json is not None:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    console = Console()
    for table in tables(report):
        console.print(table)


@app.command
def compare(
    file: Path,
    /,
    *,
    edits: Annotated[float, Parameter(help="The share of orders whose customers change something.")] = 0.05,
    seed: Annotated[int, Parameter(help="The same seed asks for the same changes.")] = 1,
    limit: Annotated[int | None, Parameter(help="Only so many orders, the first of the file.")] = None,
    json: Annotated[Path | None, Parameter(help="Write the comparison to this file too, as JSON.")] = None,
    database: DatabaseOptions | None = None,
) -> None:
    """Play an Online Retail file under each release policy: which edits are in time, what is promised and kept.

    Each policy gets a database of its own beside the shop's, which is dropped at the end: the shop itself is not
    touched. Orders, supply and edits are the same for all.

    Parameters
    ----------
    file
        A file as ``aftercart import online-retail`` reads it.
    """
    _require_file(file)
    if json is not None and not json.parent.is_dir():
        _fail(f"there is no directory {json.parent}", code=WRONGLY_USED)
    if not 0 <= edits <= 1:
        _fail(f"--edits is a share from 0 to 1, not {edits}", code=WRONGLY_USED)
    if limit is not None and limit < 1:
        _fail(f"--limit is at least 1, not {limit}", code=WRONGLY_USED)
    with _failing_well(), _progress_bar("order lines") as said:
        retail = first_orders(read_retail_file(file), limit)
        with running_database(database) as running:
            comparison = compare_releases(running.url, retail, edit_share=edits, seed=seed, said=said)
    if json is not None:
        json.write_bytes(msgspec.json.format(msgspec.json.encode(comparison)) + b"\n")
    console = Console()
    for table in comparison_tables(comparison):
        console.print(table)


@app.command
def pickup_points(
    file: Path,
    /,
    *,
    network: Annotated[str, Parameter(help="The network all of them belong to, such as mondial-relay.")],
    database: DatabaseOptions | None = None,
) -> None:
    """Add the pickup points of a file, or bring those that exist to what the file says.

    All lines are checked first: a file with a wrong one is refused with its line and column, and changes nothing.
    What is not in the file stays as it is. Started again it changes nothing twice.

    Parameters
    ----------
    file
        A CSV file, split at commas, semicolons or tabs, with the columns code, name, line1, postcode, city, country,
        latitude, longitude and opening_hours (as in OpenStreetMap: Mo-Fr 09:00-19:00; Sa 09:00-12:00; PH off), and
        perhaps line2 and active (true or false). May be compressed with gzip.
    """
    _require_file(file)
    with _failing_well(), _progress_bar("pickup points") as said:
        points = read_pickup_points(file, network=network)
        with migrated_database(database) as running:
            result = uvloop.run(import_pickup_points(running.url, points, said=said))
    print(f"{len(points)} pickup points of {network}: {_counts(result)}")


@app.command
def postcodes(file: Path, /, *, database: DatabaseOptions | None = None) -> None:
    """Teach the shop where French postcodes are, from La Poste's directory of communes.

    A postcode lies in the middle of its communes. All lines are checked first; started again it changes nothing twice.

    Parameters
    ----------
    file
        The file "Base officielle des codes postaux" of La Poste: split at semicolons, with the columns
        Code_commune_INSEE, Code_postal and coordonnees_gps. May be compressed with gzip.
    """
    _require_file(file)
    with _failing_well(), _progress_bar("postcodes") as said:
        read = read_postcodes(file)
        with migrated_database(database) as running:
            result = uvloop.run(import_postcodes(running.url, read.postcodes, said=said))
    print(f"{len(read.postcodes)} postcodes of {read.lines} lines: {_counts(result)}")
    if read.lines_without_place:
        left_out = f"{read.postcodes_without_place} postcodes have no place at all"
        print(f"{read.lines_without_place} lines say no place; {left_out}")


def _counts(result: UpsertResult) -> str:
    return f"{result.created} new, {result.updated} changed, {result.unchanged} as before"


@contextmanager
def _failing_well() -> Generator[None]:
    try:
        yield
    except FileRefused as refused:
        _fail(str(refused), code=WRONGLY_USED)
    except (AnotherImportRuns, Fault) as failure:
        _fail(str(failure), code=FAILED)
    except KeyboardInterrupt:
        _fail("interrupted; the same command continues where this one ended", code=INTERRUPTED)


def _require_file(file: Path) -> None:
    if not file.is_file():
        _fail(f"there is no file {file}", code=WRONGLY_USED)


@contextmanager
def _progress_bar(what: str) -> Generator[Said]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading the file", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of, description=what)


def _fail(complaint: str, *, code: int) -> NoReturn:
    print(f"aftercart: {complaint}", file=sys.stderr)
    sys.exit(code)
