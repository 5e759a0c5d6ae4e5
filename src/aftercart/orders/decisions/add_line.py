"""Wanting something else too."""

from typing import Annotated

import msgspec

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.change_line_quantity import more_units
from aftercart.orders.events import LineAdded
from aftercart.orders.model import (
    LINES_MAX,
    QUANTITY_MAX,
    ChangeKind,
    Code,
    Order,
    OrderChange,
    PriceMode,
    Pricing,
)
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.lines import catalog_price, line_of, variant_of
from aftercart.orders.rules.pricing import terms_of
from aftercart.orders.rules.rerating import require_borne


class AddLine(OrderChange, frozen=True, kw_only=True, tag="add_line"):
    """Add a line at the catalog's current price, unless ``pricing`` says otherwise."""

    sku: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)]
    gift_message: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    pricing: Pricing = Pricing()


def add_line(command: AddLine, order: Order, *, facts: Facts) -> tuple[LineAdded, ...]:
    """Returns the new line; a SKU that is in the order already gets a line of its own, as its price may differ.

    Raises ``Invalid``, what stands against the change, ``InsufficientStock``, or ``DeliveryMethodNotAvailable`` when it
    becomes too heavy.
    """
    terms = terms_of(command.pricing, usual=PriceMode.CURRENT, currency=order.currency, facts=facts)
    if terms.price in (PriceMode.KEEP_PAID, PriceMode.PAY_DIFFERENCE):
        raise Invalid(param="price", expected="current or override, as nothing was paid yet", got=terms.price.value)
    require_allowed(order, ChangeKind.ADD_LINE, facts)
    if len(order.lines) >= LINES_MAX:
        raise Invalid(param="sku", expected=f"at most {LINES_MAX} lines in an order", got=command.sku)
    variant = variant_of(facts, command.sku, param="sku")
    unit_price = terms.unit_price_minor
    if unit_price is None:
        unit_price = catalog_price(variant, order.currency, param="price")
    line = line_of(
        variant,
        number=len(order.lines) + 1,
        quantity=command.quantity,
        unit_price_minor=unit_price,
        gift_message=command.gift_message or None,
    )
    require_borne(order, facts, more_grams=command.quantity * line.weight_grams, param="sku")
    event = LineAdded(
        moves=more_units(order, line, command.quantity, facts),
        line=line,
        price=terms.price,
        price_reason=terms.reason,
    )
    return (settle(order, event, facts, change=ChangeKind.ADD_LINE, promotions=terms.promotions),)
