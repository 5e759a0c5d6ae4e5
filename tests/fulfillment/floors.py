"""Floors of every shape for property tests, and the shortest walk found by trying: slow, and plainly right."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import strategies as st

from aftercart.fulfillment.model import Bin
from aftercart.fulfillment.rules.floor_plan import FloorPlan, floor_plan_of, meters_between, meters_from_front

ROUNDED = 1e-6


def bin_at(aisle: int, bay: int, level: int = 1, *, pitch_m: float = 4.0, bay_m: float = 1.5) -> Bin:
    return Bin(
        code=f"{aisle:02}-{bay:02}-{level}",
        location="LYON",
        aisle=aisle,
        bay=bay,
        level=level,
        x_m=aisle * pitch_m,
        y_m=bay * bay_m,
    )


@st.composite
def floors(draw: st.DrawFn, *, stops_max: int) -> tuple[FloorPlan, list[Bin]]:
    """A plan with any start and end, and stops in its bins, some of them more than once."""
    aisles, bays = draw(st.integers(1, 6)), draw(st.integers(1, 12))
    pitch_m, bay_m = draw(st.sampled_from((0.5, 4.0, 20.0))), draw(st.sampled_from((0.3, 1.5, 7.0)))
    bins = [
        bin_at(aisle, bay, level, pitch_m=pitch_m, bay_m=bay_m)
        for aisle in range(aisles)
        for bay in range(bays)
        for level in (1, 2)
    ]
    anywhere = st.none() | st.sampled_from((0.0, pitch_m, 3 * pitch_m)) | st.floats(-30, 150)
    plan = floor_plan_of(bins, start_x_m=draw(anywhere), end_x_m=draw(anywhere))
    return plan, draw(st.lists(st.sampled_from(bins), max_size=stops_max))


def meters_of(stops: Sequence[Bin], plan: FloorPlan) -> float:
    """The length of a walk that passes the stops in this order, leg by leg."""
    if not stops:
        return abs(plan.end_x_m - plan.start_x_m)
    return (
        meters_from_front(plan.start_x_m, stops[0], plan=plan)
        + sum(meters_between(one, other, plan=plan) for one, other in pairwise(stops))
        + meters_from_front(plan.end_x_m, stops[-1], plan=plan)
    )


def shortest_by_trying(stops: Sequence[Bin], plan: FloorPlan) -> float:
    """The length of the shortest walk, by the method of Held and Karp: every set of stops, every last one of it."""
    if not stops:
        return meters_of(stops, plan)
    places = range(len(stops))
    best = {(1 << place, place): meters_from_front(plan.start_x_m, stops[place], plan=plan) for place in places}
    for passed in range(1, 1 << len(stops)):
        for last in places:
            if (so_far := best.get((passed, last))) is None:
                continue
            for after in places:
                if not passed & 1 << after:
                    meters = so_far + meters_between(stops[last], stops[after], plan=plan)
                    key = (passed | 1 << after, after)
                    best[key] = min(meters, best.get(key, meters))
    everything = (1 << len(stops)) - 1
    return min(best[everything, last] + meters_from_front(plan.end_x_m, stops[last], plan=plan) for last in places)
