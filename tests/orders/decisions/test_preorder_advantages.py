"""What ordering early brought stays while the goods are awaited: free delivery any way, a discount on every piece."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from tests.scenario import BACKORDERS, NOW, ORDER_ID, PARIS, TO_PARIS, cart, eur, facts, line, variant

from aftercart.catalog.model import Advantage
from aftercart.inventory.model import Stage
from aftercart.kit.money import Money
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress, change_delivery_address
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod, change_delivery_method
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity, change_line_quantity
from aftercart.orders.decisions.place_order import place_order
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order, OrderLine, PriceMode, Pricing
from aftercart.orders.rules.advantages import with_more_pieces
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.totals import discount_of, totals_of

METHODS: dict[str, dict[str, Any]] = {
    "colissimo-home": {"address": PARIS},
    "chronopost-express": {"address": PARIS},
    "mondial-relay-point": {"pickup_point": "P1"},
}
TARIFFS = {"colissimo-home": 600, "chronopost-express": 1500, "mondial-relay-point": 400}
REUNION = msgspec.structs.replace(PARIS, postcode="97400", city="Saint-Denis")


def shop(**advantage: Any) -> Facts:
    early = variant("A", kind="preorder", available_from="2026-05-01", advantage=Advantage(**advantage))
    return facts({"B@W1": 9}, variants={"A": early, "B": variant("B")}, channel=BACKORDERS)


FREE = shop(free_delivery=True)
TENTH = shop(discount_bps=1_000)


def placed(source: Facts, *lines: dict[str, Any], method: str = "colissimo-home", price: int | None = None) -> Order:
    delivery: dict[str, Any] = {"method": method, "address": TO_PARIS}
    delivery |= {} if price is None else {"price": eur(price)}
    command = cart(*lines or ({"sku": "A"},), delivery=delivery)
    event = place_order(command, number="AAAAA-AAAAA", fingerprint="f", facts=source)
    return evolve(None, event, order_id=ORDER_ID)


def by(before: Order, method: str, source: Facts = FREE) -> Order:
    wish = {"order_id": ORDER_ID, "method": method, **METHODS[method]}
    command = msgspec.convert(wish, ChangeDeliveryMethod, from_attributes=True)
    after = before
    for event in change_delivery_method(command, before, facts=source):
        after = evolve(after, event, order_id=ORDER_ID)
    return after


def have(before: Order, quantity: int, source: Facts = TENTH, **pricing: Any) -> Order:
    command = ChangeLineQuantity(order_id=ORDER_ID, line=1, quantity=quantity, pricing=Pricing(**pricing))
    (event,) = change_line_quantity(command, before, facts=source)
    return evolve(before, event, order_id=ORDER_ID)


def arrived(order: Order) -> Order:
    units = tuple(msgspec.structs.replace(one, stage=Stage.RESERVED) for one in order.units)
    return msgspec.structs.replace(order, units=units)


def delivery_of(order: Order) -> int:
    return totals_of(order).delivery_minor


def test_while_a_preorder_is_awaited_its_delivery_is_free_by_any_method() -> None:
    order = placed(FREE)
    assert [delivery_of(by(order, method)) for method in METHODS] == [0, 0, 0]


def test_another_address_is_free_too() -> None:
    order = by(placed(FREE), "chronopost-express")
    command = ChangeDeliveryAddress(order_id=ORDER_ID, address=REUNION)
    (event,) = change_delivery_address(command, order, facts=FREE)
    assert delivery_of(evolve(order, event, order_id=ORDER_ID)) == 0


def test_once_it_is_there_a_dearer_way_costs_the_difference_and_what_was_free_stays_free() -> None:
    there = arrived(placed(FREE))
    assert delivery_of(by(there, "chronopost-express")) == 1500 - 600
    assert delivery_of(by(there, "mondial-relay-point")) == 0
    express = arrived(by(placed(FREE), "chronopost-express"))
    assert delivery_of(by(by(express, "mondial-relay-point"), "chronopost-express")) == 0


def test_the_line_that_is_awaited_must_be_the_one_that_makes_it_free() -> None:
    order = placed(FREE, {"sku": "A"}, {"sku": "B", "quantity": 10})
    assert delivery_of(order) == 0
    units = tuple(msgspec.structs.replace(one, stage=Stage.CANCELED) if one.sku == "A" else one for one in order.units)
    assert any(one.stage is Stage.BACKORDERED for one in units)
    assert delivery_of(by(msgspec.structs.replace(order, units=units), "chronopost-express")) > 0


def test_a_price_of_the_shops_own_is_not_made_free() -> None:
    order = placed(FREE, price=500)
    assert delivery_of(by(order, "chronopost-express")) == 1500 - 100


def test_without_the_advantage_every_way_costs_its_tariff() -> None:
    order = placed(TENTH)
    assert [delivery_of(by(order, method, TENTH)) for method in METHODS] == [*TARIFFS.values()]


@pytest.mark.parametrize("arrives", ["never", "before", "between"])
@pytest.mark.parametrize("ways", list(permutations(METHODS, 3)))
def test_there_and_back_moves_no_money(ways: tuple[str, str, str], arrives: str) -> None:
    first, second, there = ways
    if first == "mondial-relay-point":
        first = "colissimo-home"
    order = by(placed(FREE, method=first), second)
    order = arrived(order) if arrives == "before" else order
    gone = by(order, there)
    gone = arrived(gone) if arrives == "between" else gone
    back = by(gone, second)
    assert totals_of(back) == totals_of(order)


def test_more_of_a_preorder_get_its_discount_and_fewer_take_it_back() -> None:
    order = placed(TENTH, {"sku": "A", "quantity": 2})
    assert totals_of(order).discount_minor == 200
    more = have(order, 5)
    assert (totals_of(more).discount_minor, totals_of(more).items_minor) == (500, 5_000)
    assert totals_of(have(more, 2)) == totals_of(order)
    assert totals_of(have(have(more, 1), 5)) == totals_of(more)


def test_what_is_no_preorder_any_more_gets_no_further_discount() -> None:
    order = placed(TENTH, {"sku": "A", "quantity": 2})
    late = msgspec.structs.replace(TENTH, now=NOW + timedelta(days=90))
    assert totals_of(have(order, 5, late)).discount_minor == 200
    plain = msgspec.structs.replace(TENTH, variants={"A": variant("A")})
    assert totals_of(have(order, 5, plain)).discount_minor == 200


@pytest.mark.parametrize("discount", [0, 300])
def test_a_discount_of_the_shops_own_does_not_grow(discount: int) -> None:
    order = placed(TENTH, {"sku": "A", "quantity": 2, "discount": eur(discount)})
    assert totals_of(have(order, 5)).discount_minor == discount


def test_a_price_of_an_agents_own_brings_no_further_discount() -> None:
    order = placed(TENTH, {"sku": "A", "quantity": 2})
    own = Money(minor_units=900, currency="EUR")
    cheaper = have(order, 4, TENTH, price=PriceMode.OVERRIDE, unit_price=own, price_reason="as told")
    assert totals_of(cheaper).discount_minor == 200


def grown(before: OrderLine, previous: int, quantity: int, source: Facts) -> OrderLine:
    pricing = with_more_pieces(before, previous=previous, quantity=quantity, facts=source)
    return msgspec.structs.replace(
        before, discount_minor=pricing.discount_minor, discount_units=pricing.discount_units, ordered=quantity
    )


@drawn(price=st.integers(10, 9_999), ordered=st.integers(1, 20), steps=st.lists(st.integers(1, 30), max_size=6))
def test_whatever_the_way_every_piece_keeps_its_share(price: int, ordered: int, steps: list[int]) -> None:
    whole = round(price * ordered / 10)
    one = line(1, "A", ordered, unit_price_minor=price, discount_minor=whole, discount_units=ordered)
    pieces = ordered
    for quantity in steps:
        after = grown(one, pieces, quantity, TENTH)
        for kept in range(max(ordered, pieces) + 1):
            assert discount_of(after, min(kept, one.discount_units)) == discount_of(one, kept)
        assert abs(discount_of(after, quantity) - price * quantity / 10) <= max(quantity, ordered)
        one, pieces = after, quantity
