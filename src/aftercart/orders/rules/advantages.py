"""What ordering early brings: a part of the price, or free delivery, for what is announced and not there yet.

An advantage names no method of delivery, so it is for all of them: at checkout every method is free, and whichever the
order is changed to is free as long as it waits for what brought the advantage. What was free once stays free.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from aftercart.catalog.model import Advantage, Variant, VariantKind
from aftercart.inventory.model import Stage
from aftercart.kit.money import RATE_ONE, divide_rounded
from aftercart.orders.events import LinePricing
from aftercart.orders.model import LineInput, Order, OrderLine
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.promotions import pricing_of
from aftercart.shipping.rules.local_time import local_day


def with_advantages(
    lines: tuple[OrderLine, ...], wishes: Sequence[LineInput], facts: Facts
) -> tuple[tuple[OrderLine, ...], tuple[str, ...]]:
    """Returns the lines with the discounts of their pre-orders, and the SKUs that bring free delivery.

    A line with a price or a discount of the shop's own gets no further one: the shop has counted it already.
    """
    changed: list[OrderLine] = []
    free_with: list[str] = []
    for line, wish in zip(lines, wishes, strict=True):
        advantage = _advantage_of(facts.variants[line.sku], facts)
        if advantage.free_delivery and line.sku not in free_with:
            free_with.append(line.sku)
        if advantage.discount_bps and wish.unit_price is None and wish.discount is None:
            discount = divide_rounded(line.unit_price_minor * line.ordered * advantage.discount_bps, RATE_ONE)
            line = msgspec.structs.replace(line, discount_minor=discount)  # noqa: PLW2901 - the line, discounted
        changed.append(line)
    return tuple(changed), tuple(free_with)


def with_more_pieces(line: OrderLine, *, previous: int, quantity: int, facts: Facts) -> LinePricing:
    """Returns what a line costs once ``quantity`` pieces are wanted instead of ``previous``.

    While it is still offered as a pre-order at the discount it was ordered at, each new piece gets the share that the
    last one has. So nothing of what was there costs something else, and having fewer takes back what was given. A
    discount that is not the advantage's does not grow, nor does one that some of the pieces do without already.
    """
    pricing = pricing_of(line)
    variant = facts.variants.get(line.sku)
    share = line.discount_minor // line.discount_units
    if variant is None or not share or line.promotion is not None or previous > line.discount_units:
        return pricing
    least, rest = divmod(line.unit_price_minor * _advantage_of(variant, facts).discount_bps, RATE_ONE)
    if share not in (least, least + (rest > 0)):
        return pricing
    more = max(quantity - line.discount_units, 0)
    return msgspec.structs.replace(
        pricing, discount_minor=line.discount_minor + more * share, discount_units=line.discount_units + more
    )


def is_delivery_free(order: Order) -> bool:
    """Tells whether an order still waits for units of a pre-order that brought it free delivery."""
    rating = order.delivery.rating
    return rating is not None and any(
        entry.stage is Stage.BACKORDERED and entry.sku in rating.free_while_awaited for entry in order.units
    )


def _advantage_of(variant: Variant, facts: Facts) -> Advantage:
    """Returns what ordering a variant now brings, perhaps nothing."""
    is_offered = variant.kind is VariantKind.PREORDER and _is_early(variant.available_from, facts)
    return variant.advantage if is_offered and variant.advantage is not None else Advantage()


def _is_early(available_from: date | None, facts: Facts) -> bool:
    if available_from is None or not facts.locations:
        return True
    return local_day(facts.now, facts.locations[0].timezone) < available_from
