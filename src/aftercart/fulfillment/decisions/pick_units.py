"""Reaching the units of one order in a bin: its scan is the lock."""

from collections import Counter
from datetime import datetime

import msgspec

from aftercart.fulfillment.events import UnitsPicked
from aftercart.fulfillment.model import NO_BIN, PickList
from aftercart.fulfillment.rules.at_hand import went_on
from aftercart.fulfillment.rules.floor_refusals import NothingToPick
from aftercart.fulfillment.rules.list_state import ListWork, require_on_list, require_started
from aftercart.fulfillment.rules.picking import moves_to_hand, only
from aftercart.orders.decisions.release_order import require_no_hold
from aftercart.orders.model import Order


class Reached(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """At most so many units of a SKU."""

    sku: str
    quantity: int


class PickUnits(ListWork, frozen=True, kw_only=True):
    """Reach units of an order in a bin, as far as they are still wanted; asked by the scan of the bin."""

    items: tuple[Reached, ...]


def pick_units(command: PickUnits, order: Order, *, pick_list: PickList, now: datetime) -> tuple[UnitsPicked, ...]:
    """Returns the units that are in hand from now on, which are fewer when some were taken back meanwhile.

    Raises ``PickListNotStarted``, ``NotOnPickList``, ``OrderOnHold``, or ``NothingToPick`` when none is left.
    """
    require_started(pick_list)
    require_on_list(order, pick_list)
    require_no_hold(order)
    limits = Counter[str]()
    for one in command.items:
        limits[one.sku] += one.quantity
    moves = only(moves_to_hand(order, pick_list.location, limits.keys()), limits)
    if not moves:
        raise NothingToPick(number=order.number, location=pick_list.location)
    picked = UnitsPicked(
        moves=moves,
        location=pick_list.location,
        at=now,
        bin=None if command.bin == NO_BIN else command.bin,
        pick_list=pick_list.pick_list,
        entry=f"pick {order.version + 1}",
    )
    return (went_on(order, picked),)
