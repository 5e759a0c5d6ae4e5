"""An order is prepared in an hour that has hands free, as late as its margin allows or as early as can be."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shipping.words import LYON, at, place

from aftercart.shipping.model import floor_resource
from aftercart.shipping.rules.work import (
    ONE_HOUR,
    WorkMode,
    WorkPlan,
    hours_of,
    plan_work,
    truck_with_room,
)

BUSY = place("BUSY", hourly_capacity_orders=2)  # 08:00 to 14:00: six hours of two orders
TRUCK = at("Mon 2026-03-02 14:00")
MORNING = "Mon 2026-03-02 06:00"
LATEST, EARLIEST = WorkMode.LATEST, WorkMode.EARLIEST


@pytest.mark.parametrize(
    ("mode", "minutes", "booked", "not_before", "hour", "release"),
    [
        (LATEST, 0, (), MORNING, 0, "13:00"),
        (LATEST, 60, (), MORNING, 1, "12:00"),
        (LATEST, 61, (), MORNING, 2, "11:00"),
        (LATEST, 60, (0, 2), MORNING, 2, "11:00"),  # the hour before the margin is full
        (LATEST, 60, (0, 2, 1), MORNING, 2, "11:00"),
        (LATEST, 60, (0, 2, 2, 2, 2, 2), MORNING, 0, "13:00"),  # all are: the margin gives way
        (LATEST, 60, (), "Mon 2026-03-02 13:20", 0, "13:20"),  # too late for the margin: now
        (LATEST, 60, (), "Mon 2026-03-02 12:20", 1, "12:20"),  # an hour that has begun
        (LATEST, 120, (), "Mon 2026-03-02 12:20", 1, "12:20"),  # of the hours within the margin the earliest
        (LATEST, 600, (), MORNING, 5, "08:00"),  # a margin longer than the day
        (LATEST, 0, (2, 2, 2, 2, 2, 2), MORNING, None, None),
        (LATEST, 0, (2, 2), "Mon 2026-03-02 12:00", None, None),
        (EARLIEST, 0, (), MORNING, 5, "08:00"),
        (EARLIEST, 0, (0, 0, 0, 0, 0, 2), MORNING, 4, "09:00"),
        (EARLIEST, 0, (), "Mon 2026-03-02 09:30", 4, "09:30"),
        (EARLIEST, 0, (0, 0, 0, 0, 2), "Mon 2026-03-02 09:30", 3, "10:00"),
        (EARLIEST, 0, (2, 2, 2, 2), "Mon 2026-03-02 10:00", None, None),
        (EARLIEST, 0, (), "Mon 2026-03-02 14:00", None, None),  # the truck has left
        (LATEST, 0, (), "Mon 2026-03-02 14:00", None, None),
    ],
)
def test_an_order_gets_the_hour_it_likes_best(
    mode: WorkMode, minutes: int, booked: tuple[int, ...], not_before: str, hour: int | None, release: str | None
) -> None:
    plan = plan_work(BUSY, not_before=at(not_before), truck=TRUCK, booked=booked, mode=mode, minutes=minutes)
    expected = None if release is None else WorkPlan(release_at=at(f"Mon 2026-03-02 {release}"), hour=hour)
    assert plan == expected


@pytest.mark.parametrize(
    ("mode", "minutes", "not_before", "release"),
    [
        (LATEST, 90, MORNING, "12:30"),
        (LATEST, 90, "Mon 2026-03-02 13:00", "13:00"),
        (EARLIEST, 90, "Mon 2026-03-02 09:30", "09:30"),
    ],
)
def test_where_hours_are_not_counted_nothing_is_booked(
    mode: WorkMode, minutes: int, not_before: str, release: str
) -> None:
    plan = plan_work(LYON, not_before=at(not_before), truck=TRUCK, booked=(), mode=mode, minutes=minutes)
    assert plan == WorkPlan(release_at=at(f"Mon 2026-03-02 {release}"), hour=None)


@pytest.mark.parametrize(
    ("changes", "truck", "hours"),
    [
        ({}, "Mon 2026-03-02 14:00", 6),
        ({"cutoff": "15:30"}, "Mon 2026-03-02 15:30", 7),  # a part of an hour is no hour
        ({"opens": "13:30"}, "Mon 2026-03-02 14:00", 1),  # but there is always one
        ({"opens": "01:00", "cutoff": "04:00", "working_days": (7,)}, "Sun 2026-03-29 04:00", 2),  # one is skipped
        ({"opens": "01:00", "cutoff": "04:00", "working_days": (7,)}, "Sun 2026-10-25 04:00", 4),  # one comes twice
    ],
)
def test_the_hours_of_a_day_are_those_between_opening_and_cutoff(
    changes: dict[str, Any], truck: str, hours: int
) -> None:
    assert hours_of(place("W", **changes), at(truck)) == hours


def test_the_next_truck_with_room_is_found() -> None:
    tuesday = TRUCK + timedelta(days=1)
    booked = {(floor_resource("BUSY"), TRUCK): (2,) * 6, (floor_resource("BUSY"), tuesday): (2,) * 5}

    def booked_of(resource: str, truck: datetime) -> tuple[int, ...]:
        return booked.get((resource, truck), ())

    assert truck_with_room(BUSY, at(MORNING), booked_of) == tuesday
    # The only hour left on Tuesday is the first one, and it is over by then.
    assert truck_with_room(BUSY, at("Tue 2026-03-03 09:00"), booked_of) == at("Wed 2026-03-04 14:00")
    assert truck_with_room(LYON, at(MORNING), booked_of) == TRUCK


ORDERS = st.lists(
    st.tuples(st.integers(0, 9 * 60), st.sampled_from(WorkMode), st.integers(0, 480)), min_size=1, max_size=60
)


@given(ORDERS, st.integers(1, 4), st.sampled_from(["08:00", "09:15", "13:45"]))
def test_no_hour_gets_more_than_it_can_do_and_nothing_is_released_too_early(
    orders: list[tuple[int, WorkMode, int]], capacity: int, opens: str
) -> None:
    floor = place("W", hourly_capacity_orders=capacity, opens=opens)
    hours = hours_of(floor, TRUCK)
    booked: Counter[int] = Counter()
    for minutes_after_five, mode, margin in sorted(orders, key=lambda order: order[0]):
        now = at("Mon 2026-03-02 05:00") + timedelta(minutes=minutes_after_five)
        taken = tuple(booked[hour] for hour in range(hours))
        plan = plan_work(floor, not_before=now, truck=TRUCK, booked=taken, mode=mode, minutes=margin)
        usable = [hour for hour in range(hours) if TRUCK - hour * ONE_HOUR > now]
        if plan is None:
            assert all(taken[hour] >= capacity for hour in usable)
            continue
        assert plan.hour is not None
        booked[plan.hour] += 1
        assert booked[plan.hour] <= capacity
        begins, ends = TRUCK - (plan.hour + 1) * ONE_HOUR, TRUCK - plan.hour * ONE_HOUR
        assert plan.release_at == max(begins, now) < ends <= TRUCK
        free = [hour for hour in usable if taken[hour] < capacity]
        before_margin = [hour for hour in free if hour * 60 >= margin]
        if mode is EARLIEST:
            assert plan.hour == max(free)
        else:
            assert plan.hour == (min(before_margin) if before_margin else max(free))
