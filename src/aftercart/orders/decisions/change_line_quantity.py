"""Wanting more or fewer units of a line."""

from typing import Final

import msgspec

from aftercart.inventory.model import UNWANTED_STAGES, UnitMove
from aftercart.kit.refusal import Invalid
from aftercart.orders.events import LinePricing, LineQuantityChanged
from aftercart.orders.model import QUANTITY_MAX, ChangeKind, Order, OrderChange, OrderLine, PriceMode, Pricing
from aftercart.orders.rules.advantages import with_more_pieces
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.find_line import find_line
from aftercart.orders.rules.pricing import Terms, terms_of
from aftercart.orders.rules.promotions import pricing_of
from aftercart.orders.rules.rerating import require_borne
from aftercart.orders.rules.stock_for_lines import demands_of, place_units
from aftercart.orders.rules.takable import takable_stages
from aftercart.orders.rules.take_units import take_units
from aftercart.orders.rules.unit_ledger import live_quantity

ORDERED_MAX: Final = 1_000_000_000
"""A line's ``ordered`` only grows, so changing it up and down for ever must end somewhere."""


class ChangeLineQuantity(OrderChange, frozen=True, kw_only=True, tag="change_line_quantity"):
    """Have this many units of a line, of those still wanted; at least one (``cancel_lines`` removes a line).

    The line costs what was paid for it, unless ``pricing`` says that all of it costs something else. What is still
    offered as a pre-order keeps its discount for the new units too.
    """

    line: int
    quantity: int
    pricing: Pricing = Pricing()


def change_line_quantity(command: ChangeLineQuantity, order: Order, *, facts: Facts) -> tuple[LineQuantityChanged, ...]:
    """Returns the change, nothing when that many are wanted at that price already.

    More units are taken first from the locations that serve the order already.
    Raises ``Invalid``, what stands against the change, ``UnitsAlreadyTouched``, ``InsufficientStock``, or
    ``DeliveryMethodNotAvailable`` when it becomes too heavy.
    """
    if not 1 <= command.quantity <= QUANTITY_MAX:
        raise Invalid(param="quantity", expected=f"a number from 1 to {QUANTITY_MAX}", got=command.quantity)
    line = find_line(order, command.line, param="line")
    terms = terms_of(command.pricing, usual=PriceMode.KEEP_PAID, currency=order.currency, facts=facts)
    if terms.price is PriceMode.PAY_DIFFERENCE:
        expected = "keep_paid, current or override, as nothing is exchanged"
        raise Invalid(param="price", expected=expected, got=terms.price.value)
    require_allowed(order, ChangeKind.CHANGE_LINE_QUANTITY, facts, line=line.line)
    previous = live_quantity(order.units, line)
    most = previous + ORDERED_MAX - line.ordered
    if command.quantity > most:
        raise Invalid(param="quantity", expected=f"a number from 1 to {most}", got=command.quantity)
    difference = command.quantity - previous
    repriced = _repriced(order, line, terms, facts, previous=previous, quantity=command.quantity)
    if difference == 0 and not repriced:
        return ()
    require_borne(order, facts, more_grams=difference * line.weight_grams, param="quantity")
    event = LineQuantityChanged(
        moves=_fewer(order, line, -difference, facts)
        if difference <= 0
        else more_units(order, line, difference, facts),
        repriced=repriced,
        line=line.line,
        previous_quantity=previous,
        quantity=command.quantity,
        price=terms.price,
        price_reason=terms.reason,
    )
    return (settle(order, event, facts, change=ChangeKind.CHANGE_LINE_QUANTITY, promotions=terms.promotions),)


def more_units(order: Order, line: OrderLine, quantity: int, facts: Facts) -> tuple[UnitMove, ...]:
    """Returns the first moves of more pieces of a line, from where the order is served already if that has them."""
    serving = {entry.location for entry in order.units if entry.stage not in UNWANTED_STAGES}
    serving_first = sorted(facts.candidates, key=lambda one: one.code not in serving)
    return place_units(demands_of(line, quantity), facts, candidates=serving_first, param="quantity").moves


def _fewer(order: Order, line: OrderLine, quantity: int, facts: Facts) -> tuple[UnitMove, ...]:
    stages = takable_stages(order, line, ChangeKind.CHANGE_LINE_QUANTITY, facts.policy)
    return take_units(order, line, quantity, stages=stages)


def _repriced(
    order: Order, line: OrderLine, terms: Terms, facts: Facts, *, previous: int, quantity: int
) -> tuple[LinePricing, ...]:
    unit_price = terms.unit_price(
        paid_minor=line.unit_price_minor, variant=facts.variants.get(line.sku), currency=order.currency
    )
    pricing = pricing_of(line)
    if unit_price != line.unit_price_minor:
        discount = min(line.discount_minor, unit_price * line.discount_units)
        new = msgspec.structs.replace(pricing, unit_price_minor=unit_price, discount_minor=discount)
    else:
        new = with_more_pieces(line, previous=previous, quantity=quantity, facts=facts)
    return (new,) if new != pricing else ()
