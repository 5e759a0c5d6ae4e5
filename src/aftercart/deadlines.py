"""What the clock asks for: what is due becomes a command.

One that names the due time it fires for refuses with ``NotDueAnymore`` when that was settled or moved meanwhile; one
that looks again at a promise changes nothing when nothing is new. So several workers may fire the same deadline, and a
late one does no harm.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from aftercart.kit.commands import Command
from aftercart.kit.database import Database
from aftercart.orders.decisions.cancel_order import ExpirePaymentHold
from aftercart.orders.decisions.lift_hold import ExpireHold
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.decisions.review_promise import ReviewPromise
from aftercart.orders.model import HoldReason
from aftercart.orders.queries import (
    find_due_releases,
    find_expired_holds,
    find_next_times,
    find_overdue,
)

_ONE_DAY: Final = timedelta(days=1)
_LAST_MIDNIGHT: Final = timedelta(hours=12)
"""A day is over everywhere on earth so long after its end in UTC."""

Deadline = Callable[[Database, datetime, int], Awaitable[Sequence[Command]]]
"""``due(database, now, limit)`` returns the commands that are due, at most ``limit``, the longest due first."""


async def _holds(database: Database, now: datetime, limit: int) -> Sequence[Command]:
    expired = await find_expired_holds(database, now=now, limit=limit)
    return tuple(
        ExpirePaymentHold(order_id=order_id, due_at=due_at)
        if reason is HoldReason.PAYMENT
        else ExpireHold(order_id=order_id, reason=reason, due_at=due_at)
        for order_id, reason, due_at in expired
    )


async def _releases(database: Database, now: datetime, limit: int) -> Sequence[Command]:
    due = await find_due_releases(database, now=now, limit=limit)
    return tuple(ReleaseOrder(order_id=order_id, due_at=due_at) for order_id, due_at in due)


async def _promises(database: Database, now: datetime, limit: int) -> Sequence[Command]:
    overdue = await find_overdue(database, before=(now - _LAST_MIDNIGHT).date(), limit=limit)
    return tuple(
        ReviewPromise(order_id=order_id, sku=place.sku, location=place.location) for order_id, place in overdue
    )


DEADLINES: Final[dict[str, Deadline]] = {"holds": _holds, "releases": _releases, "promises": _promises}


async def find_next_due(database: Database) -> datetime | None:
    """Returns the earliest moment at which any deadline is due, past or to come, as aware UTC."""
    moments, awaited_date = await find_next_times(database)
    if awaited_date is not None:
        moments.append(datetime.combine(awaited_date + _ONE_DAY, time.min, tzinfo=UTC) + _LAST_MIDNIGHT)
    return min(moments, default=None)
