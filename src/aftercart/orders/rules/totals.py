"""What an order costs: a pure function of the units still wanted, so every path to the same order costs the same."""

from collections.abc import Iterable

import msgspec

from aftercart.inventory.model import UNWANTED_STAGES
from aftercart.kit.money import allocate, tax_included
from aftercart.orders.model import Fee, Order, OrderLine, Units
from aftercart.orders.rules.unit_ledger import units_per_piece


class TaxPart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The tax of one rate inside the total, in minor units."""

    rate_bps: int
    gross_minor: int
    tax_minor: int


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The order's amounts in minor units, taxes included; ``items`` is before discount, ``fees`` are for changes."""

    items_minor: int
    discount_minor: int
    delivery_minor: int
    total_minor: int
    taxes: tuple[TaxPart, ...]
    fees_minor: int = 0


def totals_of(order: Order) -> Totals:
    """Returns the totals of what is still wanted of an order."""
    return totals_from(order.lines, order.units, delivery_minor=order.delivery.price_minor, fees=order.fees)


def totals_from(
    lines: Iterable[OrderLine], units: Iterable[Units], *, delivery_minor: int, fees: Iterable[Fee] = ()
) -> Totals:
    """Returns the totals of what is still wanted; nothing wanted costs nothing, delivery and fees included.

    Delivery and fees are taxed in proportion to the goods, as transport and ancillary costs belong to the taxable
    amount of the goods (Directive 2006/112/EC, Article 78(b)). Tax is rounded once per rate, on the sum.
    """
    live: dict[int, int] = {}
    for entry in units:
        if entry.stage not in UNWANTED_STAGES:
            live[entry.line] = live.get(entry.line, 0) + entry.quantity
    items = discount = 0
    gross_by_rate: dict[int, int] = {}
    for line in lines:
        quantity = live.get(line.line, 0)
        if quantity:
            if line.components:
                quantity //= units_per_piece(line)
            line_items = quantity * line.unit_price_minor
            line_discount = discount_of(line, quantity)
            items += line_items
            discount += line_discount
            rate = line.tax_rate_bps
            gross_by_rate[rate] = gross_by_rate.get(rate, 0) + line_items - line_discount
    delivery = delivery_minor if gross_by_rate else 0
    charged = sum(fee.amount_minor for fee in fees) if gross_by_rate else 0
    return Totals(
        items_minor=items,
        discount_minor=discount,
        delivery_minor=delivery,
        fees_minor=charged,
        total_minor=items - discount + delivery + charged,
        taxes=_taxes(gross_by_rate, delivery + charged),
    )


def discount_of(line: OrderLine, quantity: int) -> int:
    """Returns the discount that is due on so many pieces of a line."""
    return 0 if line.clawed_back else discount_shares(line, quantity)


def discount_shares(line: OrderLine, quantity: int) -> int:
    """Returns the discount of the first ``quantity`` pieces: each keeps the share it got when it was computed.

    The shares differ by at most one minor unit and the larger ones come first, so this is a closed formula.
    """
    if line.discount_minor == 0:
        return 0
    counted = min(quantity, line.discount_units)
    share, larger = divmod(line.discount_minor, line.discount_units)
    return share * counted + min(larger, counted)


def _taxes(gross_by_rate: dict[int, int], ancillary: int) -> tuple[TaxPart, ...]:
    if len(gross_by_rate) == 1:
        ((rate, gross),) = gross_by_rate.items()
        return (_tax_part(rate, gross + ancillary),)
    rates = sorted(gross_by_rate)
    shares = allocate(ancillary, [gross_by_rate[rate] for rate in rates]) if rates else ()
    return tuple(_tax_part(rate, gross_by_rate[rate] + share) for rate, share in zip(rates, shares, strict=True))


def _tax_part(rate_bps: int, gross_minor: int) -> TaxPart:
    return TaxPart(rate_bps=rate_bps, gross_minor=gross_minor, tax_minor=tax_included(gross_minor, rate_bps))
