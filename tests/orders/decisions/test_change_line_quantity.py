"""More or fewer units of a line: more cost what the line costs and need stock, fewer are freed."""

from collections.abc import Callable

import pytest
from tests.scenario import BACKORDERS, NOW, ORDER_ID, RELEASE, facts, line, moves, order, units
from tests.story import given

from aftercart.kit.money import MINOR_UNITS_MAX
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.change_line_quantity import ORDERED_MAX, ChangeLineQuantity, change_line_quantity
from aftercart.orders.events import LineQuantityChanged
from aftercart.orders.evolve import evolve
from aftercart.orders.model import (
    QUANTITY_MAX,
    ChangeKind,
    ChangeRule,
    ChangeUntil,
    Hold,
    HoldReason,
    Order,
    Policy,
)
from aftercart.orders.rules.aftermath import OrderTooExpensive
from aftercart.orders.rules.change_refusals import LineAlreadyCanceled, OrderAlreadyCanceled, UnitsAlreadyTouched
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.holds import PAYMENT_WAIT
from aftercart.orders.rules.stock_for_lines import InsufficientStock, MissingStock, NowhereToShipFrom
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable


def to(
    quantity: int, *, line: int = 1, source: Facts | None = None
) -> Callable[[Order], tuple[LineQuantityChanged, ...]]:
    command = ChangeLineQuantity(order_id=ORDER_ID, line=line, quantity=quantity)
    served_from = source or facts({"A@W1": 10})

    def decide(order: Order) -> tuple[LineQuantityChanged, ...]:
        return change_line_quantity(command, order, facts=served_from)

    return decide


def changed(
    previous: int, quantity: int, *entries: str, holds: tuple[Hold, ...] = (), waits: bool = False
) -> LineQuantityChanged:
    return LineQuantityChanged(
        moves=moves(*entries),
        holds=holds,
        release_at=None if waits else RELEASE,
        line=1,
        previous_quantity=previous,
        quantity=quantity,
    )


def test_more_units_are_reserved() -> None:
    given(order("1 A W1 reserved 2")).when(to(5)).then(changed(2, 5, "1 A W1 new>reserved 3"))


def test_more_units_grow_what_was_ordered_and_fewer_do_not_shrink_it() -> None:
    before = order("1 A W1 reserved 2")
    more = evolve(before, changed(2, 5, "1 A W1 new>reserved 3"), order_id=ORDER_ID)
    fewer = evolve(more, changed(5, 1, "1 A W1 reserved>canceled 4"), order_id=ORDER_ID)
    assert [more.lines[0].ordered, fewer.lines[0].ordered] == [5, 5]
    assert fewer.units == units("1 A W1 canceled 4", "1 A W1 reserved 1")


def test_more_units_come_first_from_where_the_order_is_served_already() -> None:
    source = facts({"A@W1": 10, "A@W2": 10})
    given(order("1 A W2 reserved 2")).when(to(3, source=source)).then(changed(2, 3, "1 A W2 new>reserved 1"))


def test_a_place_that_only_served_canceled_units_is_not_preferred() -> None:
    source = facts({"A@W1": 10, "A@W2": 10})
    before = order("1 A W1 reserved 1", "1 A W2 canceled 1")
    given(before).when(to(2, source=source)).then(changed(1, 2, "1 A W1 new>reserved 1"))


def test_fewer_units_are_taken_from_those_waiting_then_held_then_given_to_the_floor() -> None:
    before = order("1 A W1 backordered 1", "1 A W1 released 3", "1 A W1 reserved 2")
    taken = (
        "1 A W1 backordered>canceled 1",
        "1 A W1 reserved>canceled 2",
        "1 A W1 released>canceled 1",
    )
    given(before).when(to(2)).then(changed(6, 2, *taken, waits=True))


def test_the_quantity_that_is_wanted_already_changes_nothing() -> None:
    given(order("1 A W1 reserved 2", "1 A W1 canceled 3")).when(to(2)).then()


def test_a_total_above_what_is_authorized_waits_for_its_payment() -> None:
    before = order("1 A W1 reserved 1", payment={"method": "card", "authorized_minor": 1000})
    hold = Hold(reason=HoldReason.PAYMENT, since=NOW, expires_at=NOW + PAYMENT_WAIT)
    given(before).when(to(2)).then(changed(1, 2, "1 A W1 new>reserved 1", holds=(hold,), waits=True))


def test_a_total_within_what_is_authorized_ends_the_wait_for_payment() -> None:
    hold = Hold(reason=HoldReason.PAYMENT, since=NOW, expires_at=NOW + PAYMENT_WAIT)
    before = order("1 A W1 reserved 2", payment={"method": "card", "authorized_minor": 1000}, holds=(hold,))
    given(before).when(to(1)).then(changed(2, 1, "1 A W1 reserved>canceled 1"))


def test_missing_units_wait_where_the_channel_allows_it() -> None:
    source = facts({"A@W1": 1}, channel=BACKORDERS)
    expected = changed(2, 5, "1 A W1 new>reserved 1", "1 A W1 new>backordered 2", waits=True)
    given(order("1 A W1 reserved 2")).when(to(5, source=source)).then(expected)


def test_missing_units_are_refused_with_what_is_left() -> None:
    missing = (MissingStock(sku="A", requested=3, available=2),)
    source = facts({"A@W1": 1, "A@W2": 1})
    given(order("1 A W1 reserved 2")).when(to(5, source=source)).then_refused(
        InsufficientStock, param="quantity", missing=missing
    )


def test_fewer_units_need_no_place_to_ship_from() -> None:
    given(order("1 A W1 reserved 2")).when(to(1, source=facts(candidates=()))).then(
        changed(2, 1, "1 A W1 reserved>canceled 1")
    )


def test_more_units_need_a_place_to_ship_from() -> None:
    given(order("1 A W1 reserved 2")).when(to(3, source=facts(candidates=()))).then_refused(NowhereToShipFrom)


@pytest.mark.parametrize("quantity", [-1, 0, QUANTITY_MAX + 1, 2**63])
def test_a_quantity_that_cannot_be_is_refused(quantity: int) -> None:
    given(order("1 A W1 reserved 2")).when(to(quantity)).then_refused(Invalid, param="quantity", got=quantity)


def test_a_line_that_was_changed_up_and_down_too_often_grows_no_further() -> None:
    before = order(f"1 A W1 canceled {ORDERED_MAX - 3}", "1 A W1 reserved 2")
    assert given(before).when(to(3)).event(LineQuantityChanged).quantity == 3
    given(before).when(to(4)).then_refused(Invalid, param="quantity", expected="a number from 1 to 3")


@pytest.mark.parametrize("number", [-1, 0, 2])
def test_a_line_the_order_does_not_have_is_refused(number: int) -> None:
    given(order("1 A W1 reserved 2")).when(to(1, line=number)).then_refused(Invalid, param="line", got=number)


def test_a_canceled_line_cannot_grow_again() -> None:
    before = order("1 A W1 canceled 2", "2 B W1 reserved 1")
    given(before).when(to(1)).then_refused(LineAlreadyCanceled, param="line", number=before.number, line=1)


def test_a_canceled_order_cannot_grow_again() -> None:
    before = order("1 A W1 canceled 2")
    given(before).when(to(1)).then_refused(OrderAlreadyCanceled, number=before.number)


def test_a_line_whose_units_have_all_left_is_left_alone() -> None:
    before = order("1 A W1 shipped 2")
    given(before).when(to(1)).then_refused(UnitsAlreadyTouched, number=before.number, line=1, stage="shipped")


def test_units_in_hand_are_intercepted_when_no_others_are_left() -> None:
    before = order("1 A W1 packed 2", "1 A W1 picked 1", "1 A W1 reserved 2")
    given(before).when(to(3)).then(changed(5, 3, "1 A W1 reserved>canceled 2", waits=True))
    taken = ("1 A W1 reserved>canceled 2", "1 A W1 picked>intercepted 1", "1 A W1 packed>intercepted 1")
    given(before).when(to(1)).then(changed(5, 1, *taken, waits=True))


def test_only_untouched_units_are_taken_back_where_the_merchant_says_so() -> None:
    rule = ChangeRule(change=ChangeKind.CHANGE_LINE_QUANTITY, until=ChangeUntil.TOUCHED)
    source = facts({"A@W1": 10}, policy=Policy(changes=(rule,)))
    before = order("1 A W1 packed 2", "1 A W1 reserved 2")
    given(before).when(to(2, source=source)).then(changed(4, 2, "1 A W1 reserved>canceled 2", waits=True))
    given(before).when(to(1, source=source)).then_refused(UnitsAlreadyTouched, line=1, stage="packed")
    given(order("1 A W1 picked 2")).when(to(3, source=source)).then_refused(UnitsAlreadyTouched, stage="picked")


def test_what_was_intercepted_is_wanted_again_as_new_units() -> None:
    before = order("1 A W1 intercepted 1", "1 A W1 picked 1")
    event = given(before).when(to(2)).event(LineQuantityChanged)
    assert event.moves == moves("1 A W1 new>reserved 1")
    assert evolve(before, event, order_id=ORDER_ID).lines[0].ordered == 3


def test_a_total_above_the_largest_amount_is_refused() -> None:
    dear = order("1 A W1 reserved 1", lines=[line(1, "A", 1, unit_price_minor=MINOR_UNITS_MAX)])
    given(dear).when(to(2)).then_refused(OrderTooExpensive, param="lines", total_minor=2 * MINOR_UNITS_MAX)


def table(ordered: int, *, grams: int) -> Order:
    return order(f"1 A W1 reserved {ordered}", lines=[line(1, "A", ordered, weight_grams=grams)])


def test_what_becomes_too_heavy_for_its_method_is_refused() -> None:
    refused = {"param": "quantity", "method": "colissimo-home", "ineligible": "too_heavy"}
    given(table(1, grams=28_000)).when(to(2)).then_refused(DeliveryMethodNotAvailable, **refused)
    assert given(table(1, grams=15_000)).when(to(2)).event(LineQuantityChanged).quantity == 2


def test_what_was_too_heavy_already_may_be_more_or_less() -> None:
    agreed = table(2, grams=28_000)
    assert given(agreed).when(to(3)).event(LineQuantityChanged).quantity == 3
    assert given(agreed).when(to(1)).event(LineQuantityChanged).quantity == 1
