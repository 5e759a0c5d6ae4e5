"""What an order costs: a pure function of the units still wanted, so every path to the same order costs the same."""

from collections.abc import Iterable

import msgspec

from aftercart.inventory.model import Stage
from aftercart.kit.money import allocate, tax_included
from aftercart.orders.model import Order, OrderLine, Units


class TaxPart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The tax of one rate inside the total, in minor units."""

    rate_bps: int
    gross_minor: int
    tax_minor: int


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The order's amounts in minor units, taxes included; ``items`` is before discount."""

    items_minor: int
    discount_minor: int
    delivery_minor: int
    total_minor: int
    taxes: tuple[TaxPart, ...]


def totals_of(order: Order) -> Totals:
    """Returns the totals of what is still wanted of an order."""
    return totals_from(order.lines, order.units, delivery_minor=order.delivery.price_minor)


def totals_from(lines: Iterable[OrderLine], units: Iterable[Units], *, delivery_minor: int) -> Totals:
    """Returns the totals of what is still wanted; nothing wanted costs nothing, delivery included.

    Delivery is taxed in proportion to the goods it carries, as transport belongs to the taxable amount of the goods
    (Directive 2006/112/EC, Article 78(b)). Tax is rounded once per rate, on the sum.
    """
    live: dict[int, int] = {}
    for entry in units:
        if entry.stage is not Stage.CANCELED:
            live[entry.line] = live.get(entry.line, 0) + entry.quantity
    items = discount = 0
    gross_by_rate: dict[int, int] = {}
    for line in lines:
        quantity = live.get(line.line, 0)
        if quantity:
            line_items = quantity * line.unit_price_minor
            line_discount = discount_of(line, quantity)
            items += line_items
            discount += line_discount
            rate = line.tax_rate_bps
            gross_by_rate[rate] = gross_by_rate.get(rate, 0) + line_items - line_discount
    delivery = delivery_minor if gross_by_rate else 0
    return Totals(
        items_minor=items,
        discount_minor=discount,
        delivery_minor=delivery,
        total_minor=items - discount + delivery,
        taxes=_taxes(gross_by_rate, delivery),
    )


def discount_of(line: OrderLine, quantity: int) -> int:
    """Returns the discount of the first ``quantity`` units: each unit keeps the share it got at placement.

    The shares differ by at most one minor unit and the larger ones come first, so this is a closed formula.
    """
    if line.discount_minor == 0:
        return 0
    counted = min(quantity, line.discount_units)
    share, larger = divmod(line.discount_minor, line.discount_units)
    return share * counted + min(larger, counted)


def _taxes(gross_by_rate: dict[int, int], delivery: int) -> tuple[TaxPart, ...]:
    if len(gross_by_rate) == 1:
        ((rate, gross),) = gross_by_rate.items()
        return (_tax_part(rate, gross + delivery),)
    rates = sorted(gross_by_rate)
    shares = allocate(delivery, [gross_by_rate[rate] for rate in rates]) if rates else ()
    return tuple(_tax_part(rate, gross_by_rate[rate] + share) for rate, share in zip(rates, shares, strict=True))


def _tax_part(rate_bps: int, gross_minor: int) -> TaxPart:
    return TaxPart(rate_bps=rate_bps, gross_minor=gross_minor, tax_minor=tax_included(gross_minor, rate_bps))
