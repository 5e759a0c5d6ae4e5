"""The report on walking compares the same orders, measures the plain rule as it is walked, and lays out alike."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from tests.fulfillment.floors import ROUNDED, bin_at, floors

from aftercart.benchmarking.failure import BenchFailed
from aftercart.benchmarking.walking import (
    RealOrder,
    Walks,
    measure_walking,
    s_shape_meters,
    shorter_by,
    walking_table,
    warehouse_of,
)
from aftercart.fulfillment.rules.floor_plan import CROSS_AISLE_M, FloorPlan, floor_plan_of
from aftercart.fulfillment.rules.walking_route import walking_meters
from aftercart.inventory.model import Bin

FLOOR = [bin_at(aisle, bay) for aisle in range(6) for bay in range(11)]
AISLE_M = 15 + 2 * CROSS_AISLE_M


@given(floors(stops_max=60))
def test_our_route_is_never_longer_than_the_plain_rule(floor: tuple[FloorPlan, list[Bin]]) -> None:
    plan, stops = floor
    assert walking_meters(stops, plan=plan) <= s_shape_meters(stops, plan=plan) + ROUNDED


@pytest.mark.parametrize(
    ("stops", "meters"),
    [
        ([], 0),
        ([bin_at(2, 4)], 2 * (8 + 6 + CROSS_AISLE_M)),
        ([bin_at(2, 4), bin_at(3, 0)], 2 * (12 + AISLE_M)),
        ([bin_at(1, 0), bin_at(2, 4), bin_at(3, 0)], 2 * (12 + AISLE_M + CROSS_AISLE_M)),  # the last one left in front
    ],
)
def test_the_plain_rule_goes_through_every_aisle_with_a_stop(stops: list[Bin], meters: float) -> None:
    assert s_shape_meters(stops, plan=floor_plan_of(FLOOR)) == meters


def test_the_warehouse_has_four_thousand_bins_and_the_same_seed_fills_them_alike() -> None:
    skus = [f"SKU{number}" for number in range(4_000)]
    plan, bins = warehouse_of(skus, seed=1)
    assert len({one.code for one in bins.values()}) == 4_000
    assert (plan, bins) == warehouse_of(reversed(skus), seed=1)
    assert bins != warehouse_of(skus, seed=2)[1]
    with pytest.raises(BenchFailed, match="4,001 SKUs"):
        warehouse_of([*skus, "one more"], seed=1)


def test_every_way_picks_the_same_orders_and_ours_is_the_shortest() -> None:
    began = datetime(2026, 3, 2, 8, tzinfo=UTC)
    orders = [
        RealOrder(
            number=f"{number:03}",
            placed_at=began + timedelta(minutes=20 * number),
            skus=tuple(f"SKU{number * line % 97}" for line in range(1, 2 + number % 9)),
        )
        for number in range(97)
    ]
    for report in measure_walking(orders, zone=ZoneInfo("Europe/Paris"), seed=1):
        assert report.ways[0].walks == report.ways[1].walks == report.orders
        assert report.ways[-1].meters == min(way.meters for way in report.ways)
        assert report.verdict.met
        assert walking_table(report).row_count == len(report.ways)


def test_what_has_no_orders_is_not_reported_on() -> None:
    long = RealOrder(number="1", placed_at=datetime(2026, 3, 2, 8, tzinfo=UTC), skus=tuple("ABCDEF"))
    assert [report.title for report in measure_walking([long], zone=ZoneInfo("UTC"), seed=1)] == ["all orders"]
    with pytest.raises(BenchFailed):
        measure_walking([], zone=ZoneInfo("UTC"), seed=1)


def test_shorter_is_told_as_a_share_of_the_other() -> None:
    short, long = (Walks(name="", walks=1, meters=meters) for meters in (65.0, 100.0))
    assert shorter_by(short, long) == 0.35
