"""How often one client may try: a bucket of tokens for each address, in this process."""

from collections import OrderedDict
from datetime import datetime
from typing import Final

TRIES_AT_ONCE: Final = 20
"""Enough for a family behind one address that mistypes; codes themselves are limited per order."""
SECONDS_PER_TRY: Final = 6.0
CLIENTS_MAX: Final = 10_000


class RateLimit:
    """Lets each client try ``TRIES_AT_ONCE`` times at once and then once in ``SECONDS_PER_TRY``."""

    def __init__(self) -> None:
        self._tries_left: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def wait_seconds(self, client: str, now: datetime) -> int:
        """Counts a try; returns zero when it may go on, else how many seconds to wait."""
        left, since = self._tries_left.pop(client, (float(TRIES_AT_ONCE), now))
        left = min(TRIES_AT_ONCE, left + max((now - since).total_seconds(), 0) / SECONDS_PER_TRY)
        allowed = left >= 1
        self._tries_left[client] = (left - 1 if allowed else left, now)
        # Who was longest away is forgotten first: by then their bucket is full again, or the crowd is an attack.
        if len(self._tries_left) > CLIENTS_MAX:
            self._tries_left.popitem(last=False)
        return 0 if allowed else int((1 - left) * SECONDS_PER_TRY) + 1
