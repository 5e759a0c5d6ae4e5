"""Comparing the ways of releasing: each plays the file in a database of its own, which is dropped at the end."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

import psycopg
import uvloop
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from aftercart.importing.comparison import RELEASES, Comparison, PolicyResult, Said, play_under
from aftercart.importing.edits import plan_edits
from aftercart.importing.orders import CAPACITIES
from aftercart.importing.retail_file import RetailFile
from aftercart.kit.migrate import migrate

_MAINTENANCE: Final = "postgres"


def compare_releases(url: str, retail: RetailFile, *, edit_share: float, seed: int, said: Said) -> Comparison:
    """Plays a file under each of ``RELEASES`` on the server of ``url``, one after the other; its database stays as is.

    Raises what ``carry_out`` raises. ``said`` hears how many order lines of all runs together are done with.
    """
    edits = plan_edits(retail, share=edit_share, seed=seed)
    to_place = len(RELEASES) * sum(len(invoice.lines) for invoice in retail.invoices)
    done = 0

    def on_lines(lines: int) -> None:
        nonlocal done
        done += lines
        said(done, to_place)

    results: list[PolicyResult] = []
    for release in RELEASES:
        with _database_beside(url) as own:
            results.append(uvloop.run(play_under(own, retail, release, edits, on_lines=on_lines)))
    return Comparison(
        invoices=len(retail.invoices),
        edit_share=edit_share,
        seed=seed,
        hourly_capacity_orders=dict(CAPACITIES),
        results=tuple(results),
    )


@contextmanager
def _database_beside(url: str) -> Generator[str]:
    """Has a migrated database on the server of ``url`` that is gone afterwards, and yields its URL."""
    name = f"aftercart_compare_{uuid4().hex}"
    # What is dropped in the end need not survive a power cut, and most of the time would be spent waiting for the disk.
    own = make_conninfo(url, dbname=name, options="-c synchronous_commit=off")
    migrate(own)
    try:
        yield own
    finally:
        with psycopg.connect(make_conninfo(url, dbname=_MAINTENANCE), autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
