"""On which days a pickup point opens, from opening hours as OpenStreetMap writes them."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from opening_hours import (
    OpeningHours,
    State,
    UnknownCountryError,  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
    validate,
)

from aftercart.shipping.rules.zones import postal_country

CHARACTERS_MAX: Final = 500
# Without it, an expression that ends in the past is searched to the year 10,000.
_INTERVAL_DAYS_MAX: Final = 366


def is_opening_hours(text: str) -> bool:
    """Tells whether a text says when something is open (https://wiki.openstreetmap.org/wiki/Key:opening_hours)."""
    return len(text) <= CHARACTERS_MAX and validate(text)


@lru_cache(maxsize=65_536)
def opens_on(text: str, country: str, day: date) -> bool:
    """Tells whether something with these opening hours opens on a day, be it for a short while."""
    midnight = datetime.combine(day, time.min)
    intervals = _parsed(text, postal_country(country)).intervals(midnight, midnight + timedelta(days=1))
    return any(state is State.OPEN for _, _, state, _ in intervals)


@lru_cache(maxsize=16_384)
def _parsed(text: str, country: str) -> OpeningHours:
    try:
        return OpeningHours(text, country=country, max_interval_days=_INTERVAL_DAYS_MAX)
    except UnknownCountryError:
        return OpeningHours(text, max_interval_days=_INTERVAL_DAYS_MAX)  # its public holidays are not known
