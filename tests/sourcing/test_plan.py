"""Which place serves which line: the first that has everything, else as few parcels as there can be."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenario import location

from aftercart.sourcing.model import (
    DEFAULT_PREFERENCES,
    Allocation,
    Candidate,
    Demand,
    LosingCandidate,
    LosingReason,
    SourcingPlan,
    SourcingRule,
)
from aftercart.sourcing.rules.candidates import best_candidates, candidates_for_delivery
from aftercart.sourcing.rules.plan import plan_sourcing

Shelves = Mapping[tuple[str, str], int]
PLACES = ("W1", "W2", "W3", "W4")


def demand(line: int, sku: str, quantity: int) -> Demand:
    return Demand(line=line, sku=sku, quantity=quantity)


def places(codes: Sequence[str]) -> tuple[Candidate, ...]:
    return tuple(Candidate(code=code) for code in codes)


def plan(demands: Sequence[Demand], shelves: Shelves, candidates: Sequence[str] = PLACES) -> SourcingPlan:
    return plan_sourcing(demands, places(candidates), lambda sku, code: shelves.get((sku, code), 0))


def codes(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(one.code for one in candidates)


def lacks(code: str, units: int) -> LosingCandidate:
    return LosingCandidate(location=code, reason=LosingReason.LACKS_UNITS, missing_units=units, points=0)


def later(code: str) -> LosingCandidate:
    return LosingCandidate(location=code, reason=LosingReason.LATER_IN_ORDER, missing_units=0, points=0)


def test_the_first_place_that_has_everything_serves_everything_and_the_others_are_kept_with_the_reason() -> None:
    found = plan(
        [demand(1, "A", 2), demand(2, "B", 1)],
        {("A", "W1"): 9, ("A", "W2"): 2, ("B", "W2"): 1, ("B", "W3"): 9, ("A", "W3"): 9},
    )
    assert found.allocations == (
        Allocation(line=1, sku="A", location="W2", quantity=2),
        Allocation(line=2, sku="B", location="W2", quantity=1),
    )
    assert found.missing == ()
    assert found.sourcing.rule is SourcingRule.SINGLE_LOCATION
    assert found.sourcing.chosen == ("W2",)
    assert found.sourcing.losing == (lacks("W1", 1), later("W3"), lacks("W4", 3))


def test_two_places_are_better_than_three_and_a_line_may_be_split() -> None:
    shelves = {("A", "W1"): 2, ("A", "W2"): 1, ("B", "W2"): 1, ("B", "W3"): 1, ("A", "W3"): 3, ("A", "W4"): 3}
    found = plan([demand(1, "A", 4), demand(2, "B", 1)], shelves)
    assert found.allocations == (
        Allocation(line=1, sku="A", location="W1", quantity=2),
        Allocation(line=1, sku="A", location="W3", quantity=2),
        Allocation(line=2, sku="B", location="W3", quantity=1),
    )
    assert (found.sourcing.rule, found.sourcing.chosen) == (SourcingRule.FEWEST_PARCELS, ("W1", "W3"))


def test_one_sku_on_two_lines_is_served_from_one_shelf_once() -> None:
    found = plan([demand(1, "A", 2), demand(2, "A", 2)], {("A", "W1"): 3, ("A", "W2"): 4})
    assert found.sourcing.chosen == ("W2",)
    assert found.sourcing.losing[0] == lacks("W1", 1)


def test_what_nobody_has_is_missing_and_the_rest_is_served() -> None:
    found = plan([demand(1, "A", 3), demand(2, "A", 2)], {("A", "W1"): 1, ("A", "W2"): 2})
    assert found.missing == (demand(2, "A", 2),)
    assert found.sourcing.rule is SourcingRule.INCOMPLETE
    assert {allocation.location for allocation in found.allocations} == {"W1", "W2"}


def test_a_shelf_that_promised_too_much_has_nothing_and_takes_nothing_from_others() -> None:
    found = plan([demand(1, "A", 2)], {("A", "W1"): -5, ("A", "W2"): 2})
    assert found.sourcing.chosen == ("W2",)
    assert found.sourcing.losing[0] == lacks("W1", 2)


def test_places_that_were_not_looked_at_closely_are_kept_as_such() -> None:
    found = plan_sourcing([demand(1, "A", 1)], places(("W1",)), lambda _sku, _code: 1, others=places(("W2",)))
    unseen = LosingCandidate(location="W2", reason=LosingReason.NOT_AMONG_BEST, missing_units=None, points=0)
    assert found.sourcing.losing == (unseen,)


def test_beyond_three_places_the_one_with_most_of_what_is_still_missing_comes_next() -> None:
    shelves = {"P1": "ABC", "P2": "ABD", "P3": "DE", "P4": "F", "P5": "G"}
    one_each = {(sku, code): 1 for code, skus in shelves.items() for sku in skus}
    found = plan([demand(line, sku, 1) for line, sku in enumerate("ABCDEFG", 1)], one_each, tuple(shelves))
    assert (found.sourcing.rule, found.sourcing.chosen) == (SourcingRule.FEWEST_PARCELS, ("P1", "P3", "P4", "P5"))


def test_without_stock_nobody_is_chosen() -> None:
    found = plan([demand(1, "A", 1)], {})
    assert (found.allocations, found.sourcing.chosen) == ((), ())
    assert found.missing == (demand(1, "A", 1),)


stock = st.dictionaries(st.tuples(st.sampled_from("ABC"), st.sampled_from(PLACES)), st.integers(-1, 4))
wishes = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 4)), min_size=1, max_size=4)


def fewest(demands: Sequence[Demand], shelves: Shelves) -> int | None:
    """Brute force: the smallest number of places that together have everything, ``None`` when all do not."""
    skus = {one.sku for one in demands}
    wanted = {sku: sum(one.quantity for one in demands if one.sku == sku) for sku in skus}
    for size in range(1, len(PLACES) + 1):
        for places in combinations(PLACES, size):
            if all(sum(max(shelves.get((sku, code), 0), 0) for code in places) >= wanted[sku] for sku in skus):
                return size
    return None


@given(wishes, stock)
def test_no_way_has_fewer_parcels_and_no_shelf_gives_more_than_it_has(
    lines: list[tuple[str, int]], shelves: dict[tuple[str, str], int]
) -> None:
    demands = [demand(number, sku, quantity) for number, (sku, quantity) in enumerate(lines, 1)]
    found = plan(demands, shelves)
    best = fewest(demands, shelves)
    used = {allocation.location for allocation in found.allocations}
    assert set(found.sourcing.chosen) == used
    assert used | {losing.location for losing in found.sourcing.losing} == set(PLACES)
    assert (best is None) == bool(found.missing) == (found.sourcing.rule is SourcingRule.INCOMPLETE)
    if best is not None:
        assert len(used) == best
        assert (best == 1) == (found.sourcing.rule is SourcingRule.SINGLE_LOCATION)
    for (sku, code), there in shelves.items():
        taken = sum(one.quantity for one in found.allocations if (one.sku, one.location) == (sku, code))
        assert taken <= max(there, 0)
    for one in demands:
        served = sum(allocation.quantity for allocation in found.allocations if allocation.line == one.line)
        waits = sum(missing.quantity for missing in found.missing if missing.line == one.line)
        assert served + waits == one.quantity


@given(wishes, stock)
def test_what_is_missing_is_what_all_places_together_lack(
    lines: list[tuple[str, int]], shelves: dict[tuple[str, str], int]
) -> None:
    demands = [demand(number, sku, quantity) for number, (sku, quantity) in enumerate(lines, 1)]
    found = plan(demands, shelves)
    for sku in {one.sku for one in demands}:
        wanted = sum(one.quantity for one in demands if one.sku == sku)
        there = sum(max(shelves.get((sku, code), 0), 0) for code in PLACES)
        assert sum(one.quantity for one in found.missing if one.sku == sku) == max(wanted - there, 0)


def test_warehouses_come_before_stores_before_suppliers_and_only_those_that_ship() -> None:
    shop = (
        location("A", kind="supplier"),
        location("B", kind="store"),
        location("D"),
        location("C"),
        location("E", ships=False),
    )
    assert codes(candidates_for_delivery(shop, DEFAULT_PREFERENCES, None)) == ("C", "D", "B", "A")
    assert codes(candidates_for_delivery(shop[:2], DEFAULT_PREFERENCES, None)) == ("B", "A")


@pytest.mark.parametrize(
    ("shelves", "best"),
    [
        ({"W1": 1, "W2": 5, "W3": 5, "W4": 5}, ("W2", "W3", "W4")),
        ({"W1": 5, "W2": 5, "W3": 5, "W4": 5}, ("W1", "W2", "W3")),
        ({"W1": 1, "W2": 1, "W3": 1, "W4": 1}, PLACES),
        ({"W4": 5}, ("W1", "W2", "W4")),
    ],
    ids=["most units", "first of equals", "three are not enough", "absent rows"],
)
def test_the_three_best_places_are_locked_unless_they_lack_something(
    shelves: dict[str, int], best: tuple[str, ...]
) -> None:
    demands = [demand(1, "A", 3), demand(2, "A", 2)]
    enough = best_candidates(places(PLACES), demands, lambda _sku, code: shelves.get(code, 0))
    assert codes(enough) == best
