"""What shipping derives from a location: whose holidays it keeps, and about where it is."""

from aftercart.inventory.model import Coordinates, Location
from aftercart.shipping.rules.whereabouts import approximate_coordinates
from aftercart.shipping.rules.zones import holiday_region


def region_of_location(location: Location) -> str:
    """Returns whose public holidays it keeps: those it names, else those of its address."""
    return location.holiday_region or holiday_region(location.address.country, location.address.postcode)


def coordinates_of(location: Location) -> Coordinates | None:
    """Returns where it is: what it says itself, else about where its postcode is."""
    return location.coordinates or approximate_coordinates(location.address.country, location.address.postcode)
