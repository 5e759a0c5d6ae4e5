"""Exchanging units of a line for another variant: the other size, the other color, a substitute."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from aftercart.catalog.model import Variant
from aftercart.inventory.model import Stage
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.change_line_quantity import more_units
from aftercart.orders.events import LinePricing, VariantSwapped
from aftercart.orders.model import (
    LINES_MAX,
    QUANTITY_MAX,
    ChangeKind,
    Code,
    Order,
    OrderChange,
    OrderLine,
    PriceMode,
    Pricing,
    Replacement,
)
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.find_line import find_line
from aftercart.orders.rules.lines import line_of, variant_of
from aftercart.orders.rules.pricing import price_with_difference, terms_of
from aftercart.orders.rules.promotions import pricing_of
from aftercart.orders.rules.rerating import require_borne
from aftercart.orders.rules.takable import takable_stages
from aftercart.orders.rules.take_units import take_units
from aftercart.orders.rules.totals import discount_shares
from aftercart.orders.rules.unit_ledger import live_quantity, units_per_piece


class SwapVariant(OrderChange, frozen=True, kw_only=True, tag="swap_variant"):
    """Have another variant instead of so many pieces of a line: all that can be taken back without ``quantity``.

    They cost what was paid, and what they cost more in the catalog now, unless ``pricing`` says otherwise.
    """

    line: int
    sku: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] | None = None
    pricing: Pricing = Pricing()


def swap_variant(command: SwapVariant, order: Order, *, facts: Facts) -> tuple[VariantSwapped, ...]:
    """Returns the exchange: the new units have a line of their own, and a place before the old ones lose theirs.

    Raises ``Invalid``, what stands against the change, ``UnitsAlreadyTouched``, ``InsufficientStock``, or
    ``DeliveryMethodNotAvailable`` when it becomes too heavy.
    """
    line = find_line(order, command.line, param="line")
    terms = terms_of(command.pricing, usual=PriceMode.PAY_DIFFERENCE, currency=order.currency, facts=facts)
    require_allowed(order, ChangeKind.SWAP_VARIANT, facts, line=line.line)
    variant = variant_of(facts, command.sku, param="sku")
    replacement = _replacement(line, variant, facts)
    stages = takable_stages(order, line, ChangeKind.SWAP_VARIANT, facts.policy)
    quantity = _quantity(order, line, command.quantity, stages)
    if len(order.lines) >= LINES_MAX:
        raise Invalid(param="sku", expected=f"at most {LINES_MAX} lines in an order", got=command.sku)
    if terms.price is PriceMode.PAY_DIFFERENCE:
        unit_price = price_with_difference(order, line, variant, facts)
    else:
        unit_price = terms.unit_price(paid_minor=line.unit_price_minor, variant=variant, currency=order.currency)
    new_line = _new_line(order, line, variant, quantity, unit_price)
    new_line = msgspec.structs.replace(new_line, replaces=line.line, replacement=replacement)
    more_grams = quantity * (new_line.weight_grams - line.weight_grams)
    require_borne(order, facts, more_grams=more_grams, param="sku")
    event = VariantSwapped(
        moves=(*more_units(order, new_line, quantity, facts), *take_units(order, line, quantity, stages=stages)),
        repriced=tuple(one for one in (_left(order, line, quantity),) if one != pricing_of(line)),
        line=line.line,
        sku=line.sku,
        quantity=quantity,
        new_line=new_line,
        price=terms.price,
        price_reason=terms.reason,
    )
    return (settle(order, event, facts, change=ChangeKind.SWAP_VARIANT, promotions=terms.promotions),)


def _replacement(line: OrderLine, variant: Variant, facts: Facts) -> Replacement:
    if variant.sku == line.sku:
        raise Invalid(param="sku", expected="another SKU than that of the line", got=variant.sku)
    if variant.product == line.product:
        return Replacement.VARIANT_SWAP
    ordered = facts.variants.get(line.sku)
    if ordered is not None and variant.sku in ordered.substitutes:
        return Replacement.SUBSTITUTE
    raise Invalid(param="sku", expected="a variant of the same product, or one of its substitutes", got=variant.sku)


def _quantity(order: Order, line: OrderLine, wanted: int | None, stages: Sequence[Stage]) -> int:
    free = sum(entry.quantity for entry in order.units if entry.line == line.line and entry.stage in stages)
    live = live_quantity(order.units, line)
    quantity = free // units_per_piece(line) if wanted is None else wanted
    if not 1 <= quantity <= live:
        raise Invalid(param="quantity", expected=f"a number from 1 to {live}", got=quantity)
    return quantity


def _left(order: Order, line: OrderLine, quantity: int) -> LinePricing:
    """Returns what the line costs without its last pieces: they take their shares of the discount along for good."""
    live = live_quantity(order.units, line)
    leaving = discount_shares(line, live) - discount_shares(line, live - quantity)
    if not leaving:
        return pricing_of(line)
    pieces = min(live, line.discount_units) - min(live - quantity, line.discount_units)
    return msgspec.structs.replace(
        pricing_of(line),
        discount_minor=line.discount_minor - leaving,
        discount_units=max(line.discount_units - pieces, 1),
    )


def _new_line(order: Order, line: OrderLine, variant: Variant, quantity: int, unit_price: int) -> OrderLine:
    leaving = line.discount_minor - _left(order, line, quantity).discount_minor
    new_line = line_of(
        variant,
        number=len(order.lines) + 1,
        quantity=quantity,
        unit_price_minor=unit_price,
        discount_minor=min(leaving, unit_price * quantity),
        promotion=line.promotion,
        gift_message=line.gift_message,
    )
    return msgspec.structs.replace(new_line, clawed_back=line.clawed_back)
