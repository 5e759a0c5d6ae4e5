"""Taking checked units out of a bin and laying them into their totes."""

from typing import Annotated
from uuid import UUID

import msgspec

from aftercart.fulfillment.events import ForOrder, ItemTaken
from aftercart.fulfillment.model import PickList
from aftercart.fulfillment.rules.floor_refusals import NotToTake
from aftercart.fulfillment.rules.list_state import require_started
from aftercart.fulfillment.rules.pick_work import Needed, Orders, needed, skus_at
from aftercart.kit.commands import Command
from aftercart.orders.model import QUANTITY_MAX, Code

BinWish = Annotated[str, msgspec.Meta(max_length=64)]


class TakeItem(Command, frozen=True, kw_only=True):
    """Take units of a SKU that were reached: in this ``bin``, or in the first that has enough of them to be taken."""

    pick_list: UUID
    sku: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)] = 1
    bin: BinWish | None = None


def take_item(command: TakeItem, pick_list: PickList, *, orders: Orders) -> tuple[ItemTaken, ...]:
    """Returns into whose totes they go, the first tote first.

    Raises ``PickListNotStarted``, or ``NotToTake`` with what is to be taken instead.
    """
    require_started(pick_list)
    code, needs = needs_in(pick_list, orders, sku=command.sku, quantity=command.quantity, code=command.bin)
    left = command.quantity
    taken: list[ForOrder] = []
    for pick, quantity in needs:
        units = min(left, quantity)
        if units:
            left -= units
            taken.append(ForOrder(order_id=pick.order_id, quantity=units))
    return (ItemTaken(sku=command.sku, bin=code, quantity=command.quantity, orders=tuple(taken)),)


def needs_in(
    pick_list: PickList, orders: Orders, *, sku: str, quantity: int, code: str | None
) -> tuple[str, list[Needed]]:
    """Returns the bin from which so many units of a SKU are to be taken, and for whom; raises ``NotToTake``."""
    needs = list(needed(pick_list, orders))
    places = [stop.bin for stop in pick_list.stops if stop.sku == sku]
    places += [need.pick.bin for need in needs if need.pick.sku == sku]
    for place in dict.fromkeys(places if code is None else [code]):
        here = [need for need in needs if need.pick.sku == sku and need.pick.bin == place]
        if sum(need.quantity for need in here) >= quantity:
            return place, here
    raise NotToTake(sku=sku, quantity=quantity, expected=skus_at(needs, code=code))
