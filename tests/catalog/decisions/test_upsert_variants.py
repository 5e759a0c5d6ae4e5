"""Variants are added to the catalog, or brought to what their owner describes."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.scenario import variant
from tests.story import given

from aftercart.catalog.decisions.upsert_variants import UpsertVariants, upsert_variants
from aftercart.catalog.events import VariantsUpserted
from aftercart.catalog.model import Advantage, Component, Variant
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


def bundle(*components: tuple[str, int], **changes: object) -> dict[str, Any]:
    parts = [{"sku": sku, "quantity": quantity} for sku, quantity in components]
    return described("SET", **{"kind": "bundle", "weight_grams": 0, "components": parts, **changes})


def test_a_bundle_weighs_what_its_components_weigh_unless_it_says_otherwise() -> None:
    known = {"A": variant("A", weight_grams=40)}
    parts = (Component(sku="A", quantity=6), Component(sku="B", quantity=1))
    new = variant("B", weight_grams=7)
    for told, weighs in ((0, 247), (300, 300)):
        wanted = variant("SET", kind="bundle", weight_grams=weighs, components=parts)
        wish = (bundle(("A", 6), ("B", 1), weight_grams=told), described("B", weight_grams=7))
        given(known).when(decide(*wish)).then(VariantsUpserted(variants=(wanted, new)))


def test_a_bundle_is_weighed_again_when_it_is_described_again() -> None:
    parts = (Component(sku="A", quantity=2),)
    lighter = variant("SET", kind="bundle", weight_grams=80, components=parts)
    heavier = variant("SET", kind="bundle", weight_grams=100, components=parts, version=2)
    known = {"A": variant("A", weight_grams=50), "SET": lighter}
    given(known).when(decide(bundle(("A", 2)))).then(VariantsUpserted(variants=(heavier,)))


@pytest.mark.parametrize(
    ("wish", "param"),
    [
        (bundle(), "variants[0].components"),
        (bundle(("X", 1)), "variants[0].components[0].sku"),
        (bundle(("A", 1), ("OTHER-SET", 1)), "variants[0].components[1].sku"),
        (bundle(("SET", 1)), "variants[0].components[0].sku"),
        (bundle(("A", 1), ("A", 2)), "variants[0].components[1].sku"),
        (bundle(("HEAVY", 1_000)), "variants[0].components"),
        (described("A", kind="bundle", components=[{"sku": "HEAVY", "quantity": 1}]), "variants[0].kind"),
        (described("OTHER-SET"), "variants[0].kind"),
    ],
)
def test_a_bundle_that_cannot_be_is_refused_with_its_field(wish: dict[str, Any], param: str) -> None:
    known = {
        "A": variant("A"),
        "HEAVY": variant("HEAVY", weight_grams=20_000),
        "OTHER-SET": variant("OTHER-SET", kind="bundle", components=(Component(sku="A", quantity=1),)),
    }
    given(known).when(decide(wish)).then_refused(Invalid, param=param)


def test_a_bundle_cannot_contain_one_that_is_described_in_the_same_call() -> None:
    wish = (bundle(("A", 1)), {**bundle(("SET", 1)), "sku": "SET-OF-SETS"})
    given({"A": variant("A")}).when(decide(*wish)).then_refused(Invalid, param="variants[1].components[0].sku")


@pytest.mark.parametrize(
    ("advantage", "kept"),
    [({"discount": "0.10"}, Advantage(discount_bps=1_000)), ({"free_delivery": True}, Advantage(free_delivery=True))],
)
def test_a_pre_order_says_when_it_is_there_and_what_ordering_early_brings(
    advantage: dict[str, Any], kept: Advantage
) -> None:
    wanted = variant("A", kind="preorder", available_from="2026-09-01", advantage=kept)
    wish = described("A", kind="preorder", available_from="2026-09-01", advantage=advantage)
    given(NOTHING).when(decide(wish)).then(VariantsUpserted(variants=(wanted,)))


def test_what_is_made_to_order_says_how_long_it_takes() -> None:
    wanted = variant("A", kind="made_to_order", production_days=15)
    wish = described("A", kind="made_to_order", production_days=15)
    given(NOTHING).when(decide(wish)).then(VariantsUpserted(variants=(wanted,)))


@pytest.mark.parametrize(
    ("advantage", "param"),
    [
        ({}, "variants[0].advantage"),
        ({"discount": "0.10", "free_delivery": True}, "variants[0].advantage"),
        ({"discount": "1.00"}, "variants[0].advantage.discount"),
        ({"discount": "10 %"}, "variants[0].advantage.discount"),
        ({"discount": "0.00"}, "variants[0].advantage.discount"),
    ],
)
def test_an_advantage_is_one_of_the_two(advantage: dict[str, Any], param: str) -> None:
    wish = described("A", kind="preorder", advantage=advantage)
    given(NOTHING).when(decide(wish)).then_refused(Invalid, param=param)


@pytest.mark.parametrize("kind", ["stocked", "made_to_order", "preorder", "bundle"])
@pytest.mark.parametrize(
    ("field", "value", "owner"),
    [
        ("components", [{"sku": "P", "quantity": 1}], "bundle"),
        ("available_from", "2026-09-01", "preorder"),
        ("advantage", {"free_delivery": True}, "preorder"),
        ("production_days", 5, "made_to_order"),
    ],
)
def test_a_field_that_does_not_belong_to_the_kind_is_refused(kind: str, field: str, value: object, owner: str) -> None:
    parts = {"components": [{"sku": "P", "quantity": 1}]} if kind == "bundle" else {}
    outcome = given({"P": variant("P")}).when(decide(described("A", kind=kind, **{**parts, field: value})))
    if kind == owner:
        assert outcome.event(VariantsUpserted)
    else:
        outcome.then_refused(Invalid, param=f"variants[0].{field}")
