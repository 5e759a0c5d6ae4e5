"""Units that a count did not find wait for stock again."""

from collections.abc import Callable

from tests.scenario import NOW, ORDER_ID, facts, moves, order
from tests.story import given

from aftercart.orders.decisions.report_missing_units import ReportMissingUnits, report_missing_units
from aftercart.orders.events import UnitsMissing
from aftercart.orders.model import Hold, HoldReason, Order, Status

MISSING = Hold(reason=HoldReason.MISSING_STOCK, since=NOW, expires_at=None)


def report(short: int) -> Callable[[Order], tuple[UnitsMissing, ...]]:
    command = ReportMissingUnits(order_id=ORDER_ID, sku="A", location="W1")
    return lambda order: report_missing_units(command, order, short=short, facts=facts())


def missing(quantity: int, *entries: str) -> UnitsMissing:
    return UnitsMissing(
        moves=moves(*entries), holds=(MISSING,), release_at=None, location="W1", sku="A", quantity=quantity
    )


def test_as_many_reserved_units_as_are_short_wait_again_and_hold_the_order() -> None:
    given(order("1 A W1 reserved 3")).when(report(2)).then(missing(2, "1 A W1 reserved>backordered 2"))


def test_an_order_gives_back_no_more_than_it_has() -> None:
    given(order("1 A W1 reserved 3")).when(report(9)).then(missing(3, "1 A W1 reserved>backordered 3"))


def test_units_of_several_lines_are_given_back_until_nothing_is_short() -> None:
    before = order("1 A W1 reserved 2", "2 A W1 reserved 2", "3 A W1 reserved 2")
    given(before).when(report(3)).then(missing(3, "1 A W1 reserved>backordered 2", "2 A W1 reserved>backordered 1"))


def test_units_of_other_skus_and_places_and_stages_stay() -> None:
    before = order("1 A W2 reserved 2", "2 B W1 reserved 2", "3 A W1 released 1", "3 A W1 reserved 1")
    given(before).when(report(9)).then(missing(1, "3 A W1 reserved>backordered 1"))


def test_an_order_without_such_units_is_left_alone() -> None:
    given(order("1 A W2 reserved 2", "2 A W1 picked 1")).when(report(5)).then()


def test_nothing_happens_where_nothing_is_short_anymore() -> None:
    given(order("1 A W1 reserved 3")).when(report(0)).then()


def test_a_hold_that_stands_already_keeps_its_beginning() -> None:
    earlier = Hold(reason=HoldReason.MISSING_STOCK, since=NOW.replace(hour=1), expires_at=None)
    before = order("1 A W1 backordered 1", "1 A W1 reserved 1", holds=(earlier,))
    assert before.status is Status.ON_HOLD
    assert given(before).when(report(1)).event(UnitsMissing).holds == (earlier,)
