"""The price of a delivery by zone, weight and value, or why there is none."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shipping.words import COLISSIMO, COLLECT, EXPRESS, RELAY

from aftercart.shipping.model import DeliveryMethod, FreeFrom, Ineligible, Rate, Zone
from aftercart.shipping.rules.rates import free_from, price_of

FR, EU, WORLD = Zone.FRANCE, Zone.EUROPE, Zone.WORLD
TIERED = msgspec.structs.replace(
    COLISSIMO,
    rates=(
        Rate(zone=FR, weight_grams_max=1_000, value_minor_min=5_000, price_minor=100),  # light and dear
        Rate(zone=FR, weight_grams_max=1_000, price_minor=300),
        Rate(zone=EU, value_minor_min=2_000, price_minor=900),
        Rate(zone=FR, weight_grams_max=10_000, price_minor=700),
    ),
    free_from=(FreeFrom(zone=FR, value_minor=20_000),),
    weight_grams_max=20_000,
)


def price(method: DeliveryMethod, zone: Zone, grams: int, value: int = 1_000, currency: str = "EUR") -> object:
    return price_of(method, zone=zone, weight_grams=grams, value_minor=value, currency=currency)


@pytest.mark.parametrize(
    ("zone", "grams", "value", "expected"),
    [
        (FR, 1_000, 4_999, 300),
        (FR, 1_000, 5_000, 100),
        (FR, 1_001, 5_000, 700),
        (FR, 10_000, 0, 700),
        (FR, 10_001, 0, Ineligible.TOO_HEAVY),
        (FR, 1, 19_999, 100),
        (FR, 1, 20_000, 0),
        (FR, 10_001, 20_000, Ineligible.TOO_HEAVY),  # free, but too heavy all the same
        (EU, 1, 2_000, 900),
        (EU, 1, 1_999, Ineligible.VALUE_TOO_LOW),
        (EU, 20_000, 2_000, 900),
        (EU, 20_001, 2_000, Ineligible.TOO_HEAVY),
        (WORLD, 1, 1, Ineligible.NOT_IN_ZONE),
    ],
)
def test_the_first_rate_that_fits_counts(zone: Zone, grams: int, value: int, expected: object) -> None:
    assert price(TIERED, zone, grams, value) == expected


def test_an_inactive_method_and_another_currency_come_first() -> None:
    assert price(msgspec.structs.replace(TIERED, active=False), FR, 1) is Ineligible.INACTIVE
    assert price(TIERED, FR, 1, currency="CHF") is Ineligible.WRONG_CURRENCY


def test_the_threshold_is_that_of_the_zone() -> None:
    assert (free_from(TIERED, FR), free_from(TIERED, EU)) == (20_000, None)


@pytest.mark.parametrize(
    ("method", "zones", "least", "most"),
    [
        (COLISSIMO, {FR, EU}, 600, 1_000),
        (EXPRESS, {FR, EU, WORLD}, 1_500, 2_500),
        (RELAY, {FR, EU}, 400, 700),
        (COLLECT, {FR, EU, WORLD}, 0, 0),
    ],
)
def test_what_is_built_in_keeps_to_what_the_carriers_ask(
    method: DeliveryMethod, zones: set[Zone], least: int, most: int
) -> None:
    assert {rate.zone for rate in method.rates} == zones
    assert {one.zone for one in method.transit} == (zones if method is not COLLECT else set())
    prices = [rate.price_minor for rate in method.rates]
    assert (min(prices), max(prices)) == (least, most)


@given(st.sampled_from(Zone), st.integers(0, 40_000), st.integers(0, 40_000), st.integers(0, 30_000))
def test_lighter_never_costs_more(zone: Zone, grams: int, less: int, value: int) -> None:
    lighter, heavier = sorted((grams, less))
    for method in (COLISSIMO, EXPRESS, RELAY, COLLECT):
        small, large = price(method, zone, lighter, value), price(method, zone, heavier, value)
        if isinstance(large, int):
            assert isinstance(small, int)
            assert small <= large
