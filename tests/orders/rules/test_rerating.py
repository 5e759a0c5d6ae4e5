"""What another way costs: the tariff for what the goods are worth, of a method that takes what it was chosen for."""

import msgspec
import pytest
from tests.scenario import LYON, facts, line, order

from aftercart.orders.model import Delivery, Order
from aftercart.orders.rules.rerating import rerated
from aftercart.shipping.model import FreeFrom, Ineligible, Zone
from aftercart.shipping.rules.defaults import DEFAULT_METHODS
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable

COLISSIMO = next(method for method in DEFAULT_METHODS if method.code == "colissimo-home")


def to_lyon(before: Order, **method: object) -> Delivery:
    methods = {"colissimo-home": msgspec.structs.replace(COLISSIMO, **method)}
    unrated = msgspec.structs.replace(before, delivery=msgspec.structs.replace(before.delivery, rating=None))
    delivery = msgspec.structs.replace(unrated.delivery, address=LYON)
    return rerated(unrated, delivery, facts(methods=methods), param="address")


def test_goods_are_worth_what_they_cost_after_their_discount() -> None:
    before = order("1 A W1 reserved 3", lines=[line(1, "A", 3, discount_minor=1_500)])
    free = (FreeFrom(zone=Zone.FRANCE, value_minor=2_500),)
    assert to_lyon(before, free_from=free).price_minor > 0
    assert to_lyon(order("1 A W1 reserved 3"), free_from=free).price_minor == 0


def test_a_method_that_is_offered_no_more_takes_what_it_was_chosen_for() -> None:
    before = order("1 A W1 reserved 1")
    assert to_lyon(before, active=False) == to_lyon(before)


def test_what_a_method_does_not_take_is_refused_for_the_field_that_was_changed() -> None:
    heavy = order("1 A W1 reserved 1", lines=[line(1, "A", 1, weight_grams=31_000)])
    with pytest.raises(DeliveryMethodNotAvailable) as refused:
        to_lyon(heavy)
    assert (refused.value.ineligible, refused.value.param) == (Ineligible.TOO_HEAVY, "address")
