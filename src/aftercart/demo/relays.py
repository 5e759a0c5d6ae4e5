"""Where parcels of the demo shop can be collected: invented pickup points in ten towns, and where those towns are."""

import random
from typing import Final, NamedTuple

from aftercart.kit.address import Address
from aftercart.shipping.decisions.upsert_pickup_points import PickupPointDefinition
from aftercart.shipping.decisions.upsert_postcodes import PostcodeDefinition

NETWORK: Final = "mondial-relay"
POINTS: Final = 40
_SEED: Final = 20260303
_DEGREES: Final = 0.018  # about two kilometers around the middle of a town


class Town(NamedTuple):
    """A town, by the postcode of its middle."""

    postcode: str
    name: str
    latitude: float
    longitude: float


TOWNS: Final = (
    Town("69003", "Lyon", 45.757, 4.853),
    Town("59800", "Lille", 50.637, 3.063),
    Town("33000", "Bordeaux", 44.841, -0.580),
    Town("21000", "Dijon", 47.322, 5.041),
    Town("44000", "Nantes", 47.217, -1.554),
    Town("38000", "Grenoble", 45.188, 5.725),
    Town("31000", "Toulouse", 43.605, 1.444),
    Town("75003", "Paris", 48.863, 2.360),
    Town("29200", "Brest", 48.390, -4.486),
    Town("67000", "Strasbourg", 48.583, 7.746),
)

_SHOPS: Final = ("Tabac", "Épicerie", "Fleuriste", "Pressing", "Librairie", "Cordonnerie", "Café", "Quincaillerie")
_NAMES: Final = ("de la Fontaine", "du Pont Vieux", "des Quatre Vents", "du Marché", "de la Gare", "des Platanes")
_STREETS: Final = ("rue du Puits Doux", "place des Halles", "rue de l'Horloge", "quai des Mariniers", "rue Basse")
_HOURS: Final = (
    "Mo-Sa 08:30-19:30; PH off",
    "Tu-Sa 09:30-12:30,14:00-19:00; PH off",
    "Mo-Fr 07:00-20:00; Sa 08:00-13:00; PH off",
    "Mo-Sa 10:00-19:00; We off; PH off",
    "24/7",
)


def demo_pickup_points() -> tuple[PickupPointDefinition, ...]:
    """Returns the same points on every machine, four in each town."""
    chance = random.Random(_SEED)  # noqa: S311 - the same points on every machine
    return tuple(_point(number, chance) for number in range(1, POINTS + 1))


def demo_postcodes() -> tuple[PostcodeDefinition, ...]:
    """Returns where the towns are."""
    return tuple(
        PostcodeDefinition(country="FR", postcode=town.postcode, latitude=town.latitude, longitude=town.longitude)
        for town in TOWNS
    )


def point_code(number: int) -> str:
    """Returns the network's code of the ``number``-th point, from 1 on; it lies in ``TOWNS[number % len(TOWNS)]``."""
    return f"FR-{10_000 + 7 * number}"


def _point(number: int, chance: random.Random) -> PickupPointDefinition:
    town = TOWNS[number % len(TOWNS)]
    name = f"{chance.choice(_SHOPS)} {chance.choice(_NAMES)}"
    line1 = f"{chance.randint(1, 90)} {chance.choice(_STREETS)}"
    return PickupPointDefinition(
        network=NETWORK,
        code=point_code(number),
        name=name,
        address=Address(name=name, line1=line1, postcode=town.postcode, city=town.name, country="FR"),
        latitude=round(town.latitude + chance.uniform(-_DEGREES, _DEGREES), 6),
        longitude=round(town.longitude + chance.uniform(-_DEGREES, _DEGREES), 6),
        opening_hours=chance.choice(_HOURS),
    )
