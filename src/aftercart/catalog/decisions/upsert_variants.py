"""Adding variants to the catalog, or changing them."""

from collections.abc import Callable
from typing import Annotated, Final

import msgspec

from aftercart.catalog.events import VariantsUpserted
from aftercart.catalog.model import Variant, VariantKind
from aftercart.kit.commands import Command, UpsertResult
from aftercart.kit.money import Money, parse_rate
from aftercart.kit.refusal import Invalid

VARIANTS_MAX: Final = 10_000
Sku = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_Millimeters = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class VariantDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A variant as its owner describes it; the price includes tax."""

    sku: Sku
    product: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    name: _Name
    price: Money
    tax_rate: Annotated[str, msgspec.Meta(max_length=6, examples=["0.20"])]
    weight_grams: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
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


class UpsertVariants(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Add these variants, or bring those that exist to what is described here."""

    variants: Annotated[tuple[VariantDefinition, ...], msgspec.Meta(min_length=1, max_length=VARIANTS_MAX)]


def upsert_variants(
    command: UpsertVariants, find_variant: Callable[[str], Variant | None]
) -> tuple[tuple[VariantsUpserted, ...], UpsertResult]:
    """Returns the event for what is new or different, none when all is as described already.

    Raises ``Invalid`` for a SKU named twice, a negative price, a tax rate or a GTIN that cannot be.
    """
    seen: set[str] = set()
    changed: list[Variant] = []
    created = 0
    for index, definition in enumerate(command.variants):
        if definition.sku in seen:
            raise Invalid(param=f"variants[{index}].sku", expected="each SKU once per call", got=definition.sku)
        seen.add(definition.sku)
        current = find_variant(definition.sku)
        wanted = _variant(definition, version=1 if current is None else current.version, at=f"variants[{index}]")
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


def _variant(definition: VariantDefinition, *, version: int, at: str) -> Variant:
    if definition.price.minor_units < 0:
        raise Invalid(param=f"{at}.price.minor_units", expected="zero or more", got=definition.price.minor_units)
    if definition.gtin is not None and not _is_gtin(definition.gtin):
        expected = "a GTIN of 8, 12, 13 or 14 digits with its check digit"
        raise Invalid(param=f"{at}.gtin", expected=expected, got=definition.gtin)
    return Variant(
        sku=definition.sku,
        product=definition.product,
        name=definition.name,
        options=definition.options,
        price_minor=definition.price.minor_units,
        currency=definition.price.currency,
        tax_rate_bps=_tax_rate(definition.tax_rate, param=f"{at}.tax_rate"),
        gtin=definition.gtin,
        weight_grams=definition.weight_grams,
        dimensions_mm=definition.dimensions_mm,
        kind=definition.kind,
        substitutes=definition.substitutes,
        version=version,
    )


def _tax_rate(text: str, *, param: str) -> int:
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
