"""Giving a pick list up: what is in its totes stays there, the rest is somebody else's work."""

from datetime import datetime
from uuid import UUID

from aftercart.fulfillment.events import PickListAbandoned
from aftercart.fulfillment.model import PickList
from aftercart.fulfillment.rules.floor_refusals import PickListNotOpen
from aftercart.fulfillment.rules.list_state import left_behind
from aftercart.kit.commands import Command


class AbandonPickList(Command, frozen=True, kw_only=True):
    """Give up a list that has not ended."""

    pick_list: UUID


def abandon_pick_list(
    command: AbandonPickList,  # noqa: ARG001 - it says no more than which list
    pick_list: PickList,
    *,
    now: datetime,
) -> tuple[PickListAbandoned, ...]:
    """Returns the end of the list, and where units were reached that are left there; raises ``PickListNotOpen``."""
    if pick_list.ended_at is not None:
        raise PickListNotOpen(list_status=pick_list.status.value, picker=pick_list.picker)
    return (PickListAbandoned(location=pick_list.location, left=left_behind(pick_list), ended_at=now),)
