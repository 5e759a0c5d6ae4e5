"""Public holidays of countries, and of the parts of France that have days of their own."""

from datetime import date
from functools import lru_cache

import holidays

_ALIASES = {"FR-67": "FR-6AE", "FR-68": "FR-6AE"}


@lru_cache(maxsize=4_096)
def public_holidays(region: str, year: int) -> frozenset[date]:
    """Returns the public holidays of a country (``DE``) or of a part of it (``FR-57``, ``DE-BY``) in a year.

    A part that is not known has its country's, a country that is not known has none: work goes on there every day.
    """
    country, _, part = _ALIASES.get(region, region).partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError:
        return public_holidays(country, year) if part else frozenset()
