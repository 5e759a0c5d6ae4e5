"""The import as a whole: play the past, tell what became of every line."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from aftercart.importing.carry_out import Course, carry_out
from aftercart.importing.report import Report, make_report
from aftercart.importing.retail_file import RetailFile
from aftercart.kit.clock import SimulatedClock, SystemClock
from aftercart.shop import open_shop

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)

Said = Callable[[int, int], None]
"""``said(lines, of_lines)`` hears how many lines of all that become orders are done with."""


async def import_retail(url: str, retail: RetailFile, *, said: Said) -> Report:
    """Imports a file into the shop at ``url`` (migrated already), or goes on where an import of it ended.

    Raises what ``carry_out`` raises; whatever ends it, it may be started again.
    """
    clock = SimulatedClock(_LONG_AGO)
    to_place = sum(len(invoice.lines) for invoice in retail.invoices)
    done = 0

    def on_lines(lines: int) -> None:
        nonlocal done
        done += lines
        said(done, to_place)

    # What falls due after today is left to the shop itself.
    course = Course(until=SystemClock().now())
    started = time.monotonic()
    # One batch at a time: two could overtake each other, and the past would come out a little different every time.
    async with open_shop(url, clock=clock, concurrency=1) as shop:
        progress = await carry_out(shop, clock, retail, course=course, on_lines=on_lines)
        return await make_report(shop.database, retail, progress, seconds=time.monotonic() - started)
