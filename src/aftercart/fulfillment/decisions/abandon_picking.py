"""Leaving units where they lie that were reached, but not taken before their list ended."""

from aftercart.fulfillment.events import PickingAbandoned
from aftercart.fulfillment.model import NO_BIN, PickList
from aftercart.fulfillment.rules.at_hand import items_at, went_on
from aftercart.fulfillment.rules.list_state import ListWork, picks_of
from aftercart.fulfillment.rules.picking import moves_from_hand
from aftercart.inventory.model import Stage, UnitMove
from aftercart.orders.model import Order


class AbandonPicking(ListWork, frozen=True, kw_only=True):
    """Give back what of the order lies in a bin still; asked by the end of its list, and by a reaction to it."""


def abandon_picking(command: AbandonPicking, order: Order, *, pick_list: PickList) -> tuple[PickingAbandoned, ...]:
    """Returns the units released again, and canceled where nobody wants them any more; nothing when none is left."""
    moves: list[UnitMove] = []
    if pick_list.ended_at is None:
        return ()
    intercepted = items_at(order, pick_list.location, Stage.INTERCEPTED)
    for pick in picks_of(pick_list, order.order_id, command.bin):
        unwanted = min(pick.waiting, sum(units for (_, sku), units in intercepted.items() if sku == pick.sku))
        for quantity, through in (
            (unwanted, (Stage.INTERCEPTED, Stage.CANCELED)),
            (pick.waiting - unwanted, (Stage.PICKED, Stage.RELEASED)),
        ):
            moves += moves_from_hand(order, pick_list.location, pick.sku, quantity=quantity, through=through)
    if not moves:
        return ()
    event = PickingAbandoned(
        moves=tuple(moves),
        location=pick_list.location,
        bin=None if command.bin == NO_BIN else command.bin,
        pick_list=pick_list.pick_list,
        entry=f"abandoned {order.version + 1}",
    )
    return (went_on(order, event),)
