"""What the clock asks for: what is due becomes a command that names the due time it fires for.

A command whose due time was settled or moved meanwhile refuses with ``NotDueAnymore``, so several workers may fire the
same deadline, and a late one does no harm.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

from aftercart.kit.commands import Command
from aftercart.kit.database import Database
from aftercart.orders.decisions.cancel_order import ExpirePaymentHold
from aftercart.orders.queries import find_expired_payment_holds

DUE_MAX: Final = 200

Deadline = Callable[[Database, datetime], Awaitable[Sequence[Command]]]
"""``due(database, now)`` returns the commands that are due, at most ``DUE_MAX``, the longest due first."""


async def _payment_holds(database: Database, now: datetime) -> Sequence[Command]:
    expired = await find_expired_payment_holds(database, now=now, limit=DUE_MAX)
    return tuple(ExpirePaymentHold(order_id=order_id, due_at=due_at) for order_id, due_at in expired)


DEADLINES: Final[dict[str, Deadline]] = {"payment_holds": _payment_holds}
