import asyncio
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, LiteralString

import msgspec
import psycopg
import pytest
from tests.importing.retail_lines import line, small_file
from tests.importing.retail_model import Expected

from aftercart.importing.countries import PLACES
from aftercart.importing.model import SetAside
from aftercart.importing.report import Report
from aftercart.importing.retail_file import RetailFile, read_rows, sort_out
from aftercart.importing.retail_import import import_retail
from aftercart.importing.still_loops import IMPORT_LEASE, LOOPS, AnotherImportRuns, StillLoops
from aftercart.kit.database import Database
from aftercart.kit.outcomes import KEYS_LIVE

REAL_FILE = Path(__file__).parents[3] / "shared" / "data" / "online-retail-2010-12-to-2011-08.csv.gz"
FIRST_WEEK_LINES = 15_000
OF_THIS_RUN = ("seconds", "orders_per_second", "answered_orders", "answered_lines", "placed_earlier_orders")


class Interrupted(Exception):
    pass


def unheard(_lines: int, _of_lines: int) -> None:
    return None


def interrupting(at_lines: int) -> Callable[[int, int], None]:
    def said(lines: int, _of_lines: int) -> None:
        if lines >= at_lines:
            raise Interrupted

    return said


def rows(url: str, sql: LiteralString) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


def stored(url: str) -> list[list[tuple[Any, ...]]]:
    """Returns what the shop holds, without the ids and numbers that are new in every run."""
    return [
        rows(url, "SELECT reference, channel, status, total_minor, placed_at FROM orders.orders ORDER BY reference"),
        rows(
            url,
            """
            SELECT o.reference, u.line, u.sku, u.location, u.stage, u.quantity
            FROM orders.units AS u JOIN orders.orders AS o ON o.order_id = u.order_id
            ORDER BY o.reference, u.line, u.location, u.stage
            """,
        ),
        rows(url, "SELECT sku, location, on_hand, reserved FROM inventory.stock ORDER BY sku, location"),
        rows(url, "SELECT sku, location, quantity, reference FROM inventory.movements ORDER BY reference, sku"),
        rows(url, "SELECT reference, code, missing_skus FROM importing.refusals ORDER BY reference"),
    ]


def of_all_runs(report: Report) -> dict[str, object]:
    told: dict[str, object] = msgspec.to_builtins(report)
    return {field: value for field, value in told.items() if field not in OF_THIS_RUN}


@pytest.fixture
def retail() -> RetailFile:
    return sort_out(small_file())


@pytest.mark.anyio
async def test_every_line_is_told_and_what_is_told_is_in_the_shop(database_url: str, retail: RetailFile) -> None:
    report = await import_retail(database_url, retail, said=unheard)
    expected = Expected(retail)
    assert report.lines_told == report.lines == len(small_file())
    references = {reference for (reference,) in rows(database_url, "SELECT reference FROM orders.orders")}
    assert references == expected.placed
    assert expected.refused
    assert report.refused["insufficient_stock"].orders == len(expected.refused)
    assert report.stock_out_lines == expected.stock_out_lines > 0
    assert (report.waiting_units, report.waited_lines > 0, report.served_units > 0) == (0, True, True)
    by_month = rows(
        database_url,
        """
        SELECT to_char(placed_at AT TIME ZONE 'Europe/London', 'YYYY-MM'), count(*), sum(total_minor)::bigint
        FROM orders.orders GROUP BY 1 ORDER BY 1
        """,
    )
    assert [(month.month, month.orders, month.revenue_minor) for month in report.months] == by_month


@pytest.mark.anyio
async def test_orders_are_placed_at_their_time_and_wait_as_their_channel_says(
    database_url: str, retail: RetailFile
) -> None:
    await import_retail(database_url, retail, said=unheard)
    times = {invoice.number: invoice.invoiced_at for invoice in retail.invoices}
    placed = rows(
        database_url,
        """
        SELECT o.reference, o.placed_at, e.at, o.channel, o.delivery -> 'address' ->> 'country', o.currency
        FROM orders.orders AS o JOIN kit.event_log AS e ON e.stream = o.order_id AND e.seq = 1
        """,
    )
    assert all(times[reference] == placed_at == at for reference, placed_at, at, *_ in placed)
    assert {country for *_, country, _ in placed} == {"GB", "IE", PLACES["Channel Islands"].country}
    assert {(channel == "retail-export", country != "GB") for *_, channel, country, _ in placed} == {
        (True, True),
        (False, False),
    }
    waited = rows(
        database_url,
        """
        SELECT DISTINCT o.channel FROM orders.orders AS o
        JOIN kit.event_log AS e ON e.stream = o.order_id AND e.type = 'BackorderReserved'
        """,
    )
    assert {channel for (channel,) in waited} == {"retail-trade", "retail-export"}


@pytest.mark.anyio
async def test_receipts_serve_the_oldest_promise_first(database_url: str, retail: RetailFile) -> None:
    await import_retail(database_url, retail, said=unheard)
    served = rows(
        database_url,
        """
        SELECT move ->> 'sku', e.position, o.delivery ->> 'promised_date', e.at
        FROM kit.event_log AS e
        JOIN orders.orders AS o ON o.order_id = e.stream
        CROSS JOIN json_array_elements(e.data -> 'moves') AS move
        WHERE e.type = 'BackorderReserved'
        ORDER BY 1, 2
        """,
    )
    assert served
    assert all(at.isoweekday() == 1 for *_, at in served)
    assert served == sorted(served, key=lambda one: (one[0], one[3], one[2], one[1]))


@pytest.mark.anyio
async def test_a_finished_import_started_again_changes_nothing(database_url: str, retail: RetailFile) -> None:
    first = await import_retail(database_url, retail, said=unheard)
    before = stored(database_url)
    with psycopg.connect(database_url) as connection:
        # As the housekeeping of a running server does: every outcome of the past is older than keys live.
        connection.execute("DELETE FROM kit.outcomes WHERE at < now() - %s", (KEYS_LIVE,))
    second = await import_retail(database_url, retail, said=unheard)
    assert stored(database_url) == before
    assert of_all_runs(second) == of_all_runs(first)
    assert (second.answered_orders, second.placed_earlier_orders) == (0, first.placed.orders)


@pytest.mark.anyio
@pytest.mark.parametrize("at_lines", [1, 40, 200, 300])
async def test_an_interrupted_import_continues_to_the_same_end(
    database_url: str, retail: RetailFile, at_lines: int
) -> None:
    with pytest.raises(Interrupted):
        await import_retail(database_url, retail, said=interrupting(at_lines))
    assert rows(database_url, "SELECT 1 FROM orders.orders LIMIT 1")
    continued = await import_retail(database_url, retail, said=unheard)
    assert 0 < continued.placed_earlier_orders < continued.placed.orders
    expected = Expected(retail)
    ((orders, references),) = rows(database_url, "SELECT count(*), count(DISTINCT reference) FROM orders.orders")
    assert orders == references == len(expected.placed)
    assert continued.stock_out_lines == expected.stock_out_lines
    assert continued.units_received == sum(
        quantity for (quantity,) in rows(database_url, "SELECT quantity FROM inventory.movements")
    )


@pytest.mark.anyio
async def test_a_canceled_import_writes_down_what_was_refused(database_url: str, retail: RetailFile) -> None:
    task: asyncio.Task[Report]

    def cancel(lines: int, _of_lines: int) -> None:
        if lines >= 300:
            task.cancel()

    task = asyncio.create_task(import_retail(database_url, retail, said=cancel))
    with pytest.raises(asyncio.CancelledError):
        await task
    answered = rows(database_url, "SELECT reference FROM importing.refusals")
    assert answered
    assert {reference for (reference,) in answered} <= Expected(retail).refused
    assert rows(database_url, "SELECT name FROM kit.leases WHERE expires_at > clock_timestamp()") == []


@pytest.mark.anyio
async def test_a_corrected_invoice_is_asked_again_and_refused_as_its_number_is_taken(database_url: str) -> None:
    await import_retail(database_url, sort_out([line()]), said=unheard)
    report = await import_retail(database_url, sort_out([line(quantity="7")]), said=unheard)
    assert (report.placed.orders, report.refused["reference_already_used"].orders) == (0, 1)


@pytest.mark.anyio
async def test_a_file_without_orders_is_told_too(database_url: str) -> None:
    report = await import_retail(database_url, sort_out([line(customer=""), ()]), said=unheard)
    assert (report.lines, report.placed.orders, report.answered_orders) == (2, 0, 0)
    assert report.set_aside == {SetAside.NO_CUSTOMER.value: 1, SetAside.UNREADABLE.value: 1}


@pytest.mark.anyio
async def test_an_import_takes_the_loops_leases_and_suffers_no_other_import(database_url: str) -> None:
    async with Database(database_url) as database, StillLoops(database):
        held = await database.rows("SELECT name FROM kit.leases WHERE expires_at > clock_timestamp() ORDER BY name")
        assert [name for (name,) in held] == sorted((*LOOPS, IMPORT_LEASE))
        with pytest.raises(AnotherImportRuns):
            await StillLoops(database, patience_seconds=0).__aenter__()


@pytest.mark.anyio
async def test_the_real_file_adds_up_and_meets_stock_outs_as_planned(
    database_url: str, share: Callable[[int], int]
) -> None:
    if not REAL_FILE.exists():
        pytest.skip(f"the real orders are not there: no {REAL_FILE.name} in shared/data beside the checkout")
    retail = sort_out(read_rows(REAL_FILE))
    expected = Expected(retail)
    assert (retail.lines, len(expected.placed) + len(expected.refused)) == (320_705, len(retail.invoices))
    assert 0.03 < expected.stock_out_lines / sum(len(invoice.lines) for invoice in retail.invoices) < 0.05
    # A soak run imports all of it; otherwise the first week shows that the shop does what the plain model says.
    lines = retail.lines if share(10) == 10 else FIRST_WEEK_LINES
    part = sort_out(islice(read_rows(REAL_FILE), lines))
    expected = Expected(part)
    report = await import_retail(database_url, part, said=unheard)
    assert report.lines_told == report.lines == lines
    assert (report.placed.orders, report.refused["insufficient_stock"].orders) == (
        len(expected.placed),
        len(expected.refused),
    )
    assert (report.stock_out_lines, report.waiting_units) == (expected.stock_out_lines, expected.waiting_units)
