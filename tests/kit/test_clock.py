"""The clock is aware, in UTC, and a simulated one never goes back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from aftercart.kit.clock import SimulatedClock, SystemClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_system_clock_tells_an_aware_utc_moment() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_simulated_clock_stands_still_until_it_is_moved() -> None:
    clock = SimulatedClock(NOON)
    assert (clock.now(), clock.now()) == (NOON, NOON)
    clock.advance_to(NOON + timedelta(hours=1))
    assert clock.now() == NOON + timedelta(hours=1)
    clock.advance_to(NOON + timedelta(hours=1))


def test_a_simulated_clock_refuses_to_go_back() -> None:
    clock = SimulatedClock(NOON)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance_to(NOON - timedelta(microseconds=1))
    assert clock.now() == NOON


def test_a_simulated_clock_tells_utc_whatever_zone_it_was_given() -> None:
    clock = SimulatedClock(NOON.astimezone(timezone(timedelta(hours=2))))
    assert clock.now().tzinfo is UTC
    assert clock.now() == NOON


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SimulatedClock(NOON.replace(tzinfo=None))
