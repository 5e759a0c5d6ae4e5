"""How far pickers walk for real orders in a made-up warehouse: one order at a time, and with carts for twelve."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from rich import box
from rich.table import Table

from aftercart.benchmarking.failure import BenchFailed
from aftercart.benchmarking.table import Verdict
from aftercart.fulfillment.model import Bin
from aftercart.fulfillment.rules.floor_plan import FloorPlan, floor_plan_of
from aftercart.fulfillment.rules.picking_carts import CART_ORDERS_MAX, WaitingOrder, picking_carts
from aftercart.fulfillment.rules.walking_route import walking_meters

AISLES: Final = 20
BAYS: Final = 25
LEVELS: Final = 4
SIDES_M: Final = (-1.0, 1.0)
AISLE_PITCH_M: Final = 4.0
BAY_M: Final = 1.3
SHORTER_GOAL: Final = 0.35
FEW_LINES_MAX: Final = 5
WAVE_ORDERS: Final = 1_000

Measure = Callable[[Sequence[Bin]], float]


class RealOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What was ordered at one time: the SKUs, each once."""

    number: str
    placed_at: datetime
    skus: tuple[str, ...]


class Walks(msgspec.Struct, frozen=True, kw_only=True):
    """One way to pick the same orders: how many walks it takes, and their meters in all."""

    name: str
    walks: int
    meters: float


class WalkingReport(msgspec.Struct, frozen=True, kw_only=True):
    """The ways to pick so many orders; the first one is what the others are compared with, the last one is ours."""

    title: str
    orders: int
    stops: int
    ways: tuple[Walks, ...]

    @property
    def verdict(self) -> Verdict:
        """Returns whether ours is as much shorter as it is to be."""
        shorter = shorter_by(self.ways[-1], self.ways[0])
        text = f"{self.title}: walks {SHORTER_GOAL:.0%} shorter than one order at a time ({shorter:.1%})"
        return Verdict(text=text, met=shorter >= SHORTER_GOAL)


def warehouse_of(skus: Iterable[str], *, seed: int) -> tuple[FloorPlan, dict[str, Bin]]:
    """Returns a floor of 4,000 bins and the bin of each SKU, in any of them; walks start in front of the first aisle.

    Raises ``BenchFailed`` for more SKUs than bins.
    """
    places = sorted(set(skus))
    bins = [
        Bin(
            code=f"{aisle:02}-{bay:02}-{level}{'LR'[side]}",
            location="FLOOR",
            aisle=aisle,
            bay=bay,
            level=level,
            x_m=aisle * AISLE_PITCH_M + SIDES_M[side],
            y_m=bay * BAY_M,
        )
        for aisle in range(1, AISLES + 1)
        for bay in range(1, BAYS + 1)
        for level in range(1, LEVELS + 1)
        for side in range(2)
    ]
    if len(places) > len(bins):
        raise BenchFailed(f"the warehouse has {len(bins):,} bins, the orders name {len(places):,} SKUs")
    plan = floor_plan_of(bins)
    Random(seed).shuffle(bins)  # noqa: S311 - seeded on purpose
    return plan, {sku: bins[place] for place, sku in enumerate(places)}


def measure_walking(orders: Sequence[RealOrder], *, zone: ZoneInfo, seed: int) -> list[WalkingReport]:
    """Lays the orders out in a warehouse and measures three times: all orders, those of few lines, and these in waves.

    One truck takes the orders of a day, or a wave of a thousand, as a shop has them that sells more. Without an order
    there is no report. Raises ``BenchFailed`` for no order at all, and for too many SKUs.
    """
    if not orders:
        raise BenchFailed("there is no order to walk for")
    plan, bins = warehouse_of((sku for order in orders for sku in order.skus), seed=seed)
    waiting = [
        WaitingOrder(
            key=order.number,
            due_at=_end_of_day(order.placed_at.astimezone(zone).date(), zone),
            stops=tuple(bins[sku] for sku in order.skus),
        )
        for order in orders
    ]
    few = [order for order in waiting if len(order.stops) <= FEW_LINES_MAX]
    in_waves = [
        msgspec.structs.replace(order, due_at=few[place // WAVE_ORDERS * WAVE_ORDERS].due_at)
        for place, order in enumerate(few)
    ]
    of_few = f"orders of at most {FEW_LINES_MAX} lines"
    titled = {"all orders": waiting, of_few: few, f"{of_few} in waves of {WAVE_ORDERS:,}": in_waves}
    return [_report(title, those, plan) for title, those in titled.items() if those]


def _report(title: str, waiting: Sequence[WaitingOrder], plan: FloorPlan) -> WalkingReport:
    alone = [order.stops for order in waiting]
    as_they_come = [
        tuple(stop for order in waiting[first : first + CART_ORDERS_MAX] for stop in order.stops)
        for first in range(0, len(waiting), CART_ORDERS_MAX)
    ]
    ours = [cart.stops for cart in picking_carts(waiting, plan=plan)]

    def s_shape(stops: Sequence[Bin]) -> float:
        return s_shape_meters(stops, plan=plan)

    def shortest(stops: Sequence[Bin]) -> float:
        return walking_meters(stops, plan=plan)

    carts = f"carts of {CART_ORDERS_MAX}"
    return WalkingReport(
        title=title,
        orders=len(waiting),
        stops=sum(map(len, alone)),
        ways=(
            _walks("one order at a time, S-shape", alone, s_shape),
            _walks("one order at a time, shortest route", alone, shortest),
            _walks(f"{carts} as they come, S-shape", as_they_come, s_shape),
            _walks(f"{carts} as they come, shortest route", as_they_come, shortest),
            _walks(f"our {carts}, S-shape", ours, s_shape),
            _walks(f"our {carts}, shortest route", ours, shortest),
        ),
    )


def _walks(name: str, walks: Sequence[Sequence[Bin]], measure: Measure) -> Walks:
    return Walks(name=name, walks=len(walks), meters=sum(map(measure, walks)))


def _end_of_day(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone)


def s_shape_meters(stops: Iterable[Bin], *, plan: FloorPlan) -> float:
    """Returns the meters of the plain rule: through every aisle that has a stop, up one and down the next.

    The last of an odd number of aisles is left where it was entered. Of the two directions the shorter one counts.
    """
    depth_m: dict[int, float] = {}
    for stop in stops:
        depth_m[stop.aisle] = max(depth_m.get(stop.aisle, 0.0), stop.y_m - plan.front_y_m)
    if not depth_m:
        return abs(plan.end_x_m - plan.start_x_m)
    aisles = sorted(depth_m, key=lambda aisle: plan.aisle_x_m[aisle])
    return min(_s_shape(aisles, depth_m, plan), _s_shape(aisles[::-1], depth_m, plan))


def _s_shape(aisles: Sequence[int], depth_m: dict[int, float], plan: FloorPlan) -> float:
    first_x_m, last_x_m = plan.aisle_x_m[aisles[0]], plan.aisle_x_m[aisles[-1]]
    across = abs(first_x_m - plan.start_x_m) + abs(last_x_m - first_x_m) + abs(plan.end_x_m - last_x_m)
    through = len(aisles) // 2 * 2 * plan.aisle_m
    return across + through + (2 * depth_m[aisles[-1]] if len(aisles) % 2 else 0.0)


def shorter_by(walks: Walks, other: Walks) -> float:
    """Returns the share of the other's meters that is saved."""
    return 1 - walks.meters / other.meters


def walking_table(report: WalkingReport) -> Table:
    """Returns the figures, for a terminal and in the form that documents take."""
    title = f"{report.title}: {report.orders:,} with {report.stops:,} stops"
    table = Table(title=title, title_justify="left", title_style="bold", box=box.MARKDOWN)
    table.add_column("how")
    for heading in ("walks", "km", "m an order", "m a stop", "shorter"):
        table.add_column(heading, justify="right")
    for way in report.ways:
        table.add_row(
            way.name,
            f"{way.walks:,}",
            f"{way.meters / 1000:,.0f}",
            f"{way.meters / report.orders:.1f}",
            f"{way.meters / report.stops:.1f}",
            "" if way is report.ways[0] else f"{shorter_by(way, report.ways[0]):.1%}",
        )
    return table
