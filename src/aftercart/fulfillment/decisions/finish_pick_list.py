"""Bringing a cart to the pack station, when all that is wanted is in its totes."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from aftercart.fulfillment.events import PickListFinished
from aftercart.fulfillment.model import PickList
from aftercart.fulfillment.rules.floor_refusals import StillToFetch
from aftercart.fulfillment.rules.list_state import left_behind, require_started
from aftercart.fulfillment.rules.pick_work import Orders, work_on
from aftercart.kit.commands import Command


class FinishPickList(Command, frozen=True, kw_only=True):
    """End a list on which nothing is to be fetched any more."""

    pick_list: UUID


def finish_pick_list(
    command: FinishPickList,  # noqa: ARG001 - it says no more than which list
    pick_list: PickList,
    *,
    orders: Orders,
    now: datetime,
) -> tuple[PickListFinished, ...]:
    """Returns the end of the list; raises ``PickListNotStarted`` or ``StillToFetch``.

    Orders on hold are not waited for: their work goes onto another list when the hold is lifted.
    """
    require_started(pick_list)
    expected = Counter[str]()
    for stop in work_on(pick_list, orders, {}):
        expected[stop.sku] += stop.to_reach + stop.to_take
    if expected:
        raise StillToFetch(expected=expected)
    return (PickListFinished(location=pick_list.location, left=left_behind(pick_list), ended_at=now),)
