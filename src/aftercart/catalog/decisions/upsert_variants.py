"""Adding variants to the catalog, or changing them."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Final

import msgspec

from aftercart.catalog.events import VariantsUpserted
from aftercart.catalog.model import Advantage, Component, Variant, VariantKind
from aftercart.kit.commands import Command, UpsertResult
from aftercart.kit.money import Money, parse_rate
from aftercart.kit.refusal import Invalid

VARIANTS_MAX: Final = 10_000
WEIGHT_GRAMS_MAX: Final = 10_000_000
Sku = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_Millimeters = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class ComponentDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of another variant are in one bundle."""

    sku: Sku
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000)]


class AdvantageDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ordering early brings: either ``discount``, a part of the price, or ``free_delivery``.

    The discount is for every piece, also for those added while it is still offered. Delivery of the whole order is
    free by any method, also by one it is changed to while the goods are awaited.
    """

    discount: Annotated[str, msgspec.Meta(max_length=6, examples=["0.10"])] | None = None
    free_delivery: bool = False


class VariantDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A variant as its owner describes it; the price includes tax.

    A ``bundle`` names its ``components`` and is a bundle for good; it has a price and a tax of its own, and with a
    weight of 0 it weighs what its components weigh when it is described. A ``preorder`` may say when it will be there
    and what ordering early brings; what is ``made_to_order``, how many working days it takes.
    """

    sku: Sku
    product: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    name: _Name
    price: Money
    tax_rate: Annotated[str, msgspec.Meta(max_length=6, examples=["0.20"])]
    weight_grams: Annotated[int, msgspec.Meta(ge=0, le=WEIGHT_GRAMS_MAX)]
    dimensions_mm: tuple[_Millimeters, _Millimeters, _Millimeters]
    options: Annotated[
        dict[
            Annotated[str, msgspec.Meta(min_length=1, max_length=40)],
            Annotated[str, msgspec.Meta(max_length=100)],
        ],
        msgspec.Meta(max_length=10),
    ] = {}
    gtin: Annotated[str, msgspec.Meta(max_length=14)] | None = None
    kind: VariantKind = VariantKind.STOCKED
    substitutes: Annotated[tuple[Sku, ...], msgspec.Meta(max_length=50)] = ()
    components: Annotated[tuple[ComponentDefinition, ...], msgspec.Meta(max_length=50)] = ()
    available_from: date | None = None
    advantage: AdvantageDefinition | None = None
    production_days: Annotated[int, msgspec.Meta(ge=1, le=365)] | None = None


class UpsertVariants(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Add these variants, or bring those that exist to what is described here."""

    variants: Annotated[tuple[VariantDefinition, ...], msgspec.Meta(min_length=1, max_length=VARIANTS_MAX)]


Part = Variant | VariantDefinition
"""What a bundle may be made of: a variant of the catalog, or one described in the same call."""


def upsert_variants(
    command: UpsertVariants, find_variant: Callable[[str], Variant | None]
) -> tuple[tuple[VariantsUpserted, ...], UpsertResult]:
    """Returns the event for what is new or different, none when all is as described already.

    Raises ``Invalid`` for a SKU named twice, a negative price, a tax rate or a GTIN that cannot be, for fields that do
    not belong to the kind, for components that are unknown or bundles, and for what becomes or ceases to be a bundle.
    """
    described = {definition.sku: definition for definition in command.variants}

    def find_part(sku: str) -> Part | None:
        return described.get(sku) or find_variant(sku)

    seen: set[str] = set()
    changed: list[Variant] = []
    created = 0
    for index, definition in enumerate(command.variants):
        if definition.sku in seen:
            raise Invalid(param=f"variants[{index}].sku", expected="each SKU once per call", got=definition.sku)
        seen.add(definition.sku)
        current = find_variant(definition.sku)
        wanted = _variant(definition, current, find_part, at=f"variants[{index}]")
        if current is None:
            created += 1
            changed.append(wanted)
        elif wanted != current:
            changed.append(msgspec.structs.replace(wanted, version=current.version + 1))
    events = (VariantsUpserted(variants=tuple(changed)),) if changed else ()
    result = UpsertResult(
        created=created, updated=len(changed) - created, unchanged=len(command.variants) - len(changed)
    )
    return events, result


def _variant(
    definition: VariantDefinition, current: Variant | None, find_part: Callable[[str], Part | None], *, at: str
) -> Variant:
    _require_kind(definition, current, at=at)
    if definition.price.minor_units < 0:
        raise Invalid(param=f"{at}.price.minor_units", expected="zero or more", got=definition.price.minor_units)
    if definition.gtin is not None and not _is_gtin(definition.gtin):
        expected = "a GTIN of 8, 12, 13 or 14 digits with its check digit"
        raise Invalid(param=f"{at}.gtin", expected=expected, got=definition.gtin)
    weight_grams, components = _contents(definition, find_part, at=at)
    return Variant(
        sku=definition.sku,
        product=definition.product,
        name=definition.name,
        options=definition.options,
        price_minor=definition.price.minor_units,
        currency=definition.price.currency,
        tax_rate_bps=_rate(definition.tax_rate, param=f"{at}.tax_rate"),
        gtin=definition.gtin,
        weight_grams=weight_grams,
        dimensions_mm=definition.dimensions_mm,
        kind=definition.kind,
        substitutes=definition.substitutes,
        components=components,
        available_from=definition.available_from,
        advantage=None if definition.advantage is None else _advantage(definition.advantage, at=f"{at}.advantage"),
        production_days=definition.production_days,
        version=1 if current is None else current.version,
    )


def _require_kind(definition: VariantDefinition, current: Variant | None, *, at: str) -> None:
    for field, kind in _FIELDS_OF_KINDS.items():
        if definition.kind is not kind and getattr(definition, field):
            raise Invalid(param=f"{at}.{field}", expected=f"nothing, unless the kind is {kind.value}", got=None)
    # Stock and orders were recorded under its kind, and bundles may contain it.
    is_bundle = definition.kind is VariantKind.BUNDLE
    if current is not None and is_bundle != (current.kind is VariantKind.BUNDLE):
        expected = "no bundle, as it is none so far" if is_bundle else "a bundle, as it is one so far"
        raise Invalid(param=f"{at}.kind", expected=expected, got=definition.kind.value)


def _contents(
    definition: VariantDefinition, find_part: Callable[[str], Part | None], *, at: str
) -> tuple[int, tuple[Component, ...]]:
    """Returns what one unit weighs, and what it is made of."""
    if definition.kind is not VariantKind.BUNDLE:
        return definition.weight_grams, ()
    if not definition.components:
        raise Invalid(param=f"{at}.components", expected="at least one component", got=None)
    seen: set[str] = set()
    weight_grams = 0
    for index, component in enumerate(definition.components):
        param = f"{at}.components[{index}].sku"
        part = find_part(component.sku)
        if part is None:
            raise Invalid(param=param, expected="a known SKU", got=component.sku)
        if part.kind is VariantKind.BUNDLE:
            raise Invalid(param=param, expected="a SKU that is no bundle", got=component.sku)
        if part.kind is VariantKind.MADE_TO_ORDER:
            raise Invalid(param=param, expected="a SKU that is not made to order", got=component.sku)
        if component.sku in seen:
            raise Invalid(param=param, expected="each component once", got=component.sku)
        seen.add(component.sku)
        weight_grams += component.quantity * part.weight_grams
    weight_grams = definition.weight_grams or weight_grams
    if weight_grams > WEIGHT_GRAMS_MAX:
        expected = f"components of at most {WEIGHT_GRAMS_MAX} grams together"
        raise Invalid(param=f"{at}.components", expected=expected, got=weight_grams)
    return weight_grams, tuple(Component(sku=one.sku, quantity=one.quantity) for one in definition.components)


def _advantage(definition: AdvantageDefinition, *, at: str) -> Advantage:
    if (definition.discount is None) != definition.free_delivery:
        raise Invalid(param=at, expected="either a discount or free delivery", got=None)
    if definition.discount is None:
        return Advantage(free_delivery=True)
    discount_bps = _rate(definition.discount, param=f"{at}.discount")
    if discount_bps == 0:
        raise Invalid(param=f"{at}.discount", expected="more than nothing", got=definition.discount)
    return Advantage(discount_bps=discount_bps)


def _rate(text: str, *, param: str) -> int:
    expected = 'a rate below 1 with two to four decimals, such as "0.20"'
    try:
        rate_bps = parse_rate(text)
    except ValueError:
        raise Invalid(param=param, expected=expected, got=text) from None
    if rate_bps >= 10_000:
        raise Invalid(param=param, expected=expected, got=text)
    return rate_bps


def _is_gtin(text: str) -> bool:
    """Checks length and check digit (GS1 General Specifications, section 7.9)."""
    if len(text) not in {8, 12, 13, 14} or not (text.isascii() and text.isdigit()):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(text)))
    return weighted % 10 == 0


_FIELDS_OF_KINDS: Final = {
    "components": VariantKind.BUNDLE,
    "available_from": VariantKind.PREORDER,
    "advantage": VariantKind.PREORDER,
    "production_days": VariantKind.MADE_TO_ORDER,
}
