"""The nearest pickup points are the nearest, whatever a map of degrees says."""

import random
from collections.abc import AsyncGenerator, Sequence

import msgspec
import pytest
from tests.scenario import NOW
from tests.shipping.words import point
from tests.small_shop import ADMIN

from aftercart.inventory.model import Coordinates
from aftercart.kit.clock import SimulatedClock
from aftercart.shipping.decisions.upsert_pickup_points import UpsertPickupPoints
from aftercart.shipping.decisions.upsert_postcodes import UpsertPostcodes
from aftercart.shipping.model import PickupPoint
from aftercart.shipping.queries import find_coordinates, find_nearest_points
from aftercart.shipping.rules.whereabouts import distance_km
from aftercart.shop import Shop, open_shop

pytestmark = pytest.mark.anyio
SEED = 20260302

AROUND_THE_GLOBE_KM = 21_000


@pytest.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    async with open_shop(database_url, clock=SimulatedClock(NOW)) as shop:
        yield shop


def point_at(code: str, latitude: float, longitude: float, *, network: str = "relays") -> PickupPoint:
    told = point("24/7")
    return msgspec.structs.replace(told, network=network, code=code, latitude=latitude, longitude=longitude)


async def describe(shop: Shop, points: Sequence[PickupPoint]) -> None:
    described = [
        {name: value for name, value in msgspec.to_builtins(one).items() if name != "version"} for one in points
    ]
    await shop.submit(msgspec.convert({"points": described}, UpsertPickupPoints), ADMIN)


async def nearest(shop: Shop, near: Coordinates, *, limit: int, networks: Sequence[str] = ("relays",)) -> list[str]:
    found = await find_nearest_points(
        shop.database, networks=networks, countries=["FR"], near=near, limit=limit, radius_km=AROUND_THE_GLOBE_KM
    )
    assert [one.distance_km for one in found] == sorted(one.distance_km for one in found)
    return [one.point.code for one in found]


async def test_the_nearest_points_are_those_a_look_at_all_of_them_finds(shop: Shop) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    points = [
        point_at(str(number), round(chance.uniform(-89, 89), 6), round(chance.uniform(-170, 170), 6))
        for number in range(1_500)
    ]
    points += [
        point_at(f"town-{number}", round(48 + chance.gauss(0, 0.2), 6), round(2 + chance.gauss(0, 0.2), 6))
        for number in range(500)
    ]
    await describe(shop, points)
    for _ in range(25):
        near = Coordinates(latitude=chance.choice((48, chance.uniform(-85, 85))), longitude=chance.uniform(-60, 60))
        limit = chance.randint(1, 12)

        def far(one: PickupPoint, here: Coordinates = near) -> float:
            return distance_km(here, Coordinates(latitude=one.latitude, longitude=one.longitude))

        assert await nearest(shop, near, limit=limit) == [one.code for one in sorted(points, key=far)[:limit]]


async def test_a_degree_of_longitude_is_shorter_than_one_of_latitude(shop: Shop) -> None:
    await describe(shop, [point_at("north", 48.9, 2.0), point_at("east", 48.0, 3.1)])
    assert await nearest(shop, Coordinates(latitude=48, longitude=2), limit=1) == ["east"]


async def test_only_active_points_of_the_networks_and_countries_asked_for_are_found(shop: Shop) -> None:
    here = point_at("here", 48, 2)
    elsewhere = msgspec.structs.replace(
        here, code="belgian", address=msgspec.structs.replace(here.address, country="BE", postcode="1000")
    )
    closed = msgspec.structs.replace(here, code="closed", active=False)
    await describe(shop, [here, elsewhere, closed, point_at("other", 48, 2, network="lockers")])
    near = Coordinates(latitude=48, longitude=2)
    assert await nearest(shop, near, limit=5) == ["here"]
    assert await nearest(shop, near, limit=5, networks=["relays", "lockers"]) == ["other", "here"]
    assert await nearest(shop, near, limit=5, networks=["nobody's"]) == []


async def test_a_postcode_is_where_the_directory_says_else_about_at_its_prefecture(shop: Shop) -> None:
    told = {"country": "FR", "postcode": "69003", "latitude": 45.7561, "longitude": 4.8523}
    await shop.submit(msgspec.convert({"postcodes": [told]}, UpsertPostcodes), ADMIN)
    known = await find_coordinates(shop.database, country="FR", postcode="69003")
    about = await find_coordinates(shop.database, country="FR", postcode="69400")
    assert known == Coordinates(latitude=45.7561, longitude=4.8523)
    assert about == Coordinates(latitude=45.76, longitude=4.84)
    assert await find_coordinates(shop.database, country="JP", postcode="154-0023") is None
