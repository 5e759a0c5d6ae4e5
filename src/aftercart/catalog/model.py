"""A variant: one thing that can be ordered, with what sourcing, pricing and packing need to know of it."""

import enum

import msgspec

from aftercart.kit.state import Key


class VariantKind(enum.Enum):
    """How a variant comes into being."""

    STOCKED = "stocked"  # sold from stock
    MADE_TO_ORDER = "made_to_order"  # made after the order; may be ordered without stock
    PREORDER = "preorder"  # announced; may be ordered before its first receipt
    BUNDLE = "bundle"  # several others sold as one


class Component(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What one unit of a bundle consists of."""

    sku: str
    quantity: int


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A sellable variant. Prices include tax and are in minor units; dimensions are length, width, height."""

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
    version: int
    components: tuple[Component, ...] = ()


class VariantKey(Key[Variant], frozen=True, order=True, gc=False):
    """One variant by its SKU."""

    sku: str
