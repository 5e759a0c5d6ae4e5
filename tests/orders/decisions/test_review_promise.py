"""When supply comes on another day, the order hears of it, and what that means for its promise."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.scenario import BACKORDERS, NOW, ORDER_ID, facts, location, moves, order, variant
from tests.story import given

from aftercart.inventory.model import Incoming, Stock
from aftercart.orders.decisions.review_promise import ReviewPromise, review_promise
from aftercart.orders.events import ExpectationMoved, PromiseMoved
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Awaited, Order, Queued
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.outlook import outlook_of
from aftercart.sourcing.model import Candidate

MONDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 13)


def stocked(*incoming: tuple[str, date, int], now: Any = NOW, **levels: int) -> Facts:
    supply = tuple(Incoming(reference=name, expected_date=on, quantity=units) for name, on, units in incoming)
    shelf = Stock(sku="A", location="W1", incoming=supply, **levels)

    def stock_of(sku: str, code: str) -> Stock | None:
        return shelf if (sku, code) == ("A", "W1") else None

    return facts({}, now=now, channel=BACKORDERS, stock_of=stock_of)


def waiting(units: int, source: Facts) -> Order:
    """Returns an order whose units of A wait at W1 for what is to come."""
    placed = order(f"1 A W1 backordered {units}")
    outlook = outlook_of(None, placed, (), source, now=NOW)
    return msgspec.structs.replace(placed, delivery=outlook.delivery, awaited=outlook.awaited, release_at=None)


def look(source: Facts, *, ahead: int = 0) -> Callable[[Order], tuple[ExpectationMoved | PromiseMoved, ...]]:
    """Looks again at an order that waits at W1, after others with an older promise for so many units there."""
    command = ReviewPromise(order_id=ORDER_ID, sku="A", location="W1")
    queued = msgspec.structs.replace(source, queue_of=queues({"W1": [other(ahead, promised=NOW.date())]}))
    return lambda order: review_promise(command, order, facts=queued)


def queues(by_place: Mapping[str, Sequence[Queued]]) -> Callable[[str, str], Sequence[Queued]]:
    return lambda _sku, code: by_place.get(code, ())


def other(units: int, *, promised: date | None = None, expected: date | None = None, hours_later: int = 0) -> Queued:
    """Returns somebody else in a queue; ``order`` was placed at ``NOW``."""
    return Queued(
        order_id=UUID(int=9),
        units=units,
        expected_date=expected,
        promised_date=promised,
        placed_at=NOW + timedelta(hours=hours_later),
    )


def coming_to(places: Mapping[str, Sequence[Incoming]], **changes: Any) -> Facts:
    """Returns facts in which only supply of A is to come to these places."""

    def stock_of(sku: str, code: str) -> Stock | None:
        there = places.get(code)
        return None if there is None or sku != "A" else Stock(sku=sku, location=code, incoming=tuple(there))

    return facts({}, channel=BACKORDERS, stock_of=stock_of, **changes)


def po(units: int, on: date = MONDAY) -> Incoming:
    return Incoming(reference="PO-1", expected_date=on, quantity=units)


def test_the_promise_follows_the_supply() -> None:
    before = waiting(2, stocked(("PO-1", MONDAY, 5)))
    assert before.awaited == (Awaited(sku="A", location="W1", expected_date=MONDAY, reference="PO-1"),)
    assert before.delivery.promised_date == date(2026, 3, 12)
    event = given(before).when(look(stocked(("PO-1", FRIDAY, 5)))).event(PromiseMoved)
    assert (event.expected_date, event.previous_date, event.promised_date) == (
        FRIDAY,
        date(2026, 3, 12),
        date(2026, 3, 17),
    )
    after = evolve(before, event, order_id=ORDER_ID)
    assert after.delivery.promised_date == date(2026, 3, 17)
    assert after.awaited[0].expected_date == FRIDAY


def test_what_a_store_keeps_for_its_visitors_is_not_what_an_order_waits_for() -> None:
    store = location("W1", kind="store", floor_units=5)
    keeps = (Candidate(code="W1", floor_units=5),)
    source = msgspec.structs.replace(stocked(("PO-1", FRIDAY, 9), on_hand=3), locations=(store,), candidates=keeps)
    before = waiting(2, source)
    assert before.awaited[0].expected_date == FRIDAY
    given(before).when(look(source)).then()


def test_without_supply_nobody_can_promise_anything() -> None:
    before = waiting(2, stocked(("PO-1", MONDAY, 5)))
    event = given(before).when(look(stocked())).event(PromiseMoved)
    assert (event.expected_date, event.promised_date) == (None, None)
    assert evolve(before, event, order_id=ORDER_ID).delivery.promise is None


def test_what_comes_goes_to_those_who_wait_longer_first() -> None:
    two = (("PO-1", MONDAY, 5), ("PO-2", FRIDAY, 5))
    before = waiting(2, stocked(*two))
    given(before).when(look(stocked(*two), ahead=3)).then()
    assert given(before).when(look(stocked(*two), ahead=4)).event(PromiseMoved).expected_date == FRIDAY


def test_what_is_there_already_is_about_to_be_reserved() -> None:
    before = waiting(2, stocked(("PO-1", MONDAY, 5)))
    given(before).when(look(stocked(on_hand=2))).then()
    given(before).when(look(stocked(("PO-2", FRIDAY, 9), on_hand=2))).then()


def test_supply_that_did_not_come_is_expected_a_week_from_now() -> None:
    late = NOW + timedelta(days=8)
    source = stocked(("PO-1", MONDAY, 5), now=late)
    event = given(waiting(2, stocked(("PO-1", MONDAY, 5)))).when(look(source)).event(PromiseMoved)
    assert event.expected_date == date(2026, 3, 17)


def test_an_order_that_does_not_wait_there_does_not_care() -> None:
    given(order("1 A W1 reserved 2")).when(look(stocked(("PO-1", FRIDAY, 5)))).then()
    elsewhere = order("1 A W2 backordered 2")
    given(elsewhere).when(look(stocked(("PO-1", FRIDAY, 5)))).then()


@pytest.mark.parametrize(("days", "expected"), [(0, None), (4, None), (9, date(2026, 3, 18))])
def test_work_that_was_not_done_by_its_day_is_expected_a_week_later(days: int, expected: date | None) -> None:
    oak = {"A": variant("A", kind="made_to_order", production_days=5)}
    source = facts({}, variants=oak)
    placed = order("1 A W1 reserved 1")
    made = msgspec.structs.replace(placed, lines=(msgspec.structs.replace(placed.lines[0], made_to_order=True),))
    outlook = outlook_of(None, made, (), source, now=NOW)
    before = msgspec.structs.replace(made, delivery=outlook.delivery, awaited=outlook.awaited, release_at=None)
    assert before.awaited[0].expected_date == MONDAY
    later = facts({}, variants=oak, now=NOW + timedelta(days=days))
    outcome = given(before).when(look(later))
    if expected is None:
        outcome.then()
    else:
        assert outcome.event(PromiseMoved).expected_date == expected


def test_supply_that_comes_earlier_moves_no_promise() -> None:
    before = waiting(2, stocked(("PO-1", FRIDAY, 5)))
    event = given(before).when(look(stocked(("PO-1", MONDAY, 5)))).event(ExpectationMoved)
    assert (event.previous_date, event.expected_date) == (FRIDAY, MONDAY)
    assert evolve(before, event, order_id=ORDER_ID).delivery == before.delivery


def test_who_waits_without_a_day_waits_where_supply_is_announced() -> None:
    before = waiting(2, stocked())
    assert before.awaited[0].expected_date is None
    event = given(before).when(look(coming_to({"W2": [po(2)]}))).event(PromiseMoved)
    assert event.moves == moves("1 A W1>W2 backordered>backordered 2")
    assert (event.location, event.expected_date, event.previous_date) == ("W2", MONDAY, None)
    after = evolve(before, event, order_id=ORDER_ID)
    assert after.awaited == (Awaited(sku="A", location="W2", expected_date=MONDAY, reference="PO-1"),)
    assert after.delivery.promised_date == event.promised_date == date(2026, 3, 12)


def test_whose_supply_is_canceled_waits_for_supply_elsewhere() -> None:
    before = waiting(2, stocked(("PO-1", MONDAY, 5)))
    event = given(before).when(look(coming_to({"W2": [po(2, FRIDAY)]}))).event(PromiseMoved)
    assert (event.location, event.expected_date) == ("W2", FRIDAY)


def test_nobody_who_has_a_day_changes_the_place() -> None:
    before = waiting(2, stocked(("PO-1", FRIDAY, 5)))
    given(before).when(look(coming_to({"W1": [po(2, FRIDAY)], "W2": [po(2)]}))).then()


def test_the_place_where_it_comes_first_is_taken() -> None:
    places = ("W1", "W2", "W3")
    known = {"candidates": places, "locations": tuple(map(location, places))}
    source = coming_to({"W2": [po(2, FRIDAY)], "W3": [po(2, MONDAY)]}, **known)
    assert given(waiting(2, stocked())).when(look(source)).event(PromiseMoved).location == "W3"


@pytest.mark.parametrize(
    ("units", "queue", "moves_there"),
    [
        (3, [], False),
        (2, [], True),
        (2, [other(1, expected=MONDAY, promised=FRIDAY, hours_later=5)], False),
        (2, [other(1, expected=MONDAY, hours_later=5)], False),
        (2, [other(1, hours_later=-1)], False),
        (2, [other(1, promised=FRIDAY, hours_later=5)], False),
        (2, [other(1, hours_later=1)], True),
    ],
)
def test_only_what_nobody_waits_for_who_comes_first_is_worth_changing_the_place(
    units: int, queue: Sequence[Queued], *, moves_there: bool
) -> None:
    source = msgspec.structs.replace(coming_to({"W2": [po(2)]}), queue_of=queues({"W2": queue}))
    command = ReviewPromise(order_id=ORDER_ID, sku="A", location="W1")
    told = review_promise(command, waiting(units, stocked()), facts=source)
    assert [event.location for event in told] == (["W2"] if moves_there else [])


def test_who_may_not_be_served_from_there_stays() -> None:
    given(waiting(2, stocked())).when(look(coming_to({"W2": [po(2)]}, candidates=("W1",)))).then()


def test_what_a_store_keeps_for_its_visitors_is_no_reason_to_change_the_place() -> None:
    keeps = (Candidate(code="W1"), Candidate(code="W2", floor_units=1))
    given(waiting(2, stocked())).when(look(coming_to({"W2": [po(2)]}, candidates=keeps))).then()
    given(waiting(2, stocked())).when(look(coming_to({"W2": [po(3)]}, candidates=keeps))).event(PromiseMoved)


def test_units_that_wait_there_already_are_covered_too() -> None:
    placed = order("1 A W1 backordered 2", "1 A W2 backordered 1")
    outlook = outlook_of(None, placed, (), stocked(), now=NOW)
    before = msgspec.structs.replace(placed, delivery=outlook.delivery, awaited=outlook.awaited, release_at=None)
    given(before).when(look(coming_to({"W2": [po(2)]}))).then()
    event = given(before).when(look(coming_to({"W2": [po(3)]}))).event(PromiseMoved)
    after = evolve(before, event, order_id=ORDER_ID)
    assert after.awaited == (Awaited(sku="A", location="W2", expected_date=MONDAY, reference="PO-1"),)


def test_what_is_there_elsewhere_is_about_to_be_reserved() -> None:
    there = Stock(sku="A", location="W2", on_hand=2, incoming=(po(5),))

    def stock_of(_sku: str, code: str) -> Stock | None:
        return there if code == "W2" else None

    given(waiting(2, stocked())).when(look(facts({}, channel=BACKORDERS, stock_of=stock_of))).then()
