"""Moments that callers send, brought to UTC."""

from datetime import UTC, datetime

from aftercart.kit.refusal import Invalid


def moment_in_utc(at: datetime, *, param: str) -> datetime:
    """Returns the moment in UTC; raises ``Invalid`` for one without time zone, or at the very edge of the calendar."""
    if at.utcoffset() is None:
        raise Invalid(param=param, expected="a moment with its time zone", got=at.isoformat())
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise Invalid(param=param, expected="a moment of the years 1 to 9999", got=at.isoformat()) from None
