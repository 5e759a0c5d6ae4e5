"""The second check: every item is scanned once more when it is laid into its parcel."""

from typing import Annotated

import msgspec

from aftercart.fulfillment.events import ItemPacked
from aftercart.fulfillment.rules.at_hand import AtHand, find_open_parcel, items_at, to_pack, went_on
from aftercart.fulfillment.rules.contents import as_contents, share_out, with_more
from aftercart.fulfillment.rules.floor_refusals import ItemNotWanted, WrongItem
from aftercart.inventory.model import Stage
from aftercart.orders.model import QUANTITY_MAX, Code, Order, OrderChange


class PackItem(OrderChange, frozen=True, kw_only=True, tag="pack_item"):
    """Lay units of a SKU into an open parcel."""

    parcel: int
    sku: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] = 1


def pack_item(command: PackItem, order: Order, *, at_hand: AtHand) -> tuple[ItemPacked, ...]:
    """Returns what lies in the parcel then.

    Raises ``ParcelNotFound``, ``ParcelNotOpen``, ``ItemNotWanted`` for goods that were taken back and are to be put
    back, or ``WrongItem`` for others than those that are to be packed, and for more of them.
    """
    parcel = find_open_parcel(order, at_hand, command.parcel)
    waiting = to_pack(order, at_hand, parcel.location)
    taken = share_out(waiting, command.sku, command.quantity)
    if sum(taken.values()) < command.quantity:
        intercepted = items_at(order, parcel.location, Stage.INTERCEPTED)
        if any(sku == command.sku for _, sku in intercepted):
            raise ItemNotWanted(number=order.number, sku=command.sku)
        raise WrongItem(sku=command.sku, expected=as_contents(waiting))
    packed = msgspec.structs.replace(parcel, contents=with_more(parcel.contents, taken))
    return (went_on(order, ItemPacked(parcel=packed, sku=command.sku, quantity=command.quantity)),)
