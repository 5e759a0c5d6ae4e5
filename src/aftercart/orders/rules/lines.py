"""A line of an order, from what a caller wants and what the catalog says."""

from collections.abc import Sequence
from typing import Final

from aftercart.catalog.model import Variant, VariantKind
from aftercart.kit.money import parse_rate
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import LineInput, Promotion, PromotionInput, PromotionKind
from aftercart.orders.model.order import OrderLine
from aftercart.orders.rules.amounts import amount_in
from aftercart.orders.rules.facts import Facts

UNIT_PRICE_MAX: Final = 1_000_000_000


def line_from(
    wish: LineInput, *, number: int, facts: Facts, currency: str, promotions: Sequence[Promotion], param: str
) -> OrderLine:
    """Returns line ``number``; without a price of its own it costs what the catalog says.

    Raises ``Invalid`` naming the field below ``param``.
    """
    variant = variant_of(facts, wish.sku, param=f"{param}.sku")
    if wish.unit_price is None:
        unit_price = catalog_price(variant, currency, param=f"{param}.unit_price")
    else:
        unit_price = amount_in(currency, wish.unit_price, param=f"{param}.unit_price")
    if unit_price > UNIT_PRICE_MAX:
        raise Invalid(param=f"{param}.unit_price", expected=f"at most {UNIT_PRICE_MAX} minor units", got=unit_price)
    discount = amount_in(currency, wish.discount, param=f"{param}.discount") if wish.discount else 0
    if discount > unit_price * wish.quantity:
        expected = f"at most the price of the line, {unit_price * wish.quantity} minor units"
        raise Invalid(param=f"{param}.discount", expected=expected, got=discount)
    if wish.promotion is not None and all(one.code != wish.promotion for one in promotions):
        raise Invalid(param=f"{param}.promotion", expected="the code of a promotion of the order", got=wish.promotion)
    return line_of(
        variant,
        number=number,
        quantity=wish.quantity,
        unit_price_minor=unit_price,
        discount_minor=discount,
        promotion=wish.promotion,
        gift_message=wish.gift_message,
    )


def line_of(
    variant: Variant,
    *,
    number: int,
    quantity: int,
    unit_price_minor: int,
    discount_minor: int = 0,
    promotion: str | None = None,
    gift_message: str | None = None,
) -> OrderLine:
    """Returns a line of a variant as it is in the catalog now."""
    return OrderLine(
        line=number,
        sku=variant.sku,
        product=variant.product,
        name=variant.name,
        ordered=quantity,
        unit_price_minor=unit_price_minor,
        tax_rate_bps=variant.tax_rate_bps,
        discount_minor=discount_minor,
        discount_units=quantity,
        gift_message=gift_message,
        promotion=promotion,
        components=variant.components,
        made_to_order=variant.kind is VariantKind.MADE_TO_ORDER,
        weight_grams=variant.weight_grams,
    )


def variant_of(facts: Facts, sku: str, *, param: str) -> Variant:
    """Returns the variant of a SKU; raises ``Invalid`` when the catalog does not know it."""
    variant = facts.variants.get(sku)
    if variant is None:
        raise Invalid(param=param, expected="a known SKU", got=sku)
    return variant


def catalog_price(variant: Variant, currency: str, *, param: str) -> int:
    """Returns what one piece costs now, in minor units; raises ``Invalid`` when that is in another currency."""
    if variant.currency != currency:
        expected = f"a price in {currency}, as the catalog's is in {variant.currency}"
        raise Invalid(param=param, expected=expected, got=None)
    return variant.price_minor


def promotion_from(wish: PromotionInput, *, currency: str, param: str) -> Promotion:
    """Returns a promotion as it was agreed; raises ``Invalid`` for a value that does not go with its kind."""
    minimum = amount_in(currency, wish.minimum, param=f"{param}.minimum") if wish.minimum else 0
    if wish.kind is PromotionKind.PERCENTAGE:
        if wish.amount is not None:
            raise Invalid(param=f"{param}.amount", expected="none with a percentage", got=wish.amount.minor_units)
        value = _rate(wish.rate, param=f"{param}.rate")
    else:
        if wish.rate is not None:
            raise Invalid(param=f"{param}.rate", expected="none with an amount", got=wish.rate)
        if wish.amount is None:
            raise Invalid(param=f"{param}.amount", expected="an amount", got=None)
        value = amount_in(currency, wish.amount, param=f"{param}.amount")
    return Promotion(code=wish.code, kind=wish.kind, value=value, minimum_minor=minimum)


def _rate(text: str | None, *, param: str) -> int:
    try:
        return parse_rate(text or "")
    except ValueError as error:
        raise Invalid(param=param, expected='a rate such as "0.10"', got=text) from error
