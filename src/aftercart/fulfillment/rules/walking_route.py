"""In which order somebody with a cart passes the stops of a pick list, so that they walk as little as possible."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from aftercart.fulfillment.model import Bin
from aftercart.fulfillment.rules.floor_plan import FloorPlan
from aftercart.fulfillment.rules.shortest_walk import AisleWalk, Column, Step, largest_gap, shortest_walk

Point = tuple[int, float]
"""A place on the way: which column, and how many meters from the front cross aisle."""
Ways = Mapping[Point, list[Point]]


class WalkingRoute(msgspec.Struct, frozen=True, kw_only=True):
    """The stops in the order in which they are passed, and the meters from the start through all of them to the end."""

    stops: tuple[Bin, ...]
    meters: float


def walking_route(stops: Iterable[Bin], *, plan: FloorPlan) -> WalkingRoute:
    """Returns the shortest route; a bin that is named twice is passed twice in a row.

    The answer does not depend on the order of ``stops``. Raises ``KeyError`` for an aisle that the plan does not have.
    """
    columns, bins = _columns(stops, plan)
    steps, meters = shortest_walk(columns, aisle_m=plan.aisle_m)
    end = next(place for place, column in enumerate(columns) if column.x_m == plan.end_x_m and not bins[place])
    passed = dict.fromkeys(_walked(_ways(columns, steps, plan.aisle_m), (end, 0.0)))
    found = [stop for place, height in passed for stop in bins[place].get(height, ())]
    return WalkingRoute(stops=tuple(found), meters=meters)


def walking_meters(stops: Iterable[Bin], *, plan: FloorPlan) -> float:
    """Returns how long the shortest route is."""
    return shortest_walk(_columns(stops, plan)[0], aisle_m=plan.aisle_m)[1]


def _columns(stops: Iterable[Bin], plan: FloorPlan) -> tuple[list[Column], list[Mapping[float, list[Bin]]]]:
    """Returns what lies on the way from left to right, and the bins of each column by their height."""
    by_aisle: dict[int, dict[float, list[Bin]]] = {}
    for stop in sorted(stops, key=lambda stop: (stop.aisle, stop.y_m, stop.level, stop.code)):
        by_aisle.setdefault(stop.aisle, {}).setdefault(stop.y_m - plan.front_y_m, []).append(stop)
    is_one_end = plan.start_x_m != plan.end_x_m
    stations = sorted({plan.start_x_m, plan.end_x_m})
    found: list[tuple[Column, Mapping[float, list[Bin]]]] = [
        (Column(x_m=x_m, stops_y_m=(), is_one_end=is_one_end), {}) for x_m in stations
    ]
    found += [
        (Column(x_m=plan.aisle_x_m[aisle], stops_y_m=tuple(heights)), heights) for aisle, heights in by_aisle.items()
    ]
    found.sort(key=lambda one: one[0].x_m)
    return [column for column, _ in found], [bins for _, bins in found]


# From how often everything is walked to a walk: every passage once, none left over (a Eulerian path).


def _ways(columns: Sequence[Column], steps: Sequence[Step], aisle_m: float) -> Ways:
    ways: defaultdict[Point, list[Point]] = defaultdict(list)
    for one, other in _passages(columns, steps, aisle_m):
        if one != other:
            ways[one].append(other)
            ways[other].append(one)
    return ways


def _passages(columns: Sequence[Column], steps: Sequence[Step], aisle_m: float) -> Iterator[tuple[Point, Point]]:
    for place, (column, step) in enumerate(zip(columns, steps, strict=True)):
        for heights in _walked_heights(column.stops_y_m, step.walk, aisle_m):
            for one, other in pairwise(heights):
                yield (place, one), (place, other)
        for height, times in ((0.0, step.onwards.front), (aisle_m, step.onwards.back)):
            for _ in range(times):
                yield (place, height), (place + 1, height)


def _walked_heights(stops: Sequence[float], walk: AisleWalk, aisle_m: float) -> Iterator[Sequence[float]]:
    through = (0.0, *stops, aisle_m)
    match walk:
        case AisleWalk.STATION:
            return
        case AisleWalk.THROUGH:
            yield through
        case AisleWalk.FROM_FRONT:
            yield from (through[:-1], through[:-1])
        case AisleWalk.FROM_BACK:
            yield from (through[1:], through[1:])
        case AisleWalk.FROM_BOTH:
            behind = largest_gap(stops) + 1
            yield from (through[:behind], through[:behind], through[behind:], through[behind:])


def _walked(ways: Ways, end: Point) -> list[Point]:
    """Returns the points of a walk over every way that leads to ``end``, by Hierholzer's method."""
    trail = [end]
    walked: list[Point] = []
    while trail:
        here = trail[-1]
        if onwards := ways.get(here):
            there = onwards.pop()
            ways[there].remove(here)
            trail.append(there)
        else:
            walked.append(trail.pop())
    return walked
