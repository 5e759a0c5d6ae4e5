"""Which holds an order has after a change."""

from datetime import datetime, timedelta
from typing import Final

from aftercart.orders.model import Hold, HoldReason

PAYMENT_WAIT: Final = timedelta(days=7)
"""How long an order waits for its payment before it is canceled and its stock freed."""


def payment_hold(
    holds: tuple[Hold, ...], *, total_minor: int, authorized_minor: int, now: datetime
) -> tuple[Hold, ...]:
    """Returns the holds with a payment hold exactly when the total is above what is authorized."""
    return _with(
        holds, HoldReason.PAYMENT, needed=total_minor > authorized_minor, since=now, expires_at=now + PAYMENT_WAIT
    )


def missing_stock_hold(holds: tuple[Hold, ...], *, needed: bool, now: datetime) -> tuple[Hold, ...]:
    """Returns the holds with or without one for missing stock."""
    return _with(holds, HoldReason.MISSING_STOCK, needed=needed, since=now, expires_at=None)


def _with(
    holds: tuple[Hold, ...], reason: HoldReason, *, needed: bool, since: datetime, expires_at: datetime | None
) -> tuple[Hold, ...]:
    others = tuple(hold for hold in holds if hold.reason is not reason)
    if not needed:
        return others
    kept = next((hold for hold in holds if hold.reason is reason), None)
    return *others, kept or Hold(reason=reason, since=since, expires_at=expires_at)
