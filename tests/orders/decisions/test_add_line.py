"""Something else is wanted too: at the current price, from where the order is served already."""

from collections.abc import Callable
from typing import Any

import msgspec
from tests.scenario import ORDER_ID, RELEASE, eur, facts, line, moves, order, units, variant
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.add_line import AddLine, add_line
from aftercart.orders.events import LineAdded
from aftercart.orders.evolve import evolve
from aftercart.orders.model import HoldReason, Order, PriceMode
from aftercart.orders.rules.change_refusals import OrderAlreadyCanceled, OrderAlreadyShipped
from aftercart.orders.rules.facts import Asker, Facts
from aftercart.orders.rules.stock_for_lines import InsufficientStock
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable

TWO_SHELVES = facts({"B@W1": 5, "B@W2": 5})


def add(source: Facts = TWO_SHELVES, **wish: Any) -> Callable[[Order], tuple[LineAdded, ...]]:
    command = msgspec.convert({"order_id": str(ORDER_ID), "sku": "B", "quantity": 2} | wish, AddLine)
    return lambda order: add_line(command, order, facts=source)


def test_the_new_line_costs_what_the_catalog_says_and_comes_from_where_the_order_is_served() -> None:
    expected = LineAdded(
        moves=moves("2 B W2 new>reserved 2"),
        holds=(),
        release_at=RELEASE,
        line=line(2, "B", 2),
        price=PriceMode.CURRENT,
        price_reason=None,
    )
    given(order("1 A W2 reserved 1")).when(add()).then(expected)


def test_after_it_the_order_has_the_line_and_costs_more() -> None:
    before = order("1 A W1 reserved 1")
    after = evolve(before, given(before).when(add()).event(LineAdded), order_id=ORDER_ID)
    assert after.units == units("1 A W1 reserved 1", "2 B W1 reserved 2")
    assert (before.total_minor, after.total_minor) == (1000, 3000)


def test_what_is_not_authorized_holds_the_order() -> None:
    poor = order("1 A W1 reserved 1", payment={"method": "card", "authorized_minor": 1000})
    (hold,) = given(poor).when(add()).event(LineAdded).holds
    assert hold.reason is HoldReason.PAYMENT


def test_an_agent_may_say_what_it_costs_with_a_reason() -> None:
    wish = {"price": "override", "unit_price": eur(500), "price_reason": "as promised on the phone"}
    event = given(order("1 A W1 reserved 1")).when(add(pricing=wish)).event(LineAdded)
    assert (event.line.unit_price_minor, event.price_reason) == (500, "as promised on the phone")


def test_a_price_needs_a_reason_and_somebody_who_may_say_it() -> None:
    before = order("1 A W1 reserved 1")
    given(before).when(add(pricing={"price": "override"})).then_refused(Invalid, param="unit_price")
    given(before).when(add(pricing={"price": "override", "unit_price": eur(1)})).then_refused(
        Invalid, param="price_reason"
    )
    given(before).when(add(pricing={"unit_price": eur(1)})).then_refused(Invalid, param="unit_price")
    given(before).when(add(pricing={"price": "keep_paid"})).then_refused(Invalid, param="price")
    theirs = facts({"B@W1": 5}, asker=Asker.CUSTOMER)
    given(before).when(add(theirs, pricing={"price": "current"})).then_refused(Invalid, param="price")
    given(before).when(add(theirs, pricing={"promotions": "keep"})).then_refused(Invalid, param="promotions")


def test_a_bundle_comes_whole() -> None:
    bundle = variant("SET", kind="bundle", components=[{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 2}])
    source = facts({"A@W1": 3, "B@W1": 4}, variants={"A": variant("A"), "B": variant("B"), "SET": bundle})
    before = order("1 A W1 reserved 1")
    event = given(before).when(add(source, sku="SET", quantity=2)).event(LineAdded)
    assert event.moves == moves("2 A W1 new>reserved 2", "2 B W1 new>reserved 4")
    given(before).when(add(source, sku="SET", quantity=3)).then_refused(InsufficientStock, param="quantity")


def test_an_unknown_sku_and_another_currency_are_refused() -> None:
    before = order("1 A W1 reserved 1")
    given(before).when(add(sku="Z")).then_refused(Invalid, param="sku", got="Z")
    pounds = facts({"B@W1": 5}, variants={"B": variant("B", currency="GBP")})
    given(before).when(add(pounds)).then_refused(Invalid, param="price")


def test_nothing_is_added_to_what_is_canceled_or_gone() -> None:
    given(order("1 A W1 canceled 1")).when(add()).then_refused(OrderAlreadyCanceled)
    given(order("1 A W1 shipped 1")).when(add()).then_refused(OrderAlreadyShipped)


def test_what_becomes_too_heavy_for_its_method_is_refused() -> None:
    heavy = facts({"B@W1": 5}, variants={"B": variant("B", weight_grams=15_000)})
    before = order("1 A W1 reserved 1")
    given(before).when(add(heavy)).then_refused(DeliveryMethodNotAvailable, param="sku", ineligible="too_heavy")
    assert given(before).when(add(heavy, quantity=1)).event(LineAdded).line.weight_grams == 15_000
