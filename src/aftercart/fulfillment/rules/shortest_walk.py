"""The shortest walk through parallel aisles with a cross aisle at either end: exact, in one pass over the aisles.

This is the method of Ratliff and Rosenthal (Order-Picking in a Rectangular Warehouse, Operations Research 31(3), 1983),
here for walks that may also end elsewhere than they started. From left to right it keeps, for every way in which a
walk can lead on to the next aisle, the shortest one so far; there are so few that the effort grows with the number of
aisles, not with that of the stops.
"""

import enum
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import msgspec


class Crossing(NamedTuple):
    """How often a walk passes from one aisle to the next, in the front and in the back, counting both directions.

    ``joined``: the front and the back are connected on the left. Where they are not, the right has to connect them.
    """

    front: int
    back: int
    joined: bool


class AisleWalk(enum.Enum):
    """How all stops of an aisle are reached; to walk through it twice is never shorter than one of these."""

    STATION = "station"  # there are none: the walk starts or ends here, in the front
    THROUGH = "through"  # once from one end to the other
    FROM_FRONT = "from_front"  # to the last one and back again
    FROM_BACK = "from_back"  # the same from the other end
    FROM_BOTH = "from_both"  # from both ends, leaving out the largest gap


class Column(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An aisle with stops, or a point of the front cross aisle, at ``x_m``.

    ``stops_y_m`` rise and are meters from the front cross aisle. ``is_one_end``: the walk starts or ends here, but not
    both.
    """

    x_m: float
    stops_y_m: tuple[float, ...]
    is_one_end: bool = False


class Step(NamedTuple):
    """What a walk does in one column, and how it passes on to the next one."""

    walk: AisleWalk
    onwards: Crossing


NOTHING: Final = Crossing(front=0, back=0, joined=False)


def shortest_walk(columns: Sequence[Column], *, aisle_m: float) -> tuple[list[Step], float]:
    """Returns one step a column (of which there is one at least, from left to right) and the meters of them all.

    ``aisle_m`` is how long every aisle is, from the front cross aisle to the back one.
    """
    best = {NOTHING: 0.0}
    origins: list[dict[Crossing, tuple[Crossing, AisleWalk]]] = []
    for place, column in enumerate(columns):
        is_last = place == len(columns) - 1
        across = 0.0 if is_last else columns[place + 1].x_m - column.x_m
        walks = list(_walks_in(column, aisle_m))
        reached: dict[Crossing, float] = {}
        origin: dict[Crossing, tuple[Crossing, AisleWalk]] = {}
        for before, so_far in best.items():
            for walk, walked in walks:
                for after in _ways_on(before, walk, column.is_one_end, is_last):
                    meters = so_far + walked + (after.front + after.back) * across
                    if after not in reached or meters < reached[after]:
                        reached[after] = meters
                        origin[after] = before, walk
        best = reached
        origins.append(origin)
    return _steps(origins), best[NOTHING]


def largest_gap(heights: Sequence[float]) -> int:
    """Returns before which height, not the first one, the largest gap lies; there are two heights at least."""
    return max(range(1, len(heights)), key=lambda place: heights[place] - heights[place - 1])


def _steps(origins: Sequence[dict[Crossing, tuple[Crossing, AisleWalk]]]) -> list[Step]:
    steps: list[Step] = []
    onwards = NOTHING
    for origin in reversed(origins):
        before, walk = origin[onwards]
        steps.append(Step(walk, onwards))
        onwards = before
    return steps[::-1]


def _walks_in(column: Column, aisle_m: float) -> Iterator[tuple[AisleWalk, float]]:
    heights = column.stops_y_m
    if not heights:
        yield AisleWalk.STATION, 0.0
        return
    yield AisleWalk.THROUGH, aisle_m
    yield AisleWalk.FROM_FRONT, 2 * heights[-1]
    yield AisleWalk.FROM_BACK, 2 * (aisle_m - heights[0])
    if len(heights) > 1:
        behind = largest_gap(heights)
        yield AisleWalk.FROM_BOTH, 2 * (aisle_m - heights[behind] + heights[behind - 1])


_ENDS_TOUCHED: Final = {
    AisleWalk.STATION: (0, 0),
    AisleWalk.THROUGH: (1, 1),
    AisleWalk.FROM_FRONT: (2, 0),
    AisleWalk.FROM_BACK: (0, 2),
    AisleWalk.FROM_BOTH: (2, 2),
}
"""How often a walk in an aisle meets its front end and its back end."""


@cache
def _ways_on(before: Crossing, walk: AisleWalk, is_one_end: bool, is_last: bool) -> tuple[Crossing, ...]:  # noqa: FBT001 - a lookup by four facts
    """Returns how a walk can go on: what arrives leaves again, and nothing stays behind unconnected."""
    in_front, in_back = (met + passed for met, passed in zip(_ENDS_TOUCHED[walk], before[:2], strict=True))
    joined = before.joined or walk is AisleWalk.THROUGH
    is_front_used = in_front > 0 or walk is AisleWalk.STATION
    if is_last:
        whole = joined or not (is_front_used and in_back)
        even = (in_front + is_one_end) % 2 == 0 and in_back % 2 == 0
        return (NOTHING,) if whole and even else ()
    return tuple(
        Crossing(front=front, back=back, joined=joined and front > 0 and back > 0)
        for front in _passages(in_front + is_one_end, is_used=is_front_used)
        for back in _passages(in_back, is_used=in_back > 0)
        if (front or not is_front_used or (joined and back)) and (back or not in_back or (joined and front))
    )


def _passages(met: int, *, is_used: bool) -> tuple[int, ...]:
    if met % 2:
        return (1,)
    return (0, 2) if is_used else (0,)
