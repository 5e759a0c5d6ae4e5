"""Taking something out of a parcel that is being packed."""

from typing import Annotated

import msgspec

from aftercart.fulfillment.events import ItemUnpacked
from aftercart.fulfillment.rules.at_hand import AtHand, find_open_parcel, unwanted_in, went_on
from aftercart.fulfillment.rules.contents import share_out, with_more
from aftercart.fulfillment.rules.floor_refusals import WrongItem
from aftercart.orders.model import QUANTITY_MAX, Code, Order, OrderChange


class UnpackItem(OrderChange, frozen=True, kw_only=True, tag="unpack_item"):
    """Take units of a SKU out of an open parcel: of those nobody wants any more first."""

    parcel: int
    sku: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] = 1


def unpack_item(command: UnpackItem, order: Order, *, at_hand: AtHand) -> tuple[ItemUnpacked, ...]:
    """Returns what lies in the parcel then; raises ``ParcelNotFound``, ``ParcelNotOpen`` or ``WrongItem``."""
    parcel = find_open_parcel(order, at_hand, command.parcel)
    unwanted = {(one.line, one.sku): one.quantity for one in unwanted_in(order, at_hand, parcel)}
    taken = share_out(unwanted, command.sku, command.quantity)
    left = {(one.line, one.sku): one.quantity - taken.get((one.line, one.sku), 0) for one in parcel.contents}
    more = share_out(left, command.sku, command.quantity - sum(taken.values()))
    out = {item: taken.get(item, 0) + more.get(item, 0) for item in (*taken, *more)}
    if sum(out.values()) < command.quantity:
        raise WrongItem(sku=command.sku, expected=parcel.contents)
    contents = with_more(parcel.contents, {item: -quantity for item, quantity in out.items()})
    emptied = msgspec.structs.replace(parcel, contents=contents)
    return (went_on(order, ItemUnpacked(parcel=emptied, sku=command.sku, quantity=command.quantity)),)
