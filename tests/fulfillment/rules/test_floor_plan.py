"""How far it is from bin to bin, and what a location's bins say about its ways."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fulfillment.floors import ROUNDED, bin_at, floors

from aftercart.fulfillment.model import Bin
from aftercart.fulfillment.rules.floor_plan import CROSS_AISLE_M, FloorPlan, floor_plan_of, meters_between

TWO_AISLES = [bin_at(aisle, bay) for aisle in (0, 1) for bay in range(11)]


@given(floors(stops_max=8), st.data())
def test_the_distance_between_bins_is_a_metric(floor: tuple[FloorPlan, list[Bin]], data: st.DataObject) -> None:
    plan, stops = floor
    if not stops:
        return
    one, other, third = (data.draw(st.sampled_from(stops)) for _ in range(3))
    there = meters_between(one, other, plan=plan)
    assert there == meters_between(other, one, plan=plan)
    assert (there == 0) == ((one.aisle, one.y_m) == (other.aisle, other.y_m))
    by_way_of = meters_between(one, third, plan=plan) + meters_between(third, other, plan=plan)
    assert there <= by_way_of + ROUNDED


@pytest.mark.parametrize(
    ("one", "other", "meters"),
    [
        (bin_at(0, 2), bin_at(0, 6), 6.0),  # inside the aisle
        (bin_at(0, 2), bin_at(1, 0), 3 + 0 + 2 * CROSS_AISLE_M + 4),  # around through the front
        (bin_at(0, 8), bin_at(1, 10), 3 + 0 + 2 * CROSS_AISLE_M + 4),  # around through the back
    ],
)
def test_the_shorter_way_around_counts(one: Bin, other: Bin, meters: float) -> None:
    assert meters_between(one, other, plan=floor_plan_of(TWO_AISLES)) == meters


def test_the_way_back_is_rounded_alike() -> None:
    one, other = bin_at(2, 3, pitch_m=0.5, bay_m=0.3), bin_at(0, 6, pitch_m=0.5, bay_m=0.3)
    plan = msgspec.structs.replace(floor_plan_of([one, other]), back_y_m=3.1)
    assert meters_between(one, other, plan=plan) == meters_between(other, one, plan=plan)


def test_the_middle_of_an_aisle_lies_between_its_racks() -> None:
    racks = [msgspec.structs.replace(one, x_m=one.x_m + side) for one in TWO_AISLES for side in (-1.0, 1.0)]
    plan = floor_plan_of(racks)
    assert plan.aisle_x_m == {0: 0.0, 1: 4.0}
    assert (plan.front_y_m, plan.back_y_m) == (-CROSS_AISLE_M, 15 + CROSS_AISLE_M)
    assert (plan.start_x_m, plan.end_x_m) == (0.0, 0.0)


def test_a_walk_ends_where_it_started_unless_told_otherwise() -> None:
    plan = floor_plan_of(TWO_AISLES, start_x_m=7.0)
    assert (plan.start_x_m, plan.end_x_m) == (7.0, 7.0)
