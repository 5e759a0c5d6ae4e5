"""The floor as somebody with a cart sees it: parallel aisles, and a cross aisle along their front and their back."""

from collections.abc import Iterable
from typing import Final

import msgspec

from aftercart.fulfillment.model import Bin

CROSS_AISLE_M: Final = 1.0
"""From the outermost bins to the middle of the cross aisle."""


class FloorPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The ways of one location, in meters. ``aisle_x_m`` has the middle of every aisle by its number.

    The cross aisles run at ``front_y_m`` and ``back_y_m``; every walk starts and ends in the front one.
    """

    aisle_x_m: dict[int, float]
    front_y_m: float
    back_y_m: float
    start_x_m: float
    end_x_m: float

    @property
    def aisle_m(self) -> float:
        """Returns how long it is from one cross aisle to the other."""
        return self.back_y_m - self.front_y_m


def floor_plan_of(bins: Iterable[Bin], *, start_x_m: float | None = None, end_x_m: float | None = None) -> FloorPlan:
    """Returns the plan of a location with these bins, all of them, at least one.

    The middle of an aisle lies halfway between its outermost bins. Where no start is given, walks start at the aisle
    with the lowest ``x_m``; where no end is given, they end where they started.
    """
    ways: dict[int, list[float]] = {}
    heights: list[float] = []
    for one in bins:
        ways.setdefault(one.aisle, []).append(one.x_m)
        heights.append(one.y_m)
    aisle_x_m = {aisle: (min(ways[aisle]) + max(ways[aisle])) / 2 for aisle in sorted(ways)}
    start = min(aisle_x_m.values()) if start_x_m is None else start_x_m
    return FloorPlan(
        aisle_x_m=aisle_x_m,
        front_y_m=min(heights) - CROSS_AISLE_M,
        back_y_m=max(heights) + CROSS_AISLE_M,
        start_x_m=start,
        end_x_m=start if end_x_m is None else end_x_m,
    )


def meters_between(origin: Bin, target: Bin, *, plan: FloorPlan) -> float:
    """Returns the shortest walk between two bins: inside their aisle, or around through the front or the back."""
    if origin.aisle == target.aisle:
        return abs(origin.y_m - target.y_m)
    both_y_m = origin.y_m + target.y_m  # added first, so that the way back is rounded alike
    through_front = both_y_m - 2 * plan.front_y_m
    through_back = 2 * plan.back_y_m - both_y_m
    across = abs(plan.aisle_x_m[origin.aisle] - plan.aisle_x_m[target.aisle])
    return across + min(through_front, through_back)


def meters_from_front(x_m: float, target: Bin, *, plan: FloorPlan) -> float:
    """Returns the shortest walk between a point of the front cross aisle and a bin."""
    return abs(x_m - plan.aisle_x_m[target.aisle]) + target.y_m - plan.front_y_m
