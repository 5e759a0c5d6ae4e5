"""What lies in a parcel: laid in, taken out, weighed."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from aftercart.fulfillment.model import Content, Parcel
from aftercart.fulfillment.rules.at_hand import Item
from aftercart.orders.model import Order
from aftercart.orders.rules.unit_ledger import units_per_piece

CARTON_GRAMS: Final = 150
"""What a carton weighs with its filling, where nobody says it more exactly."""


def with_more(contents: tuple[Content, ...], items: Mapping[Item, int]) -> tuple[Content, ...]:
    """Returns contents with these items added, or taken out where the number is below zero; sorted by line and SKU."""
    sums = Counter[Item]({(one.line, one.sku): one.quantity for one in contents})
    for item, quantity in items.items():
        sums[item] += quantity
    return tuple(
        Content(line=line, sku=sku, quantity=quantity) for (line, sku), quantity in sorted(sums.items()) if quantity
    )


def share_out(available: Mapping[Item, int], sku: str, quantity: int) -> dict[Item, int]:
    """Returns so many units of a SKU taken from the lines that have them, the first line first; fewer if there are."""
    taken: dict[Item, int] = {}
    for item in sorted(available):
        if item[1] == sku and quantity:
            taken[item] = min(available[item], quantity)
            quantity -= taken[item]
    return {item: units for item, units in taken.items() if units}


def as_contents(items: Mapping[Item, int]) -> tuple[Content, ...]:
    """Returns items as contents, sorted by line and SKU."""
    return with_more((), items)


def weight_of(order: Order, parcel: Parcel, carton_grams: int = CARTON_GRAMS) -> int:
    """Returns what a parcel weighs by what is known of its contents, in grams; a bundle's weight is spread evenly."""
    grams = {line.line: line.weight_grams / units_per_piece(line) for line in order.lines}
    return carton_grams + round(sum(grams[one.line] * one.quantity for one in parcel.contents))
