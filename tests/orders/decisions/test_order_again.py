"""A canceled order is placed again, with changes, and nobody enters a cart a second time."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.scenario import NOW, ORDER_ID, PARIS, eur, facts, line, moves, order
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.order_again import OrderAgain, order_again
from aftercart.orders.events import OrderPlaced
from aftercart.orders.model import HoldReason, Order
from aftercart.orders.rules.facts import Asker, Facts
from aftercart.orders.rules.stock_for_lines import InsufficientStock

STOCK = facts({"A@W1": 9, "B@W1": 9})


def again(source: Facts = STOCK, **wish: Any) -> Callable[[Order], OrderPlaced]:
    command = msgspec.convert({"order_id": str(ORDER_ID)} | wish, OrderAgain)
    return lambda order: order_again(command, order, number="BBBBB-BBBBB", fingerprint="g", facts=source)


def test_all_of_a_canceled_order_is_placed_again_at_current_prices() -> None:
    lines = [line(1, "A", 2, unit_price_minor=700, discount_minor=100, gift_message="Merci")]
    canceled = order("1 A W1 canceled 2", lines=lines)
    placed = given(canceled).when(again()).event(OrderPlaced)
    assert placed.moves == moves("1 A W1 new>reserved 2")
    assert placed.lines == (line(1, "A", 2, gift_message="Merci"),)
    assert (placed.again_of, placed.number, placed.reference) == (ORDER_ID, "BBBBB-BBBBB", None)
    assert (placed.customer, placed.delivery.address, placed.placed_at) == (canceled.customer, PARIS, NOW)


def test_only_what_is_still_wanted_of_a_living_order_is_placed_again() -> None:
    before = order("1 A W1 canceled 1", "2 B W1 canceled 1", "2 B W1 delivered 2")
    assert [(one.sku, one.ordered) for one in given(before).when(again()).event(OrderPlaced).lines] == [("B", 2)]


def test_it_waits_to_be_paid_unless_staff_says_what_is_authorized() -> None:
    before = order("1 A W1 canceled 1")
    (hold,) = given(before).when(again()).event(OrderPlaced).holds
    assert hold.reason is HoldReason.PAYMENT
    paid = {"method": "card", "authorized": eur(1600)}
    assert given(before).when(again(payment=paid)).event(OrderPlaced).holds == ()
    theirs = facts({"A@W1": 9}, asker=Asker.CUSTOMER)
    given(before).when(again(theirs, payment=paid)).then_refused(Invalid, param="payment")
    assert given(before).when(again(theirs)).event(OrderPlaced).payment.authorized_minor == 0


@pytest.mark.parametrize(
    ("param", "lines", "delivery"),
    [
        ("lines[1].unit_price", {"unit_price": eur(1)}, {}),
        ("lines[1].discount", {"discount": eur(999)}, {}),
        ("lines[1].promotion", {"promotion": "TEN"}, {}),
        ("delivery.price", {}, {"price": eur(0)}),
        ("delivery.promised_date", {}, {"promised_date": "2026-03-02"}),
    ],
)
def test_customers_do_not_make_their_own_terms(param: str, lines: Any, delivery: Any) -> None:
    wish = {
        "lines": [{"sku": "B", "quantity": 1}, {"sku": "A", "quantity": 1} | lines],
        "delivery": {"method": "colissimo-home", "address": msgspec.to_builtins(PARIS)} | delivery,
    }
    theirs = facts({"A@W1": 9, "B@W1": 9}, asker=Asker.CUSTOMER)
    given(order("1 A W1 canceled 1")).when(again(theirs, **wish)).then_refused(Invalid, param=param)


def test_other_lines_and_another_way_may_be_wanted() -> None:
    wish = {"lines": [{"sku": "B", "quantity": 1}], "delivery": {"method": "store-pickup", "pickup_point": "S1"}}
    source = facts({"B@S1": 1}, candidates=("S1",))
    placed = given(order("1 A W1 canceled 1")).when(again(source, **wish)).event(OrderPlaced)
    assert (placed.moves, placed.delivery.pickup_point) == (moves("1 B S1 new>reserved 1"), "S1")


def test_what_is_gone_is_not_sold_again() -> None:
    given(order("1 A W1 canceled 1")).when(again(facts({}))).then_refused(InsufficientStock)
