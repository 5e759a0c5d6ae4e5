"""What units cost that a change adds or exchanges."""

import msgspec

from aftercart.catalog.model import Variant
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import Order, OrderLine, PriceMode, Pricing, PromotionMode
from aftercart.orders.rules.amounts import amount_in
from aftercart.orders.rules.facts import Asker, Facts
from aftercart.orders.rules.lines import UNIT_PRICE_MAX, catalog_price, variant_of


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How one change is priced, once it is clear who asks."""

    price: PriceMode
    unit_price_minor: int | None
    reason: str | None
    promotions: PromotionMode

    def unit_price(self, *, paid_minor: int, variant: Variant | None, currency: str) -> int:
        """Returns what one piece costs, in minor units; ``variant`` is what the catalog says of it now."""
        if self.unit_price_minor is not None:
            return self.unit_price_minor
        if self.price is PriceMode.CURRENT and variant is not None:
            return catalog_price(variant, currency, param="price")
        return paid_minor


def price_with_difference(order: Order, line: OrderLine, variant: Variant, facts: Facts) -> int:
    """Returns what a piece of a line costs, in minor units, once ``variant`` takes its place.

    What was paid for it, and what the new one costs more in the catalog now than the old one: counted from what was
    ordered first, so that going back takes the difference back and the way does not matter. Never less than was paid.
    Raises ``Invalid`` for a difference in another currency.
    """
    first = first_ordered(order, line)
    ordered = variant_of(facts, first.sku, param="line")
    before = _difference(variant_of(facts, line.sku, param="line"), ordered, order.currency)
    after = _difference(variant, ordered, order.currency)
    return max(line.unit_price_minor + after - before, min(line.unit_price_minor, first.unit_price_minor))


def first_ordered(order: Order, line: OrderLine) -> OrderLine:
    """Returns the line that was there before every exchange that led to ``line``."""
    while line.replaces is not None:
        line = order.lines[line.replaces - 1]
    return line


def _difference(variant: Variant, ordered: Variant, currency: str) -> int:
    if variant.currency == ordered.currency and variant.price_minor <= ordered.price_minor:
        return 0
    return catalog_price(variant, currency, param="price") - catalog_price(ordered, currency, param="price")


def terms_of(wish: Pricing, *, usual: PriceMode, currency: str, facts: Facts) -> Terms:
    """Returns the terms of a change; without a wish it is priced as ``usual``, and by the merchant's policy.

    Raises ``Invalid`` for a customer who has wishes of this kind, and for an override without price or reason.
    """
    if facts.asker is Asker.CUSTOMER:
        for field in ("price", "unit_price", "price_reason"):
            if getattr(wish, field) is not None:
                raise Invalid(param=field, expected="nothing, unless staff asks", got=None)
    price = wish.price or usual
    if price is PriceMode.OVERRIDE:
        if wish.unit_price is None:
            raise Invalid(param="unit_price", expected="an amount, with an override", got=None)
        if wish.price_reason is None:
            raise Invalid(param="price_reason", expected="a reason, with an override", got=None)
    else:
        for field in ("unit_price", "price_reason"):
            if getattr(wish, field) is not None:
                raise Invalid(param=field, expected="nothing without an override", got=None)
    unit_price = None if wish.unit_price is None else amount_in(currency, wish.unit_price, param="unit_price")
    if unit_price is not None and unit_price > UNIT_PRICE_MAX:
        raise Invalid(param="unit_price", expected=f"at most {UNIT_PRICE_MAX} minor units", got=unit_price)
    return Terms(
        price=price,
        unit_price_minor=unit_price,
        reason=wish.price_reason,
        promotions=promotions_of(wish.promotions, facts),
    )


def promotions_of(wish: PromotionMode | None, facts: Facts) -> PromotionMode:
    """Returns what a change does to discounts; raises ``Invalid`` for a customer who has a wish."""
    if wish is not None and facts.asker is Asker.CUSTOMER:
        raise Invalid(param="promotions", expected="nothing, unless staff asks", got=None)
    return wish or facts.policy.promotions
