"""Local times of day as moments, and back; an hour that clocks skip or repeat has one meaning everywhere."""

from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

MIDNIGHT: Final = "00:00"


@cache
def zone_named(name: str) -> ZoneInfo:
    """Returns the time zone of an IANA name."""
    return ZoneInfo(name)


@cache
def time_of_day(text: str) -> time:
    """Returns the time of day written as ``HH:MM``."""
    return time.fromisoformat(text)


@lru_cache(maxsize=16_384)
def moment_of(day: date, clock: str, timezone: str) -> datetime:
    """Returns a local ``HH:MM`` of a day as aware UTC.

    Of an hour that comes twice the first one counts; in an hour that is skipped, the clock that was not put forward.
    """
    return datetime.combine(day, time_of_day(clock), zone_named(timezone)).astimezone(UTC)


def local_day(at: datetime, timezone: str) -> date:
    """Returns the date on the calendars of a time zone at a moment."""
    return at.astimezone(zone_named(timezone)).date()


def local_clock(at: datetime, timezone: str) -> str:
    """Returns the ``HH:MM`` that clocks of a time zone show at a moment."""
    return at.astimezone(zone_named(timezone)).strftime("%H:%M")
