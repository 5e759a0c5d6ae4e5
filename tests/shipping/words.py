"""Words for telling stories about delivery: places with hours and closed days, methods, pickup points, moments."""

from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from tests.scenario import LYON as ADDRESS
from tests.scenario import location

from aftercart.inventory.model import Location
from aftercart.kit.address import Address
from aftercart.shipping.model import (
    DeliveryMethod,
    Destination,
    MethodKind,
    Names,
    PickupPoint,
    Rate,
    SlotTemplate,
    Transit,
    Zone,
)
from aftercart.shipping.rules.defaults import DEFAULTS_BY_CODE

PARIS_TIME: Final = ZoneInfo("Europe/Paris")


def place(code: str, *, postcode: str = "69002", country: str = "FR", **changes: Any) -> Location:
    """Returns a warehouse that works from Monday to Friday, cut-off at 14:00."""
    address = msgspec.structs.replace(ADDRESS, postcode=postcode, country=country)
    return location(code, address=address, **changes)


LYON: Final = place("LYON")


def method(code: str, /, **changes: Any) -> DeliveryMethod:
    """Returns a built-in method, changed in some respects."""
    return msgspec.structs.replace(DEFAULTS_BY_CODE[code], **changes)


COLISSIMO: Final = method("colissimo-home")
EXPRESS: Final = method("chronopost-express")
RELAY: Final = method("mondial-relay-point")
COLLECT: Final = method("store-pickup")
SAME_DAY: Final = method(
    "chronopost-express", code="same-day", transit=(Transit(zone=Zone.FRANCE, days_min=0, days_max=0),)
)
VAN: Final = DeliveryMethod(
    code="van",
    kind=MethodKind.SCHEDULED_SLOT,
    carrier="our van",
    names=Names(en="our van", fr="notre camionnette"),
    currency="EUR",
    rates=(Rate(zone=Zone.FRANCE, price_minor=500),),
    transit=(Transit(zone=Zone.FRANCE, days_min=1, days_max=1),),
    slots=tuple(
        SlotTemplate(weekday=weekday, starts=starts, ends=ends, capacity=2)
        for weekday in range(1, 7)
        for starts, ends in (("08:00", "10:00"), ("18:00", "20:00"))
    ),
)


def point(opening_hours: str, *, postcode: str = "75002") -> PickupPoint:
    """Returns a pickup point of the network that ``RELAY`` goes to."""
    address = Address(name="Le Relais", line1="1 rue Neuve", postcode=postcode, city="Ville", country="FR")
    return PickupPoint(
        network="mondial-relay",
        code="FR-1",
        name="Le Relais",
        address=address,
        latitude=48.86,
        longitude=2.35,
        opening_hours=opening_hours,
        active=True,
        version=1,
    )


def to(place: str) -> Destination:
    """Returns where ``75002`` (in France) or ``DE 10115`` is."""
    country, _, postcode = place.partition(" ") if place[:2].isalpha() else ("FR", "", place)
    return Destination(country=country, postcode=postcode)


def at(text: str, zone: ZoneInfo = PARIS_TIME) -> datetime:
    """Returns the moment of a local ``Mon 2026-03-02 10:00``; the day of the week must be right."""
    weekday, _, rest = text.partition(" ")
    local = datetime.strptime(rest, "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    assert f"{local:%a}" == weekday, text
    return local.astimezone(UTC)


def on(text: str) -> date:
    """Returns the day of ``Mon 2026-03-02``; the day of the week must be right."""
    day = date.fromisoformat(text.partition(" ")[2])
    assert f"{day:%a}" == text[:3], text
    return day
