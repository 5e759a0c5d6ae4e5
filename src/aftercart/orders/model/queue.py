"""Who waits for a SKU at a location: the orders that stand in line for what comes there."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from aftercart.kit.state import Key


class Queued(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order that waits for ``units`` there, until ``expected_date``; ``None`` while nobody can say.

    ``promised_date`` is the day it was last promised for.
    """

    order_id: UUID
    units: int
    expected_date: date | None
    promised_date: date | None
    placed_at: datetime


class QueueKey(Key[tuple[Queued, ...]], frozen=True, order=True, gc=False):
    """All orders that wait for a SKU at a location, in no order."""

    sku: str
    location: str
