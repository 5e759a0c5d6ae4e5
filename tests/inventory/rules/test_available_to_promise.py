"""What can be promised for which day, and what an order that comes now has to wait for."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercart.inventory.model import Incoming, Stock
from aftercart.inventory.rules.available_to_promise import (
    GIVEN_UP_AFTER,
    OVERDUE_WAIT,
    Coverage,
    arrivals,
    available_by,
    promised_by,
)

TODAY = date(2026, 3, 2)
Part = tuple[int, str | None]


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def stock(*incoming: tuple[str, int], **held: int) -> Stock:
    """Returns stock to which ``("03-09", 5)`` come; each supply is named after its day."""
    coming = tuple(Incoming(reference=f"PO-{on}", expected_date=day(on), quantity=units) for on, units in incoming)
    return msgspec.convert({"sku": "A", "location": "W1", "incoming": coming, **held}, Stock, from_attributes=True)


def parts(coverage: Coverage) -> list[Part]:
    assert all((part.reference is None) == (part.expected_date is None) for part in coverage.parts)
    return [
        (part.units, None if part.expected_date is None else f"{part.expected_date:%m-%d}") for part in coverage.parts
    ]


@pytest.mark.parametrize(
    ("there", "units", "covered", "uncovered"),
    [
        (stock(on_hand=5), 3, [(3, None)], 0),
        (stock(on_hand=5), 8, [(5, None)], 3),
        (stock(on_hand=5, reserved=2, safety=1, quarantined=1), 3, [(1, None)], 2),
        (stock(("03-09", 4)), 3, [(3, "03-09")], 0),
        (stock(("03-09", 4), ("03-16", 4), on_hand=2), 9, [(2, None), (4, "03-09"), (3, "03-16")], 0),
        (stock(("03-09", 4), ("03-16", 4), backordered=5), 2, [(2, "03-16")], 0),
        (stock(("03-09", 4), ("03-16", 4), backordered=3), 2, [(1, "03-09"), (1, "03-16")], 0),
        (stock(("03-09", 4), backordered=9), 1, [], 1),
        (stock(("03-09", 4), on_hand=3, backordered=1), 4, [(2, None), (2, "03-09")], 0),
        (stock(("03-09", 4), on_hand=1, reserved=3, short=2), 4, [(2, "03-09")], 2),
        (stock(("03-09", 4), on_hand=1, safety=3), 4, [(2, "03-09")], 2),
        (stock(("03-02", 4)), 4, [(4, "03-02")], 0),
        (stock(on_hand=5), 0, [], 0),
    ],
)
def test_units_are_covered_by_what_is_there_and_then_by_what_comes_first(
    there: Stock, units: int, covered: list[Part], uncovered: int
) -> None:
    coverage = promised_by(there, units, today=TODAY)
    assert (parts(coverage), coverage.uncovered) == (covered, uncovered)


def test_the_supply_that_covers_a_part_is_named() -> None:
    (part,) = promised_by(stock(("03-09", 4), ("03-16", 4), backordered=4), 1, today=TODAY).parts
    assert part.reference == "PO-03-16"


def test_overdue_supply_is_expected_in_a_week_and_never_in_the_past() -> None:
    there = stock(("02-20", 3), ("03-05", 2), ("03-20", 1))
    assert [(on, one.quantity) for on, one in arrivals(there, today=TODAY)] == [
        (day("03-05"), 2),
        (TODAY + OVERDUE_WAIT, 3),
        (day("03-20"), 1),
    ]
    assert parts(promised_by(there, 4, today=TODAY)) == [(2, "03-05"), (2, "03-09")]


def test_supply_that_is_overdue_for_long_covers_nothing() -> None:
    late = TODAY - GIVEN_UP_AFTER
    for expected_date, uncovered in ((late, 0), (late - timedelta(days=1), 1)):
        there = Stock(
            sku="A", location="W1", incoming=(Incoming(reference="PO", expected_date=expected_date, quantity=1),)
        )
        assert promised_by(there, 1, today=TODAY).uncovered == uncovered


def test_what_is_available_by_a_day_grows_with_what_comes_and_is_never_below_zero() -> None:
    there = stock(("03-09", 4), ("03-16", 4), on_hand=2, backordered=5)
    asked = [available_by(there, day(on), today=TODAY) for on in ("03-02", "03-08", "03-09", "03-15", "03-16", "12-31")]
    assert asked == [0, 0, 1, 1, 5, 5]
    assert available_by(stock(on_hand=7), TODAY, today=TODAY) == 7


stocks = st.builds(
    stock,
    *(st.tuples(st.sampled_from(["01-20", "02-27", "03-02", "03-05", "03-09", "04-01"]), st.integers(1, 9)),) * 3,
    on_hand=st.integers(0, 9),
    reserved=st.integers(0, 9),
    safety=st.integers(0, 5),
    backordered=st.integers(0, 20),
)


@given(stocks, st.integers(0, 40), st.integers(0, 40))
def test_a_promise_is_what_is_available_by_its_day(there: Stock, units: int, ahead: int) -> None:
    coverage = promised_by(there, units, today=TODAY)
    on = TODAY + timedelta(days=ahead)
    by_then = sum(part.units for part in coverage.parts if (part.expected_date or TODAY) <= on)
    assert by_then == min(units, available_by(there, on, today=TODAY))
    assert sum(part.units for part in coverage.parts) + coverage.uncovered == units
    assert all(part.expected_date is None or part.expected_date >= TODAY for part in coverage.parts)


@given(stocks, st.integers(0, 10), st.integers(0, 10))
def test_units_that_wait_before_us_come_first(there: Stock, before: int, units: int) -> None:
    """Asking for ours after theirs is asking for all at once and leaving out the first of them."""
    behind = msgspec.structs.replace(there, backordered=there.backordered + before)
    for ahead in range(45):
        on = TODAY + timedelta(days=ahead)
        whole = promised_by(there, before + units, today=TODAY)
        ours = promised_by(behind, units, today=TODAY)
        reached = sum(part.units for part in whole.parts if (part.expected_date or TODAY) <= on)
        assert sum(part.units for part in ours.parts if (part.expected_date or TODAY) <= on) == max(reached - before, 0)
