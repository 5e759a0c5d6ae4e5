"""The benchmark's one table: every figure beside its ratio to the ceiling and the goal it meets or not."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from rich import box
from rich.table import Table

from aftercart.benchmarking.contests import CONTESTS, Goal
from aftercart.benchmarking.measuring import CEILING, Figures

P99_MS_MAX: Final = 250.0
SERVER_MB_MAX: Final = 200.0
SLOWER_MAX: Final = 1.3
IMPORT_SECONDS_MAX: Final = 60.0

_HEADINGS: Final = (
    *("conn.", "per second", "x ceiling", "p50 ms", "p95 ms", "p99 ms", "Python us", "PostgreSQL us"),
    *("callers %", "MB"),
)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One goal and whether it was met."""

    text: str
    met: bool

    def __str__(self) -> str:
        return f"{self.text}: {'met' if self.met else 'NOT MET'}"


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """The rows measured with so many orders stored beforehand."""

    title: str
    figures: tuple[Figures, ...]


def verdicts_of(figures: Figures, stage: Stage, first: Stage) -> list[Verdict]:
    """Returns the goals of one row; ``first`` is the stage on the empty database."""
    if figures.name == CEILING:
        return []
    goal = next((contest.goal for contest in CONTESTS if contest.name == figures.name), None)
    verdicts = [] if goal is None else list(_speed_verdicts(figures, goal, _by_name(stage)))
    if goal is not None and goal.p99_ms is not None:
        verdicts.append(Verdict(text=f"p99 < {goal.p99_ms:.0f} ms", met=(figures.p99_ms or 0.0) < goal.p99_ms))
    elif _is_awaited(figures) and (figures.p99_ms or 0.0) >= P99_MS_MAX:
        verdicts.append(Verdict(text=f"p99 < {P99_MS_MAX:.0f} ms", met=False))
    if figures.server_mb is not None and figures.server_mb >= SERVER_MB_MAX:
        verdicts.append(Verdict(text=f"server < {SERVER_MB_MAX:.0f} MB", met=False))
    slower = slower_than_empty(figures, first) if stage is not first else None
    if slower is not None:
        verdicts.append(Verdict(text=f"<= {SLOWER_MAX} x slower", met=slower <= SLOWER_MAX))
    return verdicts


def slower_than_empty(figures: Figures, first: Stage) -> float | None:
    """Returns how many times slower a row is than on the empty database."""
    empty = _by_name(first).get(figures.name)
    return None if empty is None or not figures.per_second else empty.per_second / figures.per_second


def table_of(stage: Stage, first: Stage) -> Table:
    """Returns the stage's figures, for a terminal and in the form that documents take."""
    table = Table(title=stage.title, title_justify="left", title_style="bold", box=box.MARKDOWN)
    table.add_column("what")
    for heading in _HEADINGS:
        table.add_column(heading, justify="right")
    if stage is not first:
        table.add_column("x slower", justify="right")
    table.add_column("goals")
    for figures in stage.figures:
        slower = (_shown(slower_than_empty(figures, first), 2),) if stage is not first else ()
        goals = "; ".join(str(verdict) for verdict in verdicts_of(figures, stage, first))
        table.add_row(*_cells(figures), *slower, goals)
    return table


def summary_of(stages: Sequence[Stage], *, import_seconds: float | None) -> list[Verdict]:
    """Returns the goals that concern the run as a whole."""
    rows = [figures for stage in stages for figures in stage.figures if figures.name != CEILING]
    slowest = max((figures.p99_ms or 0.0 for figures in rows if _is_awaited(figures)), default=0.0)
    largest = max(figures.server_mb or 0.0 for figures in rows)
    verdicts = [
        Verdict(text=f"p99 < {P99_MS_MAX:.0f} ms (highest: {slowest:.0f} ms)", met=slowest < P99_MS_MAX),
        Verdict(text=f"server < {SERVER_MB_MAX:.0f} MB (most: {largest:.0f} MB)", met=largest < SERVER_MB_MAX),
    ]
    for stage in stages[1:]:
        worst = max(
            slower_than_empty(figures, stages[0]) or 0.0 for figures in stage.figures if figures.name != CEILING
        )
        text = f"nothing slower than {SLOWER_MAX} x with orders stored (worst: {worst:.2f} x)"
        verdicts.append(Verdict(text=text, met=worst <= SLOWER_MAX))
    if import_seconds is not None:
        text = f"nine months imported in < {IMPORT_SECONDS_MAX:.0f} s ({import_seconds:.1f} s)"
        verdicts.append(Verdict(text=text, met=import_seconds < IMPORT_SECONDS_MAX))
    return verdicts


def _speed_verdicts(figures: Figures, goal: Goal, rows: Mapping[str, Figures]) -> Sequence[Verdict]:
    verdicts: list[Verdict] = []
    if goal.ceilings is not None:
        verdicts.append(Verdict(text=f">= {goal.ceilings} x ceiling", met=figures.ceilings >= goal.ceilings))
    if goal.per_second is not None:
        verdicts.append(Verdict(text=f">= {goal.per_second:,}/s", met=figures.per_second >= goal.per_second))
    other = rows.get(goal.of or "")
    if goal.shares is not None and other is not None:
        # Each against its own ceiling, so that a neighbor's noise does not count.
        share = figures.ceilings / other.ceilings
        verdicts.append(Verdict(text=f">= {goal.shares} of spread SKUs ({share:.2f})", met=share >= goal.shares))
    return verdicts


def _is_awaited(figures: Figures) -> bool:
    """Tells whether somebody waits for each answer; nobody does for hundreds of orders in one call."""
    return all(contest.orders_per_request == 1 for contest in CONTESTS if contest.name == figures.name)


def _by_name(stage: Stage) -> dict[str, Figures]:
    return {figures.name: figures for figures in stage.figures}


def _cells(figures: Figures) -> tuple[str, ...]:
    return (
        figures.name,
        str(figures.connections),
        f"{figures.per_second:,.0f}",
        f"{figures.ceilings:.2f}",
        _shown(figures.p50_ms, 1),
        _shown(figures.p95_ms, 1),
        _shown(figures.p99_ms, 1),
        _shown(figures.python_us, 0),
        _shown(figures.postgres_us, 0),
        _shown(None if figures.callers_share is None else figures.callers_share * 100, 0),
        _shown(figures.server_mb, 0),
    )


def _shown(figure: float | None, decimals: int) -> str:
    return "" if figure is None else f"{figure:.{decimals}f}"
