"""Beginning to walk with a pick list."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from aftercart.fulfillment.events import PickListStarted
from aftercart.fulfillment.model import PickList, PickListStatus
from aftercart.fulfillment.rules.floor_refusals import PickListNotOpen
from aftercart.kit.commands import Command

PickerName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class StartPickList(Command, frozen=True, kw_only=True):
    """Take a list: ``picker`` walks with it."""

    pick_list: UUID
    picker: PickerName


def start_pick_list(command: StartPickList, pick_list: PickList, *, now: datetime) -> tuple[PickListStarted, ...]:
    """Returns the start, nothing when this picker has it already; raises ``PickListNotOpen``."""
    if pick_list.status is PickListStatus.STARTED and pick_list.picker == command.picker:
        return ()
    if pick_list.status is not PickListStatus.OPEN:
        raise PickListNotOpen(list_status=pick_list.status.value, picker=pick_list.picker)
    return (PickListStarted(picker=command.picker, started_at=now),)
