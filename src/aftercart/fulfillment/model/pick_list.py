"""Pick lists: orders that one picker fetches together, and what became of what was reached."""

import enum
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.model.parcel import ShortReason
from aftercart.kit.state import Key

NO_BIN: Final = ""
"""Where units are that lie in no bin."""
LIST_ORDERS_MAX: Final = 64
"""How many orders a pick list may have."""


class PickListStatus(enum.StrEnum):
    """How far the work on a pick list is."""

    OPEN = "open"  # waiting for a picker
    STARTED = "started"  # somebody walks
    FINISHED = "finished"  # all of it is in its totes
    ABANDONED = "abandoned"  # what was not taken is somebody else's work


class Tote(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The box of one order on a picking cart, numbered from 1."""

    tote: int
    order_id: UUID


class Stop(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a SKU is to be fetched; ``NO_BIN`` where it lies in none."""

    bin: str
    sku: str


class Pick(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a bin's scan ``reached`` of a SKU for an order, and what became of it.

    ``short`` was not there; ``written_off`` of it the order knows of. ``returned`` was left where it lay.
    """

    order_id: UUID
    sku: str
    bin: str
    reached: int = 0
    taken: int = 0
    short: int = 0
    written_off: int = 0
    returned: int = 0
    short_reason: ShortReason | None = None

    @property
    def waiting(self) -> int:
        """Returns how many units were reached and still lie there."""
        return self.reached - self.taken - self.short - self.returned


class PickList(msgspec.Struct, frozen=True, kw_only=True):
    """Orders that are walked together by one picker. ``stops`` are in walking order, of ``meters`` in all.

    What is to be taken at a stop is not written here: it is what the orders have in stage ``released`` at the moment.
    """

    pick_list: UUID
    location: str
    status: PickListStatus
    totes: tuple[Tote, ...]
    stops: tuple[Stop, ...]
    meters: float
    created_at: datetime
    version: int
    picks: tuple[Pick, ...] = ()
    wave: str | None = None
    picker: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


class PickListKey(Key[PickList], frozen=True, order=True, gc=False):
    """One pick list by its id."""

    pick_list: UUID


class AssignmentKey(Key[UUID], frozen=True, order=True, gc=False):
    """The pick list on which an order's work at a location is, as long as that has not ended."""

    order_id: UUID
    location: str
