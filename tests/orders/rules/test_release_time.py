"""The customer may change their mind until the next cut-off of a place that serves the order."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenario import CUTOFF, NOW, PLACES, W1, location, order

from aftercart.orders.model import Hold, HoldReason
from aftercart.orders.rules.release_time import next_cutoff, release_time

DAILY = (1, 2, 3, 4, 5, 6, 7)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "cutoff"),
    [
        ("2026-03-02T09:00", "2026-03-02T13:00"),  # a Monday morning
        ("2026-03-02T12:59:59.999999", "2026-03-02T13:00"),  # the last moment
        ("2026-03-02T13:00", "2026-03-03T13:00"),  # the cut-off itself is too late
        ("2026-03-06T13:00", "2026-03-09T13:00"),  # Friday afternoon: Monday
        ("2026-03-07T00:00", "2026-03-09T13:00"),  # Saturday
        ("2026-03-01T23:30", "2026-03-02T13:00"),  # Sunday in UTC, already Monday in Paris
        ("2026-03-27T13:00", "2026-03-30T12:00"),  # over the weekend on which summer time begins
        ("2026-10-23T12:00", "2026-10-26T13:00"),  # over the weekend on which it ends
    ],
)
def test_the_next_cutoff_of_a_warehouse_in_paris(now: str, cutoff: str) -> None:
    assert next_cutoff(W1, utc(now)) == utc(cutoff)


@pytest.mark.parametrize(
    ("now", "cutoff"),
    [
        ("2026-03-28T20:00", "2026-03-29T01:30"),  # 02:30 does not exist that night: an hour after 01:30
        ("2026-03-29T01:30", "2026-03-30T00:30"),
        ("2026-10-24T20:00", "2026-10-25T00:30"),  # 02:30 exists twice: the first one counts
        ("2026-10-25T00:30", "2026-10-26T01:30"),  # so the second one does not
        ("2026-10-25T01:29", "2026-10-26T01:30"),
    ],
)
def test_a_cutoff_in_the_hour_that_the_clocks_skip_or_repeat(now: str, cutoff: str) -> None:
    night = location("N1", cutoff="02:30", working_days=DAILY)
    assert next_cutoff(night, utc(now)) == utc(cutoff)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    st.sets(st.integers(1, 7), min_size=1),
    st.times(),
)
def test_a_cutoff_is_the_first_after_now_on_a_working_day(moment: datetime, days: set[int], at: time) -> None:
    place = location("W9", cutoff=f"{at:%H:%M}", working_days=tuple(sorted(days)))
    now = moment.replace(tzinfo=UTC)
    cutoff = next_cutoff(place, now)
    assert now < cutoff <= now + timedelta(days=8)
    assert next_cutoff(place, cutoff - timedelta(microseconds=1)) == cutoff
    # No moment between now and the cut-off has an earlier one.
    assert next_cutoff(place, now + (cutoff - now) / 2) == cutoff


def test_the_earliest_cutoff_of_the_places_that_serve_the_order_counts() -> None:
    early = location("W2", cutoff="11:00")
    idle = location("W3", cutoff="10:30")
    ledger = order("1 A W1 reserved 1", "2 A W2 reserved 1", "1 A W3 canceled 1")
    assert release_time(ledger, (), (W1, early, idle), NOW) == utc("2026-03-02T10:00")


def test_a_hold_keeps_the_order() -> None:
    hold = Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=None)
    assert release_time(order("1 A W1 reserved 1"), (hold,), PLACES, NOW) is None
    assert release_time(order("1 A W1 reserved 1"), (), PLACES, NOW) == CUTOFF


def test_units_without_stock_keep_the_order() -> None:
    assert release_time(order("1 A W1 reserved 1", "2 B W1 backordered 1"), (), PLACES, NOW) is None


@pytest.mark.parametrize("ledger", ["1 A W1 canceled 1", "1 A W1 shipped 1"])
def test_nothing_left_to_release_has_no_release_time(ledger: str) -> None:
    assert release_time(order(ledger), (), PLACES, NOW) is None
