"""Variants are added to the catalog, or brought to what their owner describes."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.scenario import given, variant

from aftercart.catalog.decisions.upsert_variants import UpsertVariants, upsert_variants
from aftercart.catalog.events import VariantsUpserted
from aftercart.catalog.model import Variant
from aftercart.kit.commands import UpsertResult
from aftercart.kit.refusal import Invalid

Known = dict[str, Variant]
NOTHING: Known = {}


def described(sku: str, **changes: object) -> dict[str, Any]:
    return {
        "sku": sku,
        "product": f"product-{sku}",
        "name": f"Thing {sku}",
        "options": {"size": "42"},
        "price": {"minor_units": 1000, "currency": "EUR"},
        "tax_rate": "0.20",
        "weight_grams": 500,
        "dimensions_mm": [100, 100, 50],
        **changes,
    }


def upsert(*variants: dict[str, Any]) -> UpsertVariants:
    return msgspec.convert({"variants": list(variants)}, UpsertVariants)


def decide(*variants: dict[str, Any]) -> Callable[[Known], tuple[VariantsUpserted, ...]]:
    return lambda known: upsert_variants(upsert(*variants), known.get)[0]


def test_new_variants_begin_at_version_one() -> None:
    expected = VariantsUpserted(variants=(variant("A"), variant("B", tax_rate_bps=550, gtin="4006381333931")))
    given(NOTHING).when(decide(described("A"), described("B", tax_rate="0.055", gtin="4006381333931"))).then(expected)


def test_a_changed_variant_gets_the_next_version_and_the_others_are_not_mentioned() -> None:
    known = {"A": variant("A", version=3), "B": variant("B")}
    wished = (described("A", price={"minor_units": 900, "currency": "EUR"}), described("B"), described("C"))
    changed = VariantsUpserted(variants=(variant("A", price_minor=900, version=4), variant("C")))
    given(known).when(decide(*wished)).then(changed)
    assert upsert_variants(upsert(*wished), known.get)[1] == UpsertResult(created=1, updated=1, unchanged=1)


def test_variants_that_are_as_described_change_nothing() -> None:
    given({"A": variant("A", version=3)}).when(decide(described("A"))).then()


@pytest.mark.parametrize("gtin", ["96385074", "036000291452", "4006381333931", "10614141000415"])
def test_gtins_of_all_four_lengths_are_known_by_their_check_digit(gtin: str) -> None:
    event = given(NOTHING).when(decide(described("A", gtin=gtin))).event(VariantsUpserted)
    assert event.variants[0].gtin == gtin
    wrong = gtin[:-1] + str((int(gtin[-1]) + 1) % 10)
    given(NOTHING).when(decide(described("A", gtin=wrong))).then_refused(Invalid, param="variants[0].gtin", got=wrong)


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"sku": "A"}, "variants[1].sku"),
        ({"price": {"minor_units": -1, "currency": "EUR"}}, "variants[1].price.minor_units"),
        ({"tax_rate": "20"}, "variants[1].tax_rate"),
        ({"tax_rate": "1.00"}, "variants[1].tax_rate"),
        ({"tax_rate": "0.2"}, "variants[1].tax_rate"),
        ({"gtin": "1234567"}, "variants[1].gtin"),
        ({"gtin": "40063813339\uff131"}, "variants[1].gtin"),
    ],
)
def test_a_variant_that_cannot_be_is_refused_with_its_field(changes: dict[str, Any], param: str) -> None:
    given(NOTHING).when(decide(described("A"), described("B") | changes)).then_refused(Invalid, param=param)
