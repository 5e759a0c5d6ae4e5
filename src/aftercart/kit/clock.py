"""The time of day, asked for in one place so that the whole shop can be run under a simulated clock."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment as an aware UTC ``datetime``."""

    def now(self) -> datetime:
        """Returns the present moment."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Returns the present moment."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved, and never goes back."""

    def __init__(self, at: datetime) -> None:
        self._at = _in_utc(at)

    def now(self) -> datetime:
        """Returns the moment the clock was last moved to."""
        return self._at

    def advance_to(self, at: datetime) -> None:
        """Moves the clock to ``at``; raises ``ValueError`` for an earlier moment than the present one."""
        target = _in_utc(at)
        if target < self._at:
            raise ValueError(f"the clock stands at {self._at.isoformat()} and cannot go back to {target.isoformat()}")
        self._at = target


def _in_utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"expected a moment with its time zone, got {at.isoformat()}")
    return at.astimezone(UTC)
