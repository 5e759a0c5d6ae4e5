"""A shop in which everything of the living order can happen: goods of all kinds, five ways of delivery, fees."""

from datetime import timedelta
from typing import Any, Final

import msgspec
from hypothesis import strategies as st
from tests.scenario import W1, W2, eur, location
from tests.small_shop import ADMIN, open_for_business

from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.orders.decisions.set_policy import SetPolicy
from aftercart.orders.model import ChangeKind, ChangeRule, PromotionMode, ReleaseMode, ReleaseRule
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods
from aftercart.shop import Shop

PRICES: Final = {"A": 1000, "B": 1250, "C": 999, "K": 2500, "P": 4000, "M": 3000}
"""``A``, ``B`` and ``C`` are the sizes of one thing, ``K`` one A with two B, ``P`` a pre-order, ``M`` made to order."""
WEIGHTS: Final = {"A": 300, "B": 500, "C": 100, "K": 1300, "P": 700, "M": 900}
STOCKED: Final = ("A", "B", "C", "P")
METHODS: Final = {"colissimo-home", "chronopost-express", "mondial-relay-point", "store-pickup", "van"}
BUSY: Final = msgspec.structs.replace(W1, hourly_capacity_orders=2)
STORES: Final = tuple(location(code, kind="store", pickups=True, ships=False) for code in ("S1", "S2"))
PLACES: Final = ("W1", "W2", "S1", "S2")
RIVAL: Final = "rival"
"""What others order."""
ADVANTAGE_PERCENT: Final = 10
PREORDERED_FOR: Final = timedelta(days=60)
FEES: Final = {ChangeKind.CHANGE_DELIVERY_METHOD: 300, ChangeKind.SWAP_VARIANT: 150, ChangeKind.CANCEL_LINES: 99}

release_rules = st.builds(ReleaseRule, mode=st.just(ReleaseMode.IMMEDIATELY)) | st.builds(
    ReleaseRule,
    mode=st.sampled_from([ReleaseMode.AFTER_GRACE, ReleaseMode.UNTIL_CUTOFF]),
    minutes=st.sampled_from([0, 30, 120]),
)
policies = st.builds(
    SetPolicy,
    release=st.tuples(release_rules),
    promotions=st.sampled_from(PromotionMode),
    changes=st.just(tuple(ChangeRule(change=change, fee_minor=fee) for change, fee in FEES.items())),
)


async def open_with_everything(shop: Shop, prefix: str) -> None:
    """Describes places, methods and channels, and variants of their own for one ``prefix``; as often as you like."""
    await open_for_business(shop, [RIVAL], places=(BUSY, W2, *STORES))
    await shop.submit(msgspec.convert({"methods": [_van()]}, UpsertDeliveryMethods), ADMIN)
    await shop.submit(msgspec.convert({"variants": _variants(shop, prefix)}, UpsertVariants), ADMIN)


def _variants(shop: Shop, prefix: str) -> list[dict[str, Any]]:
    kinds: dict[str, dict[str, Any]] = {
        "K": {
            "kind": "bundle",
            "components": [{"sku": prefix + "A", "quantity": 1}, {"sku": prefix + "B", "quantity": 2}],
        },
        "P": {
            "kind": "preorder",
            "available_from": (shop.clock.now() + PREORDERED_FOR).date(),
            "advantage": {"discount": f"0.{ADVANTAGE_PERCENT}"},
        },
        "M": {"kind": "made_to_order", "production_days": 5},
    }
    return [
        {
            "sku": prefix + sku,
            "product": f"{prefix}{sku if sku in kinds else 'things'}",
            "name": f"Thing {sku}",
            "price": eur(price),
            "tax_rate": "0.055" if sku == "B" else "0.20",
            "weight_grams": WEIGHTS[sku],
            "dimensions_mm": [100, 100, 50],
            **kinds.get(sku, {}),
        }
        for sku, price in PRICES.items()
    ]


def _van() -> dict[str, Any]:
    slots = [{"weekday": weekday, "starts": "18:00", "ends": "20:00", "capacity": 2} for weekday in range(1, 8)]
    return {
        "code": "van",
        "kind": "scheduled_slot",
        "names": {"en": "Our van", "fr": "Notre camionnette"},
        "currency": "EUR",
        "rates": [{"zone": "france", "price_minor": 500}],
        "transit": [{"zone": "france", "days_min": 1, "days_max": 1}],
        "delivery_days": [1, 2, 3, 4, 5, 6, 7],
        "slots": slots,
    }
