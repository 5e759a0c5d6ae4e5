"""One round after the other: the ceiling, then what the server does, so that both meet the same disk and neighbors."""

import asyncio
import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
import psutil

from aftercart.benchmarking.ceiling import CLIENTS, Ceiling, run_ceiling
from aftercart.benchmarking.contests import Asking, Contest, find_stored_orders
from aftercart.benchmarking.failure import BenchFailed
from aftercart.benchmarking.load import Load
from aftercart.benchmarking.server import RunningServer
from aftercart.benchmarking.wishes import Customers
from aftercart.shop import Shop

CEILING: Final = "the ceiling, by pgbench"
REFUSED_SHARE_MAX: Final = 0.01
_SETTLE_SECONDS_MAX: Final = 60.0
_SETTLE_PAUSE_SECONDS: Final = 0.1

Report = Callable[[str], None]
"""``report(text)`` is called before each step with what it is."""


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How long each measurement takes and how often it is repeated; figures are medians over the rounds."""

    rounds: int
    seconds: float
    warm_up_seconds: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One row. ``per_second`` counts orders where orders are placed, requests otherwise; microseconds likewise."""

    name: str
    connections: int
    per_second: float
    ceilings: float
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    python_us: float | None = None
    postgres_us: float | None = None
    callers_share: float | None = None
    server_mb: float | None = None


class _Turn(msgspec.Struct, frozen=True, kw_only=True):
    load: Load
    ceiling: Ceiling | None


async def measure(
    shop: Shop,
    server: RunningServer,
    contests: Sequence[Contest],
    *,
    model: dict[str, str],
    pace: Pace,
    first_turn: int,
    report: Report,
) -> list[Figures]:
    """Returns the ceiling's row and one row for each contest; no two rounds on one database share a turn's number."""
    turns: dict[str, list[_Turn]] = defaultdict(list)
    ceilings: list[Ceiling] = []
    for turn in range(first_turn, first_turn + pace.rounds):
        seconds = pace.seconds + pace.warm_up_seconds
        customers = Customers(seed=turn, stamp=f"turn-{turn}")
        asking = Asking(server=server, customers=customers, stored=(), seconds=seconds, turn=turn)
        for contest in contests:
            if not contest.races and not asking.stored:  # by now there are orders to read, also on an empty database
                stored = await find_stored_orders(shop.database, turn=turn, seconds=seconds)
                asking = msgspec.structs.replace(asking, stored=tuple(stored))
            report(f"round {turn - first_turn + 1} of {pace.rounds}: {contest.name}")
            ceiling = await _measure_ceiling(shop, server, model, pace=pace) if contest.races else None
            if ceiling is not None:
                ceilings.append(ceiling)
            turns[contest.name].append(_Turn(load=await _call(shop, contest, asking, pace=pace), ceiling=ceiling))
    top = statistics.median(ceiling.orders_per_second for ceiling in ceilings)
    average = statistics.median(ceiling.average_ms for ceiling in ceilings)
    first = Figures(name=CEILING, connections=CLIENTS, per_second=top, ceilings=1.0, p50_ms=average)
    return [first, *(_figures(contest, turns[contest.name], top=top) for contest in contests)]


async def settle(shop: Shop) -> None:
    """Waits until sequencer and reactions have caught up with what was committed, or a minute."""
    for _ in range(int(_SETTLE_SECONDS_MAX / _SETTLE_PAUSE_SECONDS)):
        (row,) = await shop.database.rows(_BEHIND)
        if row[0] == 0:
            return
        await asyncio.sleep(_SETTLE_PAUSE_SECONDS)


async def _measure_ceiling(shop: Shop, server: RunningServer, model: dict[str, str], *, pace: Pace) -> Ceiling:
    await settle(shop)
    process = psutil.Process(server.pid)
    # A server that sequences pgbench's events meanwhile would lower the ceiling.
    await _suspend_between_transactions(shop, process)
    try:
        seconds = max(1, round(pace.seconds + pace.warm_up_seconds))
        return await asyncio.to_thread(run_ceiling, shop.database.url, model, seconds=seconds)
    finally:
        process.resume()


async def _suspend_between_transactions(shop: Shop, process: psutil.Process) -> None:
    """Suspends the server when it holds no locks: pgbench would wait for them for ever. Raises ``BenchFailed``."""
    for _ in range(int(_SETTLE_SECONDS_MAX / _SETTLE_PAUSE_SECONDS)):
        process.suspend()
        (row,) = await shop.database.rows(_IN_TRANSACTION)
        if row[0] == 0:
            return
        process.resume()
        await asyncio.sleep(_SETTLE_PAUSE_SECONDS)
    raise BenchFailed("the server is never between two transactions")


async def _call(shop: Shop, contest: Contest, asking: Asking, *, pace: Pace) -> Load:
    requests = contest.requests(asking)
    await contest.set_up(shop)
    await settle(shop)
    load = await asyncio.to_thread(
        asking.server.call,
        requests,
        connections=contest.connections,
        seconds=pace.seconds,
        warm_up_seconds=pace.warm_up_seconds,
        repeat=contest.repeats,
        refusal_mark=contest.refusal_mark,
        per_second=contest.per_second,
    )
    if sum(load.refused.values()) > REFUSED_SHARE_MAX * max(1, load.accepted):
        raise BenchFailed(f"{contest.name}: {load.accepted} accepted, {load.refused} refused\n{load.first_refusal}")
    return load


def _figures(contest: Contest, turns: Sequence[_Turn], *, top: float) -> Figures:
    loads = [turn.load for turn in turns]
    size = contest.orders_per_request
    speeds = [load.accepted * size / load.seconds for load in loads]
    ratios = [
        speed / (top if turn.ceiling is None else turn.ceiling.orders_per_second)
        for speed, turn in zip(speeds, turns, strict=True)
    ]
    postgres = [load.postgres_cpu_seconds for load in loads]
    counts = [load.accepted * size for load in loads]
    return Figures(
        name=contest.name,
        connections=contest.connections,
        per_second=statistics.median(speeds),
        ceilings=statistics.median(ratios),
        p50_ms=statistics.median(load.p50_ms for load in loads),
        p95_ms=statistics.median(load.p95_ms for load in loads),
        p99_ms=statistics.median(load.p99_ms for load in loads),
        python_us=_microseconds([load.server_cpu_seconds for load in loads], counts),
        postgres_us=None if None in postgres else _microseconds([used or 0.0 for used in postgres], counts),
        callers_share=statistics.median(load.callers_cpu_seconds / load.seconds for load in loads),
        server_mb=max(load.server_bytes for load in loads) / 1e6,
    )


def _microseconds(seconds: Sequence[float], counts: Sequence[int]) -> float:
    return statistics.median(used * 1e6 / max(1, count) for used, count in zip(seconds, counts, strict=True))


_BEHIND: Final = """
    SELECT (SELECT count(*) FROM kit.event_queue)
        + (SELECT max("offset") - min("offset") FROM kit.cursors WHERE consumer IN ('sequencer', 'reactions'))
"""

_IN_TRANSACTION: Final = """
    SELECT count(*)
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
        AND xact_start IS NOT NULL
"""
