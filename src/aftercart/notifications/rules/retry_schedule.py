"""When a delivery that failed is tried again, and when it is given up."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID


def _waits(*seconds: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=one) for one in seconds)


_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE

MAIL_WAITS: Final = _waits(
    _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR, 24 * _HOUR
)
"""About three days: a mail server that is down over a weekend is back by then, and the news is still news."""
URGENT_WAITS: Final = _waits(5, 15, _MINUTE, 3 * _MINUTE, 5 * _MINUTE)
"""About ten minutes, for mails that are of no use after a quarter of an hour."""
WEBHOOK_WAITS: Final = _waits(
    5, _MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR
)
"""About three days, so that a system that breaks on a Friday evening has lost nothing on Monday."""

JITTER: Final = 0.2
"""Each wait is up to this part shorter or longer, so that what failed together does not come back together."""


def next_attempt(waits: Sequence[timedelta], *, attempts: int, delivery_id: UUID, now: datetime) -> datetime | None:
    """Returns when to try again after ``attempts`` that failed, ``None`` when it is time to give up.

    The jitter is drawn from the delivery's id, so it is the same for the same delivery whoever asks.
    """
    if attempts > len(waits):
        return None
    return now + waits[attempts - 1] * (1 + JITTER * _draw(delivery_id, attempts))


def _draw(delivery_id: UUID, attempts: int) -> float:
    """Returns a number from -1 to 1."""
    digest = hashlib.blake2b(delivery_id.bytes + attempts.to_bytes(4), digest_size=8).digest()
    return int.from_bytes(digest) / 2**63 - 1
