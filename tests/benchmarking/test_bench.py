from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from aftercart.benchmarking.ceiling import model_order, run_ceiling
from aftercart.benchmarking.contests import CONTESTS
from aftercart.benchmarking.filling import fill
from aftercart.benchmarking.measuring import CEILING, Figures, Pace
from aftercart.benchmarking.run import Course, run_bench
from aftercart.benchmarking.stage import set_the_stage
from aftercart.benchmarking.table import Stage, summary_of, table_of, verdicts_of
from aftercart.benchmarking.wishes import Customers
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop
from aftercart.views.audit import audit

pytestmark = pytest.mark.anyio


def tables(url: str) -> dict[str, int]:
    """Rows per table, and the units reserved."""
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables"
            " WHERE schemaname IN ('kit', 'orders', 'inventory', 'catalog', 'access') ORDER BY 1"
        ).fetchall()
        counts = {
            name: connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(*name.split(".")))).fetchall()
            for (name,) in names
        }
        reserved = connection.execute("SELECT coalesce(sum(reserved), 0) FROM inventory.stock").fetchall()
        return {name: rows[0][0] for name, rows in counts.items()} | {"units reserved": int(reserved[0][0])}


def growth(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


async def place_one(shop: Shop, stamp: str) -> UUID:
    wish = next(Customers(seed=1, stamp=stamp).orders())
    answer = await shop.submit(msgspec.convert(wish, PlaceOrder), SYSTEM)
    return UUID(msgspec.json.decode(answer.result)["order_id"])


async def test_pgbench_leaves_the_rows_that_the_bus_leaves(database_url: str) -> None:
    async with open_shop(database_url) as shop:
        await set_the_stage(shop)
        model = await model_order(shop)
        empty = tables(database_url)
        await place_one(shop, "one")
    by_bus = tables(database_url)
    run_ceiling(database_url, model, transactions=1, clients=1)
    by_pgbench = tables(database_url)
    assert growth(empty, by_bus) == growth(by_bus, by_pgbench)
    assert growth(empty, by_bus)["orders.lines"] == 3
    assert audit(database_url).failed == ()


async def test_filled_orders_pass_the_audit(database_url: str) -> None:
    reported: list[str] = []
    async with open_shop(database_url) as shop:
        await set_the_stage(shop)
        await shop.submit(ReleaseOrder(order_id=await place_one(shop, "released")), SYSTEM)
        await fill(shop, orders=1_000, report=reported.append)
    report = audit(database_url)
    assert report.failed == ()
    assert report.rows["orders"] == 1_401
    assert "storing orders: 1,000 of 1,000" in reported


SMALL = (
    "place, 8 connections",
    "place, 20 candidate locations",
    "place, counted hours",
    "place in bulk, 200 a call",
    "read an order",
    "amend, three operations",
    "delivery options, 500 calls a second",
    "cancel-order",
)


def test_the_real_server_is_measured_empty_and_filled(database_url: str, tmp_path: Path) -> None:
    course = Course(
        url=database_url,
        postmaster_pid=None,
        folder=tmp_path,
        pace=Pace(rounds=1, seconds=0.3, warm_up_seconds=0.1),
        stored=500,
        contests=tuple(contest for contest in CONTESTS if contest.name in SMALL),
    )
    stages = run_bench(course, report=lambda _: None)
    assert [stage.title for stage in stages] == ["empty database", "500 orders stored"]
    for stage in stages:
        assert [row.name for row in stage.figures] == [CEILING, *SMALL]
        assert stage.figures[0].per_second > 0
        assert table_of(stage, stages[0]).row_count == len(SMALL) + 1
    assert audit(database_url).failed == ()


def figures(name: str, per_second: float, **others: Any) -> Figures:
    return Figures(name=name, connections=1, per_second=per_second, ceilings=per_second / 1_000, **others)


def verdicts(row: Figures, *others: Figures, first: tuple[Figures, ...] | None = None) -> list[str]:
    stage = Stage(title="now", figures=(row, *others))
    empty = stage if first is None else Stage(title="empty", figures=first)
    return [str(verdict) for verdict in verdicts_of(row, stage, empty)]


def test_goals_are_told_as_met_or_not() -> None:
    spread = figures("place, 128 connections", 999.0, p99_ms=251.0)
    assert verdicts(spread) == [">= 1.0 x ceiling: NOT MET", "p99 < 250 ms: NOT MET"]
    assert verdicts(figures("place, one hot SKU", 800.0), spread) == [">= 0.8 of spread SKUs (0.80): met"]
    assert verdicts(figures("read an order", 3_000.0)) == [">= 3,000/s: met"]
    assert verdicts(figures(CEILING, 1.0)) == []
    options = "delivery options, 500 calls a second"
    assert verdicts(figures(options, 500.0, p99_ms=49.9)) == ["p99 < 50 ms: met"]
    assert verdicts(figures(options, 500.0, p99_ms=50.0)) == ["p99 < 50 ms: NOT MET"]


def test_a_row_may_be_a_third_slower_with_orders_stored() -> None:
    before = (figures("cancel-order", 2_600.0),)
    assert verdicts(figures("cancel-order", 2_000.0), first=before)[-1] == "<= 1.3 x slower: met"
    assert verdicts(figures("cancel-order", 1_990.0), first=before)[-1] == "<= 1.3 x slower: NOT MET"


def test_the_summary_names_the_worst_of_all_rows() -> None:
    first = Stage(title="empty", figures=(figures("cancel-order", 2_000.0, p99_ms=80.0, server_mb=90.0),))
    second = Stage(title="full", figures=(figures("cancel-order", 1_000.0, p99_ms=260.0, server_mb=120.0),))
    told = [str(verdict) for verdict in summary_of([first, second], import_seconds=59.9)]
    assert told == [
        "p99 < 250 ms (highest: 260 ms): NOT MET",
        "server < 200 MB (most: 120 MB): met",
        "nothing slower than 1.3 x with orders stored (worst: 2.00 x): NOT MET",
        "nine months imported in < 60 s (59.9 s): met",
    ]
