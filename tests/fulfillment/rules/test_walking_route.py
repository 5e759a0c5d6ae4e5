"""The route passes every stop once and is the shortest there is."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fulfillment.floors import ROUNDED, bin_at, floors, meters_of, shortest_by_trying

from aftercart.fulfillment.model import Bin
from aftercart.fulfillment.rules.floor_plan import FloorPlan, floor_plan_of
from aftercart.fulfillment.rules.walking_route import walking_meters, walking_route

FLOOR = [bin_at(aisle, bay, level) for aisle in range(6) for bay in range(11) for level in (1, 2)]


@given(floors(stops_max=60))
def test_every_stop_is_passed_once_and_the_meters_are_those_of_its_legs(floor: tuple[FloorPlan, list[Bin]]) -> None:
    plan, stops = floor
    route = walking_route(stops, plan=plan)
    assert sorted(stop.code for stop in route.stops) == sorted(stop.code for stop in stops)
    assert route.meters == pytest.approx(meters_of(route.stops, plan), abs=ROUNDED)
    assert route.meters == walking_meters(stops, plan=plan)


@given(floors(stops_max=8))
def test_no_other_order_of_the_stops_is_shorter(floor: tuple[FloorPlan, list[Bin]]) -> None:
    plan, stops = floor
    assert walking_route(stops, plan=plan).meters == pytest.approx(shortest_by_trying(stops, plan), abs=ROUNDED)


@given(floors(stops_max=40), st.randoms(use_true_random=False))
def test_the_route_does_not_depend_on_how_the_stops_come(floor: tuple[FloorPlan, list[Bin]], random: Random) -> None:
    plan, stops = floor
    shuffled = list(stops)
    random.shuffle(shuffled)
    assert walking_route(shuffled, plan=plan) == walking_route(stops, plan=plan)


@given(floors(stops_max=30), st.data())
def test_a_withdrawn_stop_never_makes_the_walk_longer(floor: tuple[FloorPlan, list[Bin]], data: st.DataObject) -> None:
    plan, stops = floor
    kept = stops[: data.draw(st.integers(0, len(stops)))]
    assert walking_meters(kept, plan=plan) <= walking_meters(stops, plan=plan) + ROUNDED


def test_stops_in_the_front_of_two_aisles_are_visited_from_the_front() -> None:
    stops = [bin_at(2, 1), bin_at(1, 2), bin_at(1, 0)]
    route = walking_route(stops, plan=floor_plan_of(FLOOR))
    assert [stop.code for stop in route.stops] == ["01-00-1", "01-02-1", "02-01-1"]
    assert route.meters == 2 * (8 + 4.0 + 2.5)


def test_full_aisles_are_walked_through() -> None:
    stops = [bin_at(aisle, bay) for aisle in (0, 1) for bay in range(11)]
    route = walking_route(stops, plan=floor_plan_of(FLOOR))
    assert route.meters == 2 * (17 + 4)
    assert {stop.aisle for stop in route.stops[:11]} != {stop.aisle for stop in route.stops[11:]}


def test_the_bins_above_one_another_are_passed_in_a_row_from_the_floor_up() -> None:
    route = walking_route([bin_at(3, 4, 2), bin_at(0, 0), bin_at(3, 4, 1), bin_at(3, 4, 2)], plan=floor_plan_of(FLOOR))
    assert [stop.code for stop in route.stops if stop.aisle == 3] == ["03-04-1", "03-04-2", "03-04-2"]


def test_without_a_stop_the_walk_leads_from_the_start_to_the_end() -> None:
    route = walking_route([], plan=floor_plan_of(FLOOR, start_x_m=2.0, end_x_m=12.0))
    assert (route.stops, route.meters) == ((), 10.0)


def test_an_aisle_that_the_plan_does_not_have_is_a_fault() -> None:
    with pytest.raises(KeyError):
        walking_route([bin_at(9, 0)], plan=floor_plan_of(FLOOR))
