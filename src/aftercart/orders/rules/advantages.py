"""What ordering early brings: a part of the price, or free delivery, for what is announced and not there yet."""

from collections.abc import Sequence
from datetime import date

import msgspec

from aftercart.catalog.model import VariantKind
from aftercart.kit.money import RATE_ONE, divide_rounded
from aftercart.orders.model import LineInput, OrderLine
from aftercart.orders.rules.facts import Facts
from aftercart.shipping.rules.local_time import local_day


def with_advantages(
    lines: tuple[OrderLine, ...], wishes: Sequence[LineInput], facts: Facts
) -> tuple[tuple[OrderLine, ...], bool]:
    """Returns the lines with the discounts of their pre-orders, and whether one of them brings free delivery.

    A line with a price or a discount of the shop's own gets no further one: the shop has counted it already.
    """
    changed: list[OrderLine] = []
    free_delivery = False
    for line, wish in zip(lines, wishes, strict=True):
        variant = facts.variants[line.sku]
        advantage = variant.advantage
        if (
            variant.kind is not VariantKind.PREORDER
            or advantage is None
            or not _is_early(variant.available_from, facts)
        ):
            changed.append(line)
            continue
        free_delivery = free_delivery or advantage.free_delivery
        if advantage.discount_bps and wish.unit_price is None and wish.discount is None:
            discount = divide_rounded(line.unit_price_minor * line.ordered * advantage.discount_bps, RATE_ONE)
            line = msgspec.structs.replace(line, discount_minor=discount)  # noqa: PLW2901 - the line, discounted
        changed.append(line)
    return tuple(changed), free_delivery


def _is_early(available_from: date | None, facts: Facts) -> bool:
    if available_from is None or not facts.locations:
        return True
    return local_day(facts.now, facts.locations[0].timezone) < available_from
