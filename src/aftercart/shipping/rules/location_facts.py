"""What shipping needs to know of a location beyond its working days and its cut-off."""

from datetime import date
from typing import Final

from aftercart.inventory.model import Location
from aftercart.shipping.model import Coordinates
from aftercart.shipping.rules.whereabouts import approximate_coordinates
from aftercart.shipping.rules.zones import holiday_region

OPENS: Final = "08:00"


def opens_of(location: Location) -> str:
    """Returns from when on its hands work, as local ``HH:MM``."""
    return getattr(location, "opens", OPENS)


def closed_dates_of(location: Location) -> tuple[date, ...]:
    """Returns the days on which it is closed for reasons of its own."""
    return getattr(location, "closed_dates", ())


def region_of_location(location: Location) -> str:
    """Returns whose public holidays it keeps: those it names, else those of its address."""
    named: str | None = getattr(location, "holiday_region", None)
    return named or holiday_region(location.address.country, location.address.postcode)


def coordinates_of(location: Location) -> Coordinates | None:
    """Returns where it is: what it says itself, else about where its postcode is."""
    told: Coordinates | None = getattr(location, "coordinates", None)
    return told or approximate_coordinates(location.address.country, location.address.postcode)
