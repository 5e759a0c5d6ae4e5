from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from tests.importing.retail_lines import line, small_file

from aftercart.importing.carry_out import TOGETHER, Course, carry_out
from aftercart.importing.edits import PlannedEdit
from aftercart.importing.orders import WEB, channel_of
from aftercart.importing.passing_time import DeadlineStuck, PassingTime
from aftercart.importing.progress import Progress
from aftercart.importing.retail_file import RetailFile, sort_out
from aftercart.kit.clock import SimulatedClock
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.set_policy import SetPolicy
from aftercart.orders.model import ChangeKind, ReleaseMode, ReleaseRule
from aftercart.orders.rules.holds import PAYMENT_WAIT
from aftercart.shop import open_shop

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
AT_LAST = datetime(2020, 1, 1, tzinfo=UTC)
ONE_BY_ONE = timedelta(microseconds=1)

pytestmark = pytest.mark.anyio


async def play(
    url: str,
    retail: RetailFile,
    *,
    together: timedelta = TOGETHER,
    mode: ReleaseMode = ReleaseMode.UNTIL_CUTOFF,
    edits: Sequence[PlannedEdit] = (),
) -> Progress:
    minutes = 0 if mode is ReleaseMode.IMMEDIATELY else 30
    policy = SetPolicy(release=(ReleaseRule(mode=mode, minutes=minutes),))
    course = Course(until=AT_LAST, policy=policy, edits=tuple(edits), together=together)
    clock = SimulatedClock(LONG_AGO)
    async with open_shop(url, clock=clock, concurrency=1) as shop:
        return await carry_out(shop, clock, retail, course=course, on_lines=lambda _lines: None)


def rows(url: str, sql: LiteralString) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchall()


HAPPENED: LiteralString = "SELECT type, at FROM kit.event_log WHERE type <> 'VariantsUpserted' ORDER BY position"
LIVES: LiteralString = """
    SELECT o.reference, e.seq, e.type, e.at, e.data ->> 'release_at', e.data -> 'delivery' ->> 'promised_date'
    FROM kit.event_log AS e JOIN orders.orders AS o ON o.order_id = e.stream
    ORDER BY o.reference, e.seq
"""


@pytest.mark.parametrize("mode", list(ReleaseMode))
async def test_what_falls_due_happens_at_its_time_and_before_what_comes_after(
    database_url: str, mode: ReleaseMode
) -> None:
    await play(database_url, sort_out(small_file()), together=ONE_BY_ONE, mode=mode)
    happened = rows(database_url, HAPPENED)
    assert [at for _, at in happened] == sorted(at for _, at in happened)
    assert {"OrderReleased", "PromiseMoved", "BackorderReserved", "SupplyChanged"} <= {kind for kind, _ in happened}
    lives = rows(database_url, LIVES)
    releases = [(before[4], after[3]) for before, after in pairwise(lives) if after[2] == "OrderReleased"]
    assert releases
    assert all(datetime.fromisoformat(due_at) == released_at for due_at, released_at in releases)


@pytest.mark.parametrize("mode", list(ReleaseMode))
async def test_orders_that_are_under_way_together_come_to_the_same_as_one_by_one(
    database_url: str, mode: ReleaseMode, second_database_url: str
) -> None:
    retail = sort_out(small_file())
    await play(database_url, retail, mode=mode)
    await play(second_database_url, retail, together=ONE_BY_ONE, mode=mode)
    assert rows(database_url, LIVES) == rows(second_database_url, LIVES)


async def test_an_order_that_is_not_paid_for_within_a_week_is_canceled_on_the_minute(database_url: str) -> None:
    retail = sort_out(small_file())
    invoice = next(one for one in retail.invoices if channel_of(one) == WEB)
    asked_at = invoice.invoiced_at + timedelta(minutes=5)
    more = AddLine(order_id=UUID(int=0), sku=invoice.lines[0].sku, quantity=1)
    edit = PlannedEdit(
        number=invoice.number, at=asked_at, after=timedelta(minutes=5), kind=ChangeKind.ADD_LINE, command=more
    )
    progress = await play(database_url, retail, edits=[edit])
    assert [answer.refusal for answer in progress.edit_answers] == [None]
    told = [life[2:4] for life in rows(database_url, LIVES) if life[0] == invoice.number]
    assert told == [
        ("OrderPlaced", invoice.invoiced_at),
        ("LineAdded", asked_at),
        ("OrderCanceled", asked_at + PAYMENT_WAIT),
    ]


async def test_time_stops_where_it_is_told_to(database_url: str) -> None:
    retail = sort_out([line(at="2011-03-11 16:00:00")])
    clock = SimulatedClock(LONG_AGO)
    until = datetime(2011, 3, 12, tzinfo=UTC)
    async with open_shop(database_url, clock=clock, concurrency=1) as shop:
        await carry_out(shop, clock, retail, course=Course(until=until), on_lines=lambda _lines: None)
    assert rows(database_url, "SELECT status FROM orders.orders") == [("confirmed",)]
    await play(database_url, retail)
    assert rows(database_url, "SELECT status FROM orders.orders") == [("released",)]


@pytest.mark.broken_on_purpose
async def test_a_deadline_that_is_refused_and_stays_due_ends_the_import(database_url: str) -> None:
    await play(database_url, sort_out([line()]))
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE orders.orders SET release_at = placed_at")
    async with open_shop(database_url, clock=SimulatedClock(LONG_AGO)) as shop:
        time = PassingTime(shop, reacted_to=0)
        with pytest.raises(DeadlineStuck, match="ReleaseOrder"):
            await time.pass_until(AT_LAST)
