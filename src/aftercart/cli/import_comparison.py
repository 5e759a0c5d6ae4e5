"""How the comparison of release policies is shown on a terminal."""

from collections.abc import Callable, Generator, Iterable
from typing import Final

from rich.table import Table

from aftercart.cli.import_tables import share, table
from aftercart.importing.comparison import Comparison, PolicyResult
from aftercart.importing.floor_load import HourOfDay, LocationLoad
from aftercart.orders.model import ReleaseRule

_NONE: Final = "-"


def comparison_tables(comparison: Comparison) -> Generator[Table | str]:
    """Yields what to print: what was asked and what came of it, then the floor hour by hour."""
    yield _outcomes(comparison)
    yield _floor_by_hour(comparison)
    capacities = ", ".join(f"{code} {orders}" for code, orders in comparison.hourly_capacity_orders.items())
    yield (
        f"{comparison.invoices:,} invoices, {comparison.edit_share:.1%} of them edited (seed {comparison.seed});"
        f" orders an hour at most: {capacities}"
    )


def _outcomes(comparison: Comparison) -> Table:
    results = comparison.results
    shown = table("Release policies compared", ("", *(_name(result.release) for result in results)))

    def row(what: str, told: Callable[[PolicyResult], str]) -> None:
        shown.add_row(what, *(told(result) for result in results))

    row("orders placed", lambda one: f"{one.orders:,}")
    shown.add_section()
    row("edits asked for", lambda one: f"{one.edits.asked:,}")
    row("accepted", lambda one: share(one.edits.accepted, one.edits.asked))
    for span in _seen(result.edits.by_time for result in results):
        row(f"  {span}", lambda one, span=span: _accepted(one, span))
    for code in _seen(result.edits.refused for result in results):
        row(f"refused: {code}", lambda one, code=code: f"{one.edits.refused.get(code, 0):,}")
    row("units sourced anew", lambda one: f"{one.edits.resourced_units:,}")
    row("promised later by an edit", lambda one: f"{one.edits.later:,}")
    row("promised earlier by an edit", lambda one: f"{one.edits.earlier:,}")
    shown.add_section()
    row("promised", lambda one: f"{one.promises.promised:,}")
    row("kept", lambda one: share(one.promises.kept, one.promises.promised))
    row("broken", lambda one: share(one.promises.broken, one.promises.promised))
    for cause in _seen(result.promises.broken_by for result in results):
        row(f"  {cause.replace('_', ' ')}", lambda one, cause=cause: f"{one.promises.broken_by.get(cause, 0):,}")
    row("moved", lambda one: share(one.promises.moved, one.promises.promised))
    row("open", lambda one: f"{one.promises.open:,}")
    row("withdrawn", lambda one: f"{one.promises.withdrawn:,}")
    row("delayed against the first promise", lambda one: f"{one.promises.delayed:,}")
    shown.add_section()
    for code in comparison.hourly_capacity_orders:
        row(
            f"{code}: busiest hour",
            lambda one, code=code: _told(one, code, lambda it: f"{it.busiest_at:%Y-%m-%d %H:%M}"),
        )
        row("  orders in it", lambda one, code=code: _told(one, code, lambda it: f"{it.busiest_orders:,}"))
        row(
            "  hours above capacity", lambda one, code=code: _told(one, code, lambda it: f"{it.above_capacity_hours:,}")
        )
        row("  orders above it", lambda one, code=code: _told(one, code, lambda it: f"{it.above_capacity_orders:,}"))
    shown.add_section()
    row("seconds", lambda one: f"{one.seconds:,.0f}")
    return shown


def _floor_by_hour(comparison: Comparison) -> Table:
    results = comparison.results
    busiest = max((load for result in results for load in result.floor), key=lambda load: load.orders, default=None)
    location = "" if busiest is None else busiest.location
    title = f"Orders released at {location} by hour of the day: mean / 95th percentile / most"
    shown = table(title, ("hour", *(_name(result.release) for result in results)))
    by_policy = [_hours(_load(result, location)) for result in results]
    for hour in sorted({hour for hours in by_policy for hour in hours}):
        cells = (hours.get(hour) for hours in by_policy)
        shown.add_row(
            f"{hour:02}:00", *(_NONE if one is None else f"{one.mean:.1f} / {one.p95} / {one.max}" for one in cells)
        )
    return shown


def _hours(load: LocationLoad | None) -> dict[int, HourOfDay]:
    return {} if load is None else {one.hour: one for one in load.hours}


def _load(result: PolicyResult, location: str) -> LocationLoad | None:
    return next((load for load in result.floor if load.location == location), None)


def _told(result: PolicyResult, location: str, told: Callable[[LocationLoad], str]) -> str:
    load = _load(result, location)
    return _NONE if load is None else told(load)


def _accepted(result: PolicyResult, span: str) -> str:
    asked = result.edits.by_time.get(span)
    return _NONE if asked is None else f"{asked.accepted:,} of {asked.asked:,} ({asked.accepted / asked.asked:.1%})"


def _name(release: ReleaseRule) -> str:
    return f"{release.mode.value} {release.minutes}" if release.minutes else release.mode.value


def _seen(counted: Iterable[Iterable[str]]) -> dict[str, None]:
    """Returns what any of the policies counted, in the order in which it was first seen."""
    return {name: None for one in counted for name in one}
