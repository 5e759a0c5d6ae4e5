"""A variant: one thing that can be ordered, with what sourcing, pricing and packing need to know of it."""

import enum
from datetime import date

import msgspec

from aftercart.kit.state import Key


class VariantKind(enum.Enum):
    """How a variant comes into being."""

    STOCKED = "stocked"  # sold from stock
    MADE_TO_ORDER = "made_to_order"  # made after the order; may be ordered without stock
    PREORDER = "preorder"  # announced; may be ordered before its first receipt
    BUNDLE = "bundle"  # several variants sold as one; has no stock of its own


class Component(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of another variant are in one bundle."""

    sku: str
    quantity: int


class Advantage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What ordering early brings: a part of the price, in basis points, or free delivery."""

    discount_bps: int = 0
    free_delivery: bool = False


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A sellable variant. Prices include tax and are in minor units; dimensions are length, width, height.

    ``components`` are those of a bundle. A pre-order is announced for ``available_from``; what is made to order takes
    ``production_days``, working days of the workshop.
    """

    sku: str
    product: str
    name: str
    options: dict[str, str]
    price_minor: int
    currency: str
    tax_rate_bps: int
    gtin: str | None
    weight_grams: int
    dimensions_mm: tuple[int, int, int]
    kind: VariantKind
    substitutes: tuple[str, ...]
    components: tuple[Component, ...] = ()
    available_from: date | None = None
    advantage: Advantage | None = None
    production_days: int | None = None
    version: int


class VariantKey(Key[Variant], frozen=True, order=True, gc=False):
    """One variant by its SKU."""

    sku: str
