"""Which zone a place is in, and whose public holidays it keeps."""

from functools import lru_cache
from typing import Final

from aftercart.shipping.model import Zone

# The EU without France, the EEA, Switzerland, Great Britain, and what lies between or depends on them.
_EUROPE: Final = frozenset({
    "AD", "AT", "AX", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GB", "GG", "GI", "GR", "HR", "HU",
    "IE", "IM", "IS", "IT", "JE", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "SM",
    "VA",
})  # fmt: skip
_FRANCE: Final = "FR"
_MONACO: Final = "MC"
_MONACO_POSTCODES: Final = "980"

TERRITORIES: Final = {
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976", "BL": "977", "MF": "978",
    "TF": "984", "WF": "986", "PF": "987", "NC": "988",
}  # fmt: skip
"""French departments and territories that have a country code too, with the number they go by in France."""

# Their holidays by the beginning of their postcodes: Moselle and Alsace have two days more, overseas each its own.
_HOLIDAY_REGIONS: Final = {
    "57": "FR-57", "67": "FR-6AE", "68": "FR-6AE",
    "971": "FR-971", "972": "FR-972", "973": "FR-973", "974": "FR-974", "975": "FR-PM", "976": "FR-976",
    "977": "FR-BL", "978": "FR-MF", "984": "FR-TF", "986": "FR-WF", "987": "FR-PF", "988": "FR-NC", "980": "MC",
}  # fmt: skip
# Two islands left Guadeloupe and kept its postcodes.
_ISLANDS: Final = {"97133": "977", "97150": "978"}


@lru_cache(maxsize=16_384)
def zone_of(country: str, postcode: str) -> Zone:
    """Returns the zone of a place; a French department overseas is the world, whichever country code it goes by."""
    if country == _MONACO:
        return Zone.FRANCE
    if country == _FRANCE:
        return Zone.WORLD if _is_overseas(postcode) else Zone.FRANCE
    return Zone.EUROPE if country in _EUROPE else Zone.WORLD


@lru_cache(maxsize=16_384)
def holiday_region(country: str, postcode: str) -> str:
    """Returns whose public holidays a place keeps: a country (``DE``), or a part of France (``FR-57``)."""
    if country == _FRANCE:
        number = _ISLANDS.get(postcode, postcode)
        return _HOLIDAY_REGIONS.get(number[:3]) or _HOLIDAY_REGIONS.get(number[:2]) or country
    return _HOLIDAY_REGIONS[TERRITORIES[country]] if country in TERRITORIES else country


def postal_country(country: str) -> str:
    """Returns the country whose post a place has: France for its territories and Monaco."""
    return _FRANCE if country in TERRITORIES or country == _MONACO else country


def neighbors_of(country: str) -> tuple[str, ...]:
    """Returns the countries whose pickup points serve a place: its own, or all that share the French post."""
    return (_FRANCE, _MONACO, *TERRITORIES) if postal_country(country) == _FRANCE else (country,)


def _is_overseas(postcode: str) -> bool:
    return postcode.startswith(("97", "98")) and not postcode.startswith(_MONACO_POSTCODES)
