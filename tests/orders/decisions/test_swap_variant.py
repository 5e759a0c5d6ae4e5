"""The other size is wanted: new units are held before the old ones are freed, and the difference is paid."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.scenario import ORDER_ID, eur, facts, line, moves, order, variant
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity, change_line_quantity
from aftercart.orders.decisions.swap_variant import SwapVariant, swap_variant
from aftercart.orders.events import VariantSwapped
from aftercart.orders.evolve import evolve
from aftercart.orders.model import ChangeKind, ChangeRule, ChangeUntil, Order, Policy, PriceMode, Replacement
from aftercart.orders.rules.change_refusals import LineAlreadyCanceled, UnitsAlreadyTouched
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.stock_for_lines import InsufficientStock
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable

SIZES = {
    "A": variant("A", product="shoe", substitutes=["C"]),
    "B": variant("B", product="shoe", price_minor=1200),
    "C": variant("C", product="boot", price_minor=1500),
    "D": variant("D", product="hat"),
}
DOLLARS = {"A": 1000, "B": 1200, "C": 1000}
SHELVES = facts({"B@W1": 9, "B@W2": 9, "C@W1": 9, "D@W1": 9, "A@W1": 9}, variants=SIZES)


def shoe(number: int, sku: str, ordered: int, **changes: object) -> Any:
    return line(number, sku, ordered, product="shoe", **changes)


def swap(source: Facts = SHELVES, **wish: Any) -> Callable[[Order], tuple[VariantSwapped, ...]]:
    command = msgspec.convert({"order_id": str(ORDER_ID), "line": 1, "sku": "B"} | wish, SwapVariant)
    return lambda order: swap_variant(command, order, facts=source)


def after(order: Order, swapped: Callable[[Order], tuple[VariantSwapped, ...]]) -> Order:
    return evolve(order, given(order).when(swapped).event(VariantSwapped), order_id=ORDER_ID)


def test_new_units_are_held_before_the_old_ones_are_freed_and_cost_what_they_cost_more() -> None:
    before = order("1 A W1 reserved 2", lines=[shoe(1, "A", 2)])
    event = given(before).when(swap()).event(VariantSwapped)
    assert event.moves == moves("2 B W1 new>reserved 2", "1 A W1 reserved>canceled 2")
    assert event.new_line == line(
        2, "B", 2, product="shoe", unit_price_minor=1200, replaces=1, replacement=Replacement.VARIANT_SWAP
    )
    assert event.price is PriceMode.PAY_DIFFERENCE
    assert (before.total_minor, after(before, swap()).total_minor) == (2000, 2400)


def test_a_cheaper_one_costs_what_was_paid_and_leads_to_no_cheaper_way() -> None:
    before = order("1 B W1 reserved 1", lines=[shoe(1, "B", 1, unit_price_minor=900)])
    cheaper = after(before, swap(sku="A"))
    assert cheaper.total_minor == before.total_minor == 900
    assert after(cheaper, swap(line=2, sku="B")).total_minor == 900


def test_what_an_agent_asked_for_it_is_what_the_difference_comes_on_top_of() -> None:
    before = order("1 A W1 reserved 1", lines=[shoe(1, "A", 1)])
    present = after(before, swap(pricing={"price": "keep_paid"}))
    assert present.total_minor == 1000
    assert after(present, swap(line=2, sku="A")).total_minor == 1000
    wish = {"price": "override", "unit_price": eur(500), "price_reason": "sorry"}
    sorry = after(before, swap(pricing=wish))
    assert after(sorry, swap(line=2, sku="A")).total_minor == 500


def test_a_difference_in_another_currency_is_left_to_agents() -> None:
    dollars = {sku: variant(sku, product="shoe", currency="USD", price_minor=price) for sku, price in DOLLARS.items()}
    shelves = facts({"B@W1": 9, "C@W1": 9}, variants=dollars)
    before = order("1 A W1 reserved 1", lines=[shoe(1, "A", 1)])
    given(before).when(swap(shelves)).then_refused(Invalid, param="price")
    assert after(before, swap(shelves, pricing={"price": "keep_paid"})).total_minor == 1000
    assert after(before, swap(shelves, sku="C")).total_minor == 1000


def test_some_of_a_line_may_be_exchanged() -> None:
    before = order("1 A W1 reserved 3", lines=[shoe(1, "A", 3)])
    event = given(before).when(swap(quantity=1)).event(VariantSwapped)
    assert event.moves == moves("2 B W1 new>reserved 1", "1 A W1 reserved>canceled 1")


def test_what_lies_in_hand_is_exchanged_too_and_intercepted() -> None:
    before = order("1 A W1 picked 1", "1 A W1 reserved 2", lines=[shoe(1, "A", 3)])
    taken = moves("2 B W1 new>reserved 3", "1 A W1 reserved>canceled 2", "1 A W1 picked>intercepted 1")
    event = given(before).when(swap()).event(VariantSwapped)
    assert (event.quantity, event.moves) == (3, taken)
    assert after(before, swap()).total_minor == 3 * 1200


def test_only_what_has_not_left_is_exchanged_without_a_quantity() -> None:
    before = order("1 A W1 shipped 1", "1 A W1 packed 2", lines=[shoe(1, "A", 3)])
    assert given(before).when(swap()).event(VariantSwapped).quantity == 2
    given(before).when(swap(quantity=3)).then_refused(UnitsAlreadyTouched, stage="shipped")


def test_only_what_no_hand_touched_is_exchanged_where_the_merchant_says_so() -> None:
    rule = ChangeRule(change=ChangeKind.SWAP_VARIANT, until=ChangeUntil.TOUCHED)
    source = facts({"B@W1": 9}, variants=SIZES, policy=Policy(changes=(rule,)))
    before = order("1 A W1 picked 1", "1 A W1 reserved 2", lines=[shoe(1, "A", 3)])
    assert given(before).when(swap(source)).event(VariantSwapped).quantity == 2
    given(before).when(swap(source, quantity=3)).then_refused(UnitsAlreadyTouched, stage="picked")


def test_the_current_price_or_an_agents_price_may_be_asked_for() -> None:
    before = order("1 A W1 reserved 1", lines=[shoe(1, "A", 1)])
    assert after(before, swap(pricing={"price": "current"})).total_minor == 1200
    wish = {"price": "override", "unit_price": eur(1), "price_reason": "sorry"}
    assert after(before, swap(pricing=wish)).total_minor == 1


def test_a_substitute_is_told_from_another_size_and_anything_else_is_refused() -> None:
    before = order("1 A W1 reserved 1", lines=[shoe(1, "A", 1)])
    event = given(before).when(swap(sku="C")).event(VariantSwapped)
    assert event.new_line.replacement is Replacement.SUBSTITUTE
    for sku in ("D", "A", "Z"):
        given(before).when(swap(sku=sku)).then_refused(Invalid, param="sku", got=sku)


def test_without_stock_of_the_other_size_everything_stays() -> None:
    before = order("1 A W1 reserved 2", lines=[shoe(1, "A", 2)])
    given(before).when(swap(facts({"B@W1": 1}, variants=SIZES))).then_refused(InsufficientStock)


def test_a_canceled_line_is_not_exchanged() -> None:
    before = order("1 A W1 canceled 1", "2 D W1 reserved 1", lines=[shoe(1, "A", 1), line(2, "D", 1)])
    given(before).when(swap()).then_refused(LineAlreadyCanceled)


@for_all(
    ordered=st.integers(1, 7),
    discount=st.integers(0, 999),
    steps=st.lists(st.tuples(st.integers(1, 7), st.sampled_from("AB")), max_size=5),
)
def test_by_which_way_pieces_are_exchanged_does_not_matter_and_back_moves_no_money(
    ordered: int, discount: int, steps: list[Any]
) -> None:
    lines = [shoe(1, "A", ordered, discount_minor=discount, discount_units=ordered)]
    before = now = order(f"1 A W1 reserved {ordered}", lines=lines)
    for wanted, sku in steps:
        number = next(
            (
                one.line
                for one in now.lines
                if one.sku != sku and any(u.line == one.line and u.stage == "reserved" for u in now.units)
            ),
            None,
        )
        if number is None:
            continue
        live = sum(one.quantity for one in now.units if one.line == number and one.stage == "reserved")
        now = after(now, swap(line=number, sku=sku, quantity=min(wanted, live)))
        dearer = sum(
            one.quantity for one in now.units if now.lines[one.line - 1].sku == "B" and one.stage == "reserved"
        )
        assert now.total_minor == before.total_minor + 200 * dearer


def test_what_an_exchange_took_along_is_not_given_again_to_pieces_that_are_wanted_later() -> None:
    before = order("1 A W1 reserved 2", lines=[shoe(1, "A", 2, discount_minor=101, discount_units=2)])
    swapped = after(before, swap(quantity=1, pricing={"price": "keep_paid"}))
    assert [(one.discount_minor, one.discount_units) for one in swapped.lines] == [(51, 1), (50, 1)]
    more = ChangeLineQuantity(order_id=ORDER_ID, line=1, quantity=3)
    (event,) = change_line_quantity(more, swapped, facts=SHELVES)
    assert evolve(swapped, event, order_id=ORDER_ID).total_minor == before.total_minor + 2 * 1000


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_below_one_is_refused_before_it_is_decided(quantity: int) -> None:
    with pytest.raises(msgspec.ValidationError):
        swap(quantity=quantity)


def test_what_becomes_too_heavy_for_its_method_is_refused() -> None:
    stone = SIZES | {"B": variant("B", product="shoe", weight_grams=15_100)}
    heavy = facts({"B@W1": 9}, variants=stone)
    before = order("1 A W1 reserved 2", lines=[shoe(1, "A", 2)])
    given(before).when(swap(heavy)).then_refused(DeliveryMethodNotAvailable, param="sku", ineligible="too_heavy")
    assert given(before).when(swap(heavy, quantity=1)).event(VariantSwapped).quantity == 1
