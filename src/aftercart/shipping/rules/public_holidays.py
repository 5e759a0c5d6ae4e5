"""Public holidays of countries, and of the parts of France that have days of their own."""

import warnings
from datetime import date
from functools import lru_cache
from typing import Final

import holidays

_ALIASES: Final = {"FR-67": "FR-6AE", "FR-68": "FR-6AE"}


@lru_cache(maxsize=4_096)
def public_holidays(region: str, year: int) -> frozenset[date]:
    """Returns the public holidays of a country (``DE``) or of a part of it (``FR-57``, ``DE-BY``) in a year.

    A part that is not known has its country's, a country that is not known has none: work goes on there every day.
    """
    country, _, part = _ALIASES.get(region, region).partition("-")
    with warnings.catch_warnings():
        # Of some countries the library knows some days in some years only, and says so: these are better than none.
        warnings.simplefilter("ignore", UserWarning)
        try:
            return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
        except NotImplementedError:
            return public_holidays(country, year) if part else frozenset()
