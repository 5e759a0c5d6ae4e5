"""A breaker per command type: a kind of command that keeps failing stops costing everyone else their batches."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from aftercart.kit.commands import Command, Overloaded

FAULTS_MAX: Final = 5
OPEN_SECONDS: Final = 10


class Breaker:
    """Counts faults in a row; after ``FAULTS_MAX`` commands of that type are refused for ``OPEN_SECONDS``.

    Then one is let through to see: a fault closes the door again at once, anything else opens it for all.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._faults: dict[type[Command], int] = defaultdict(int)
        self._closed_until: dict[type[Command], float] = {}

    def check(self, command: type[Command]) -> None:
        """Raises ``Overloaded`` while commands of this type are refused."""
        if not self._closed_until or command not in self._closed_until:
            return
        now = self._seconds()
        left = self._closed_until[command] - now
        if left > 0:
            raise Overloaded(retry_after_seconds=int(left) + 1, cause=f"{command.__name__} keeps failing")
        # This one goes through; the others wait for what becomes of it, or as long again if it never comes back.
        self._closed_until[command] = now + OPEN_SECONDS

    def record(self, command: type[Command], *, failed: bool) -> None:
        """Notes how a command of this type ended; a refusal is not a fault."""
        if not failed:
            if self._faults:
                self._faults.pop(command, None)
                self._closed_until.pop(command, None)
            return
        self._faults[command] += 1
        if self._faults[command] >= FAULTS_MAX:
            self._closed_until[command] = self._seconds() + OPEN_SECONDS
