"""Letting units wait for stock again that a picker did not find."""

from aftercart.fulfillment.events import UnitsShort
from aftercart.fulfillment.model import NO_BIN, PickList, ShortReason
from aftercart.fulfillment.rules.list_state import ListWork, picks_of
from aftercart.fulfillment.rules.picking import moves_from_hand
from aftercart.inventory.model import Stage
from aftercart.orders.model import Order
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.facts import Facts


class WriteOffUnits(ListWork, frozen=True, kw_only=True):
    """Take from the order what was reported short of it in a bin; asked by the report and by a reaction to it."""

    sku: str


def write_off_units(
    command: WriteOffUnits, order: Order, *, facts: Facts, pick_list: PickList
) -> tuple[UnitsShort, ...]:
    """Returns the units back to waiting, nothing when that was done before.

    Those of them that the customer took back meanwhile are canceled: nobody has to put them back.
    """
    reported = [
        pick
        for pick in picks_of(pick_list, order.order_id, command.bin)
        if pick.sku == command.sku and pick.short > pick.written_off
    ]
    if not reported:
        return ()
    (pick,) = reported
    quantity = pick.short - pick.written_off
    wanted = moves_from_hand(
        order,
        pick_list.location,
        command.sku,
        quantity=quantity,
        through=(Stage.PICKED, Stage.RELEASED, Stage.RESERVED, Stage.BACKORDERED),
    )
    left = quantity - sum(move.quantity for move in wanted if move.source is Stage.PICKED)
    unwanted = moves_from_hand(
        order, pick_list.location, command.sku, quantity=left, through=(Stage.INTERCEPTED, Stage.CANCELED)
    )
    event = UnitsShort(
        moves=(*wanted, *unwanted),
        location=pick_list.location,
        sku=command.sku,
        quantity=quantity,
        short_reason=pick.short_reason or ShortReason.NOT_FOUND,
        entry=f"short {order.version + 1}",
        bin=None if command.bin == NO_BIN else command.bin,
        pick_list=pick_list.pick_list,
    )
    return (settle(order, event, facts),)
