"""Checks every global invariant of a shop on its live database, in one pass over one moment."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import psycopg

from aftercart.fulfillment.evolve import PARCEL_EVENTS
from aftercart.inventory.model import HOLDING_STAGES, IN_HAND_STAGES, UNMADE_STAGES
from aftercart.views.audit_check import Check
from aftercart.views.audit_checks import CHECKS
from aftercart.views.audit_orders import ORDER_CHECKS, ORDER_EVENTS, Offense, read_chunks, rederive, refold

FINDINGS_SHOWN: Final = 5

_PARAMETERS: Final[Mapping[str, object]] = {
    "parcel_events": sorted(event.__name__ for event in PARCEL_EVENTS),
    "holding_stages": sorted(stage.value for stage in HOLDING_STAGES),
    "unmade_stages": sorted(stage.value for stage in UNMADE_STAGES),
    "in_hand_stages": sorted(stage.value for stage in IN_HAND_STAGES),
    "order_events": sorted(ORDER_EVENTS),
}
# The questions are about whole tables, but their LIMIT lets the planner hope for an early end: a nested loop it chose
# for that took 70 s where a hash join takes 0.1.
_OPTIONS: Final = "-c timezone=UTC -c jit=off -c statement_timeout=0 -c work_mem=64MB -c enable_nestloop=off"

Progress = Callable[[int, int], None]
"""``progress(orders done, orders in all)``, called after each chunk of orders."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that breaks a check: what, and how."""

    subject: str
    detail: str


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """How many things break one check, and the first of them."""

    name: str
    offenders: int
    first: tuple[Finding, ...]


class AuditReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an audit found: one result per check, and how much it looked at."""

    checks: tuple[CheckResult, ...]
    rows: Mapping[str, int]
    orders_folded: int
    seconds: float

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """Returns the results of the checks that do not hold."""
        return tuple(check for check in self.checks if check.offenders)


def audit(url: str, *, fold: int | None = None, progress: Progress | None = None) -> AuditReport:
    """Checks everything and returns the report; the database is only read, at one moment, while others go on.

    ``fold`` is about how many orders to fold from their events, spread over all of them; ``None`` folds every order.
    """
    started = time.perf_counter()
    with psycopg.connect(url, options=_OPTIONS, application_name="aftercart audit") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        rows, results = _ask_all(connection)
        every = 1 if fold is None else max(1, -(-rows["orders"] // max(1, fold)))
        folded, offenses = _look_at_orders(connection, orders=rows["orders"], every=every, progress=progress)
    return AuditReport(
        checks=(*results, *offenses),
        rows=rows,
        orders_folded=folded,
        seconds=time.perf_counter() - started,
    )


def _ask_all(connection: psycopg.Connection) -> tuple[dict[str, int], list[CheckResult]]:
    # Sent together: a check on a small database costs a fraction of a round trip.
    with connection.pipeline():
        counted = connection.execute(_COUNT)
        asked = [(check, connection.execute(check.sql, _PARAMETERS)) for check in CHECKS]
        rows = dict(counted.fetchall())
        return rows, [_result(check, cursor.fetchall()) for check, cursor in asked]


def _result(check: Check, rows: Sequence[tuple[Any, ...]]) -> CheckResult:
    first = tuple(Finding(subject=subject, detail=detail) for _, subject, detail in rows)
    return CheckResult(name=check.name, offenders=rows[0][0] if rows else 0, first=first)


def _look_at_orders(
    connection: psycopg.Connection, *, orders: int, every: int, progress: Progress | None
) -> tuple[int, list[CheckResult]]:
    tally = _Tally()
    seen = folded = 0
    for chunk in read_chunks(connection):
        sample = [stored for place, stored in enumerate(chunk, seen) if place % every == 0]
        for stored in chunk:
            tally.add(rederive(stored))
        tally.add(refold(connection, sample))
        seen += len(chunk)
        folded += len(sample)
        if progress is not None:
            progress(seen, orders)
    return folded, tally.results()


class _Tally:
    def __init__(self) -> None:
        self._counts: dict[str, int] = dict.fromkeys(ORDER_CHECKS, 0)
        self._first: dict[str, list[Finding]] = {name: [] for name in ORDER_CHECKS}

    def add(self, offenses: Iterator[Offense]) -> None:
        for offense in offenses:
            self._counts[offense.check] += 1
            if len(self._first[offense.check]) < FINDINGS_SHOWN:
                self._first[offense.check].append(Finding(subject=offense.subject, detail=offense.detail))

    def results(self) -> list[CheckResult]:
        return [
            CheckResult(name=name, offenders=self._counts[name], first=tuple(self._first[name]))
            for name in ORDER_CHECKS
        ]


_COUNT: Final = """
    SELECT 'orders', count(*) FROM orders.orders
    UNION ALL
    SELECT 'lines', count(*) FROM orders.lines
    UNION ALL
    SELECT 'units', count(*) FROM orders.units
    UNION ALL
    SELECT 'stock', count(*) FROM inventory.stock
    UNION ALL
    SELECT 'movements', count(*) FROM inventory.movements
    UNION ALL
    SELECT 'events', count(*) FROM kit.event_log
    UNION ALL
    SELECT 'outcomes', count(*) FROM kit.outcomes
    UNION ALL
    SELECT 'deliveries', count(*) FROM notifications.deliveries
    ORDER BY 1
"""
