"""What becomes of discounts when the contents of an order change."""

from collections.abc import Iterator, Sequence

from aftercart.kit.money import RATE_ONE, allocate, divide_rounded
from aftercart.orders.events import LinePricing
from aftercart.orders.model import Order, OrderLine, Promotion, PromotionKind, PromotionMode
from aftercart.orders.rules.unit_ledger import live_quantity


def repriced_by(order: Order, mode: PromotionMode) -> tuple[LinePricing, ...]:
    """Returns the lines whose discount is another one under ``mode``, for the order as it is after a change.

    A function of what is wanted now and of the promotions as they were agreed, so the way to it does not matter. A
    discount that comes from no promotion stays.
    """
    if mode is PromotionMode.KEEP or not order.promotions:
        return ()
    live = {line.line: live_quantity(order.units, line) for line in order.lines}
    goods = sum(live[line.line] * line.unit_price_minor for line in order.lines)
    repriced: list[LinePricing] = []
    for promotion in order.promotions:
        lines = [line for line in order.lines if line.promotion == promotion.code and live[line.line]]
        met = goods >= promotion.minimum_minor
        if mode is PromotionMode.CLAW_BACK:
            repriced.extend(_clawed_back(line, clawed_back=not met) for line in lines)
        else:
            repriced.extend(_recomputed(promotion, lines, [live[line.line] for line in lines], met=met))
    by_line = {line.line: line for line in order.lines}
    return tuple(one for one in repriced if one != pricing_of(by_line[one.line]))


def pricing_of(line: OrderLine) -> LinePricing:
    """Returns what a line costs now."""
    return LinePricing(
        line=line.line,
        unit_price_minor=line.unit_price_minor,
        discount_minor=line.discount_minor,
        discount_units=line.discount_units,
        clawed_back=line.clawed_back,
    )


def _clawed_back(line: OrderLine, *, clawed_back: bool) -> LinePricing:
    return LinePricing(
        line=line.line,
        unit_price_minor=line.unit_price_minor,
        discount_minor=line.discount_minor,
        discount_units=line.discount_units,
        clawed_back=clawed_back,
    )


def _recomputed(
    promotion: Promotion, lines: Sequence[OrderLine], quantities: Sequence[int], *, met: bool
) -> Iterator[LinePricing]:
    values = [line.unit_price_minor * quantity for line, quantity in zip(lines, quantities, strict=True)]
    whole = _discount(promotion, sum(values)) if met else 0
    shares = allocate(whole, values) if lines else ()
    for line, quantity, share in zip(lines, quantities, shares, strict=True):
        yield LinePricing(
            line=line.line,
            unit_price_minor=line.unit_price_minor,
            discount_minor=share,
            discount_units=quantity,
            clawed_back=False,
        )


def _discount(promotion: Promotion, value_minor: int) -> int:
    if promotion.kind is PromotionKind.PERCENTAGE:
        return divide_rounded(value_minor * promotion.value, RATE_ONE)
    return min(promotion.value, value_minor)
