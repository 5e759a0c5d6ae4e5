"""A truck leaves at the cut-off of every working day."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shipping.words import LYON, at, on, place

from aftercart.shipping.rules.calendars import works_on
from aftercart.shipping.rules.local_time import local_day
from aftercart.shipping.rules.trucks import next_truck, upcoming_trucks

DAILY = (1, 2, 3, 4, 5, 6, 7)


@pytest.mark.parametrize(
    ("after", "truck"),
    [
        ("Mon 2026-03-02 10:00", "Mon 2026-03-02 14:00"),
        ("Mon 2026-03-02 14:00", "Tue 2026-03-03 14:00"),  # strictly after
        ("Fri 2026-03-06 14:00", "Mon 2026-03-09 14:00"),
        ("Fri 2026-03-27 14:00", "Mon 2026-03-30 14:00"),  # over the night on which summer time begins
        ("Fri 2026-10-23 14:00", "Mon 2026-10-26 14:00"),  # and ends
        ("Thu 2026-04-30 14:00", "Mon 2026-05-04 14:00"),  # 1 May
        ("Sat 2026-12-26 00:00", "Mon 2026-12-28 14:00"),
    ],
)
def test_the_next_truck_of_a_warehouse_in_lyon(after: str, truck: str) -> None:
    assert next_truck(LYON, at(after)) == at(truck)


@pytest.mark.parametrize(
    ("after", "truck"),
    [
        ("2026-03-28T20:00", "2026-03-29T01:30"),  # 02:30 does not exist that night: an hour after 01:30
        ("2026-03-29T01:30", "2026-03-30T00:30"),
        ("2026-10-24T20:00", "2026-10-25T00:30"),  # 02:30 exists twice: the first one counts
        ("2026-10-25T00:30", "2026-10-26T01:30"),  # so the second one does not
    ],
)
def test_a_cutoff_in_the_hour_that_clocks_skip_or_repeat(after: str, truck: str) -> None:
    night = place("N1", cutoff="02:30", working_days=DAILY)
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert next_truck(night, moment) == datetime.fromisoformat(truck).replace(tzinfo=UTC)


def test_no_truck_leaves_on_a_day_that_is_closed_or_a_holiday_of_the_region_that_is_named() -> None:
    closed = place("W1", closed_dates=(on("Tue 2026-03-03"), on("Wed 2026-03-04")))
    assert next_truck(closed, at("Mon 2026-03-02 15:00")) == at("Thu 2026-03-05 14:00")
    assert next_truck(place("W2", holiday_region="FR-57"), at("Thu 2026-04-02 15:00")) == at("Tue 2026-04-07 14:00")
    assert next_truck(place("W3"), at("Thu 2026-04-02 15:00")) == at("Fri 2026-04-03 14:00")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    st.sets(st.integers(1, 7), min_size=1),
    st.times(),
)
def test_trucks_are_the_cutoffs_of_all_working_days_and_of_no_other(moment: datetime, days: set[int], at: time) -> None:
    serving = place("W9", cutoff=f"{at:%H:%M}", working_days=tuple(sorted(days)))
    now = moment.replace(tzinfo=UTC)
    trucks = list(islice(upcoming_trucks(serving, now), 5))
    assert trucks == sorted(set(trucks))
    assert now < trucks[0]
    assert next_truck(serving, trucks[0] - timedelta(microseconds=1)) == trucks[0]
    left = {local_day(truck, serving.timezone) for truck in trucks}
    first, last = local_day(now, serving.timezone), max(left)
    between = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    # The first day has no truck any more when its cut-off is over.
    assert {day for day in between if works_on(serving, day)} - left <= {first}
