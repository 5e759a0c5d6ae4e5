"""Stock that arrived goes to the units that wait for it."""

from collections.abc import Callable

from tests.scenario import NOW, ORDER_ID, RELEASE, facts, moves, order
from tests.story import given

from aftercart.orders.decisions.reserve_backorder import ReserveBackorder, reserve_backorder
from aftercart.orders.events import BackorderReserved
from aftercart.orders.model import Hold, HoldReason, Order


def reserve(stock: dict[str, int]) -> Callable[[Order], tuple[BackorderReserved, ...]]:
    command = ReserveBackorder(order_id=ORDER_ID, sku="A")
    return lambda order: reserve_backorder(command, order, facts=facts(stock))


def reserved(*entries: str, waits: bool = False) -> BackorderReserved:
    return BackorderReserved(moves=moves(*entries), holds=(), release_at=None if waits else RELEASE)


def test_waiting_units_get_what_arrived() -> None:
    given(order("1 A W1 backordered 2")).when(reserve({"A@W1": 5})).then(reserved("1 A W1 backordered>reserved 2"))


def test_what_does_not_suffice_is_given_and_the_rest_waits_on() -> None:
    given(order("1 A W1 backordered 3")).when(reserve({"A@W1": 2})).then(
        reserved("1 A W1 backordered>reserved 2", waits=True)
    )


def test_units_may_be_served_from_another_place_than_they_waited_for() -> None:
    given(order("1 A W1 backordered 2")).when(reserve({"A@W2": 2})).then(reserved("1 A W1>W2 backordered>reserved 2"))


def test_one_sku_on_two_lines_gets_no_unit_twice() -> None:
    before = order("1 A W1 backordered 2", "2 A W1 backordered 2", "3 B W1 reserved 1")
    given(before).when(reserve({"A@W1": 3})).then(
        reserved("1 A W1 backordered>reserved 2", "2 A W1 backordered>reserved 1", waits=True)
    )


def test_units_of_other_skus_wait_on() -> None:
    before = order("1 A W1 backordered 1", "2 B W1 backordered 1")
    given(before).when(reserve({"A@W1": 9, "B@W1": 9})).then(reserved("1 A W1 backordered>reserved 1", waits=True))


def test_without_stock_nothing_happens() -> None:
    given(order("1 A W1 backordered 2")).when(reserve({})).then()


def test_an_order_that_waits_for_nothing_gets_nothing() -> None:
    given(order("1 A W1 reserved 2", "1 A W2 canceled 1")).when(reserve({"A@W1": 5})).then()


def test_the_hold_for_missing_stock_ends_with_the_last_waiting_unit() -> None:
    hold = Hold(reason=HoldReason.MISSING_STOCK, since=NOW, expires_at=None)
    before = order("1 A W1 backordered 2", holds=(hold,))
    partly = given(before).when(reserve({"A@W1": 1})).event(BackorderReserved)
    assert (partly.holds, partly.release_at) == ((hold,), None)
    wholly = given(before).when(reserve({"A@W1": 2})).event(BackorderReserved)
    assert (wholly.holds, wholly.release_at) == ((), RELEASE)
