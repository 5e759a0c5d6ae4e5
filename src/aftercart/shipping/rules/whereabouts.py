"""How far places are from each other, and about where they are when nobody has said it."""

import math
from functools import lru_cache
from typing import Final

from aftercart.inventory.model import Coordinates
from aftercart.shipping.model import PostcodeKey
from aftercart.shipping.rules.prefectures import CAPITALS, DEPARTMENTS
from aftercart.shipping.rules.zones import TERRITORIES, postal_country

EARTH_RADIUS_KM: Final = 6371.0088
"""The mean radius (IUGG)."""
_POSTAL_FRANCE: Final = "FR"


def postcode_key(country: str, postcode: str) -> PostcodeKey:
    """Returns the key of a postcode; those of French territories and of Monaco are France's, by whichever code."""
    return PostcodeKey(postal_country(country), postcode)


@lru_cache(maxsize=16_384)
def approximate_coordinates(country: str, postcode: str) -> Coordinates | None:
    """Returns the prefecture of the postcode's department, else the country's capital; ``None`` far from France."""
    found: tuple[float, float] | None = None
    if postal_country(country) == _POSTAL_FRANCE:
        found = DEPARTMENTS.get(postcode[:3]) or DEPARTMENTS.get(postcode[:2])
        if found is None and country in TERRITORIES:
            found = DEPARTMENTS.get(TERRITORIES[country])
    found = found or CAPITALS.get(country)
    return None if found is None else Coordinates(latitude=found[0], longitude=found[1])


def distance_km(one: Coordinates, other: Coordinates) -> float:
    """Returns the length of the shortest way between two places over the surface of a round earth."""
    latitude, other_latitude = math.radians(one.latitude), math.radians(other.latitude)
    half_rise = (other_latitude - latitude) / 2
    half_turn = math.radians(other.longitude - one.longitude) / 2
    chord = math.sin(half_rise) ** 2 + math.cos(latitude) * math.cos(other_latitude) * math.sin(half_turn) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(chord, 1.0)))
