"""The tables that reports of imports share."""

from collections.abc import Iterable, Mapping
from typing import Final

from rich.table import Table

from aftercart.importing.floor_load import LocationLoad
from aftercart.importing.promises import Promises
from aftercart.kit.money import Money, format_money

_WORDS: Final = frozenset({"why", "how", "article"})
_BY_CAUSE: Final = {"on_hold": "on hold", "waiting": "waiting for stock", "late": "released too late"}


def table(title: str, headings: tuple[str, ...]) -> Table:
    """Returns an empty table; the first column and those of words stand to the left, numbers to the right."""
    empty = Table(title=title, title_justify="left", title_style="bold")
    for place, heading in enumerate(headings):
        words = place == 0 or heading in _WORDS
        empty.add_column(heading, justify="left" if words else "right", no_wrap=place == 0)
    return empty


def money(minor_units: int, currency: str) -> str:
    """Returns an amount as people read it."""
    return format_money(Money(minor_units=minor_units, currency=currency), "en")


def share(part: int, whole: int) -> str:
    """Returns a number and which share of all it is."""
    return f"{part:,} ({part / whole:.1%})" if whole else f"{part:,}"


def promises_table(promises: Mapping[str, Promises]) -> Table:
    """Returns what became of promises, a row each for channels or whatever else they are told by."""
    headings = ("", "orders", "promised", "kept", "broken", "moved", "open", "withdrawn", "delayed", "why")
    shown = table("Promises", headings)
    for what, told in promises.items():
        shown.add_row(
            what,
            f"{told.orders:,}",
            f"{told.promised:,}",
            share(told.kept, told.promised),
            share(told.broken, told.promised),
            share(told.moved, told.promised),
            f"{told.open:,}",
            f"{told.withdrawn:,}",
            f"{told.delayed:,}",
            ", ".join(f"{times:,} {_BY_CAUSE[cause]}" for cause, times in told.broken_by.items()),
        )
    return shown


def floor_table(loads: Iterable[LocationLoad]) -> Table:
    """Returns what each floor gets: on how many days, in its busiest hour, and above what its hands can do."""
    headings = ("", "orders", "days", "busiest hour", "orders then", "hours above capacity", "orders above it")
    shown = table("Released to the floor", headings)
    for load in loads:
        shown.add_row(
            load.location,
            f"{load.orders:,}",
            f"{load.days:,}",
            f"{load.busiest_at:%Y-%m-%d %H:%M}",
            f"{load.busiest_orders:,}",
            f"{load.above_capacity_hours:,}",
            f"{load.above_capacity_orders:,}",
        )
    return shown
