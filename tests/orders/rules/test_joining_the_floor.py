"""More is wanted of an order that is being prepared: what is at the same location goes along, at once."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from tests.scenario import BACKORDERS, NOW, ORDER_ID, RELEASE, facts, line, moves, order, released_from, variant

from aftercart.inventory.model import Stage
from aftercart.orders.decisions.add_line import AddLine, add_line
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity, change_line_quantity
from aftercart.orders.decisions.release_order import ReleaseOrder, release_order
from aftercart.orders.decisions.swap_variant import SwapVariant, swap_variant
from aftercart.orders.events import OrderChanged
from aftercart.orders.evolve import AnyOrderEvent, evolve
from aftercart.orders.model import Order
from aftercart.orders.rules.facts import Facts

LATER = NOW + timedelta(minutes=20)
GOODS = {
    "A": variant("A", product="shoe"),
    "A-red": variant("A-red", product="shoe"),
    "B": variant("B"),
}

Change = Callable[[Order, Facts], Iterable[AnyOrderEvent]]
CHANGES: dict[str, Change] = {
    "one more line": lambda order, source: add_line(
        AddLine(order_id=ORDER_ID, sku="B", quantity=1), order, facts=source
    ),
    "another size": lambda order, source: swap_variant(
        SwapVariant(order_id=ORDER_ID, line=1, sku="A-red", quantity=1), order, facts=source
    ),
    "one more of a line": lambda order, source: change_line_quantity(
        ChangeLineQuantity(order_id=ORDER_ID, line=1, quantity=3), order, facts=source
    ),
}


def shelves(place: str, **changes: Any) -> Facts:
    """Returns facts twenty minutes after the release, with goods at one place."""
    stock = {f"{sku}@{place}": 9 for sku in GOODS}
    return facts(stock, variants=GOODS, now=LATER, **changes)


def being_prepared(stage: str) -> Order:
    """Returns an order of two pieces at ``W1`` that was handed to the floor, and what hands made of it since."""
    released = released_from(order("1 A W1 reserved 2", lines=[line(1, "A", 2, product="shoe")]))
    assert (released.release_at, released.released_at) == (None, NOW)
    if stage == "released":
        return released
    return order(
        f"1 A W1 {stage} 2",
        lines=released.lines,
        delivery=released.delivery,
        released_at=NOW,
        release_at=None,
        bookings=released.bookings,
    )


def changed(before: Order, change: Change, source: Facts) -> Order:
    (event,) = change(before, source)
    assert isinstance(event, OrderChanged)
    return evolve(before, event, order_id=ORDER_ID)


def new_units(order: Order) -> set[tuple[str, str]]:
    return {(entry.location, entry.sku) for entry in order.units if entry.stage is Stage.RESERVED}


@pytest.mark.parametrize("stage", ["released", "picked"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_is_at_the_location_that_prepares_the_order_is_due_at_once(stage: str, change: Change) -> None:
    after = changed(being_prepared(stage), change, shelves("W1"))
    assert {location for location, _ in new_units(after)} == {"W1"}
    assert after.release_at == LATER
    due = ReleaseOrder(order_id=ORDER_ID, due_at=LATER)
    (released,) = release_order(due, after, facts=shelves("W1"))
    assert released.locations == ("W1",)
    assert {move.target for move in released.moves} == {Stage.RELEASED}


@pytest.mark.parametrize("stage", ["released", "picked"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_comes_from_elsewhere_follows_its_own_rule(stage: str, change: Change) -> None:
    after = changed(being_prepared(stage), change, shelves("W2"))
    assert {location for location, _ in new_units(after)} == {"W2"}
    assert after.release_at == RELEASE


def test_what_joins_when_the_parcel_is_closed_already_follows_its_own_rule() -> None:
    after = changed(being_prepared("packed"), CHANGES["one more line"], shelves("W1"))
    assert new_units(after) == {("W1", "B")}
    assert after.release_at == RELEASE


def test_what_is_not_paid_does_not_go_along() -> None:
    before = being_prepared("picked")
    unpaid = order(
        "1 A W1 picked 2",
        lines=before.lines,
        released_at=NOW,
        release_at=None,
        payment={"method": "card", "authorized_minor": before.total_minor},
    )
    after = changed(unpaid, CHANGES["one more line"], shelves("W1"))
    assert [hold.reason.value for hold in after.holds] == ["payment"]
    assert after.release_at is None


def test_what_still_has_to_arrive_does_not_go_along() -> None:
    source = facts({"A@W1": 0}, variants=GOODS, now=LATER, channel=BACKORDERS)
    after = changed(being_prepared("picked"), CHANGES["one more line"], source)
    assert after.units[-1].stage is Stage.BACKORDERED
    assert after.release_at is None


def test_the_old_units_of_an_exchange_are_withdrawn_in_the_same_commit() -> None:
    (event,) = CHANGES["another size"](being_prepared("released"), shelves("W1"))
    assert event.moves == moves("2 A-red W1 new>reserved 1", "1 A W1 released>canceled 1")
    (event,) = CHANGES["another size"](being_prepared("picked"), shelves("W1"))
    assert event.moves == moves("2 A-red W1 new>reserved 1", "1 A W1 picked>intercepted 1")
