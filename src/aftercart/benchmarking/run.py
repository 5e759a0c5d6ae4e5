"""The whole benchmark: an empty shop, the same shop with a million orders, and the import of a real one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import psycopg
import uvloop
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from aftercart.benchmarking.ceiling import model_order
from aftercart.benchmarking.contests import CONTESTS, Contest
from aftercart.benchmarking.failure import BenchFailed
from aftercart.benchmarking.filling import fill
from aftercart.benchmarking.measuring import Figures, Pace, measure
from aftercart.benchmarking.page import SECRET
from aftercart.benchmarking.server import running_server
from aftercart.benchmarking.stage import make_api_key, set_the_stage
from aftercart.benchmarking.table import Stage
from aftercart.kit.migrate import migrate
from aftercart.shop import open_shop

FULL: Final = Pace(rounds=3, seconds=3.0, warm_up_seconds=0.5)
QUICK: Final = Pace(rounds=1, seconds=2.0, warm_up_seconds=0.5)
_IMPORT_DATABASE: Final = "aftercart_bench_import"


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What to measure, where. ``stored`` is how many orders to store before measuring again, 0 for not at all."""

    url: str
    postmaster_pid: int | None
    folder: Path
    pace: Pace
    stored: int
    contests: tuple[Contest, ...] = CONTESTS


class _Bench:
    def __init__(self, course: Course, report: Callable[[str], None]) -> None:
        self._course = course
        self._report = report

    async def prepare(self) -> None:
        async with open_shop(self._course.url) as shop:
            if await shop.database.rows("SELECT order_id FROM orders.orders LIMIT 1"):
                raise BenchFailed("the database to measure on holds orders already; give an empty one")
            self._report("setting the stage")
            await set_the_stage(shop)
            self._key = await make_api_key(shop)
            self._model = await model_order(shop)

    async def measure(self, title: str, *, first_turn: int) -> Stage:
        course = self._course
        server = running_server(
            ("--database-url", course.url),
            key=self._key,
            postmaster_pid=course.postmaster_pid,
            folder=course.folder,
            environment={
                **{name: text for name, text in os.environ.items() if not name.startswith("AFTERCART_")},
                "AFTERCART_SECRET": SECRET,
            },
        )
        with server as running:
            async with open_shop(course.url) as shop:
                figures: list[Figures] = await measure(
                    shop,
                    running,
                    course.contests,
                    model=self._model,
                    pace=course.pace,
                    first_turn=first_turn,
                    report=lambda text: self._report(f"{title}, {text}"),
                )
        return Stage(title=title, figures=tuple(figures))

    async def fill(self) -> None:
        async with open_shop(self._course.url) as shop:
            await fill(shop, orders=self._course.stored, report=self._report)


def run_bench(course: Course, *, report: Callable[[str], None]) -> list[Stage]:
    """Measures on a migrated and empty database and returns one stage, or two with orders stored.

    Raises ``BenchFailed``, also for a database that holds orders: it would bury them under its own.
    """
    bench = _Bench(course, report)
    uvloop.run(bench.prepare())
    stages = [uvloop.run(bench.measure("empty database", first_turn=0))]
    if course.stored:
        uvloop.run(bench.fill())
        title = f"{course.stored:,} orders stored"
        stages.append(uvloop.run(bench.measure(title, first_turn=course.pace.rounds)))
    return stages


def time_import(url: str, orders_file: Path) -> float:
    """Returns the seconds that `aftercart import online-retail` takes into a new database beside that of ``url``."""
    target = make_conninfo(url, dbname=_IMPORT_DATABASE)
    migrate(target)
    started = time.perf_counter()
    command = (sys.executable, "-m", "aftercart", "import", "online-retail", str(orders_file))
    outcome = subprocess.run((*command, "--database-url", target), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(_IMPORT_DATABASE)))
    if outcome.returncode != 0:
        raise BenchFailed(f"the import failed:\n{outcome.stdout[-1000:]}\n{outcome.stderr[-2000:]}")
    return seconds
