"""Variants as the bus keeps them."""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest
from tests.scenario import cart, variant
from tests.small_shop import ADMIN, open_for_business, order_of, receipt

from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.catalog.model import Variant, VariantKey
from aftercart.catalog.store import VARIANTS
from aftercart.kit.refusal import Invalid
from aftercart.shop import Shop, open_shop

pytestmark = pytest.mark.anyio


def upsert(*variants: Variant) -> UpsertVariants:
    described = [
        {
            **{name: value for name, value in msgspec.structs.asdict(one).items() if name in KEPT},
            "price": {"minor_units": one.price_minor, "currency": one.currency},
            "tax_rate": f"{one.tax_rate_bps / 10_000:.4f}",
            "advantage": one.advantage and {"discount": f"{one.advantage.discount_bps / 10_000:.4f}"},
        }
        for one in variants
    ]
    return msgspec.convert({"variants": described}, UpsertVariants, from_attributes=True)


KEPT = {
    "sku",
    "product",
    "name",
    "options",
    "gtin",
    "weight_grams",
    "dimensions_mm",
    "kind",
    "substitutes",
    "components",
    "available_from",
    "production_days",
}


async def load(shop: Shop, skus: Sequence[str]) -> list[Variant]:
    found = dict(VARIANTS.read(iter(await shop.database.run(VARIANTS.load([VariantKey(sku) for sku in skus])))))
    return [found[VariantKey(sku)] for sku in skus]


async def test_variants_are_stored_as_described_and_change_version_by_version(database_url: str) -> None:
    odd = variant(
        "É-1",
        name="Robe « d'été » 🌞",
        options={"taille": "42", "couleur": "vert d'eau"},
        gtin="4006381333931",
        kind="preorder",
        available_from="2026-09-01",
        advantage={"discount_bps": 1_250},
        substitutes=["A"],
        tax_rate_bps=550,
        dimensions_mm=(1, 2, 3),
    )
    async with open_shop(database_url) as shop:
        await shop.submit(upsert(variant("A"), odd), ADMIN)
        assert await load(shop, ["A", "É-1"]) == [variant("A"), odd]
        answer = await shop.submit(upsert(variant("A", price_minor=900), odd), ADMIN)
        assert answer.result == b'{"created":0,"updated":1,"unchanged":1}'
        assert await load(shop, ["A"]) == [variant("A", price_minor=900, version=2)]


async def test_bundles_and_what_is_made_to_order_are_stored_as_described(database_url: str) -> None:
    parts = [{"sku": "A", "quantity": 6}, {"sku": "B", "quantity": 1}]
    table = variant("TABLE", kind="made_to_order", production_days=15)
    bundle = variant("SET", kind="bundle", components=parts)
    async with open_shop(database_url) as shop:
        await shop.submit(upsert(bundle, variant("A"), variant("B"), table), ADMIN)
        assert await load(shop, ["SET", "TABLE"]) == [bundle, table]
        answer = await shop.submit(upsert(bundle, table), ADMIN)
        assert answer.result == b'{"created":0,"updated":0,"unchanged":2}'
        with pytest.raises(Invalid):
            await shop.submit(upsert(variant("SET")), ADMIN)
        # Its units would be made for nobody: the work is begun line by line.
        furnished = variant("ROOM", kind="bundle", components=[{"sku": "TABLE", "quantity": 1}])
        with pytest.raises(Invalid, match="made to order"):
            await shop.submit(upsert(furnished), ADMIN)


async def test_an_order_in_the_same_batch_is_placed_at_the_new_price(database_url: str) -> None:
    async with open_shop(database_url) as shop:
        await open_for_business(shop, ["A"])
        await shop.submit(receipt("W1", {"A": 5}), ADMIN)
        _, answer = await asyncio.gather(
            shop.submit(upsert(variant("A", price_minor=700)), ADMIN), shop.submit(cart(), ADMIN)
        )
        assert order_of(answer).lines[0].unit_price_minor == 700
        await shop.submit(upsert(variant("A", price_minor=800)), ADMIN)
        assert order_of(await shop.submit(cart(), ADMIN)).lines[0].unit_price_minor == 800
