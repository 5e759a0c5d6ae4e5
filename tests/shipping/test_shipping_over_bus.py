"""Methods, points, postcodes and capacity as the bus keeps them: what is told is stored, and read as it was told."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from tests.scenario import NOW
from tests.shipping.words import COLISSIMO, VAN, at, point
from tests.small_shop import ADMIN

from aftercart.app import EVOLVERS, HANDLERS, KINDS
from aftercart.inventory.model import Coordinates
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.command_bus import CommandBus
from aftercart.kit.commands import Actor, Command, Context, Decision, Handler, Registry
from aftercart.kit.ids import SeededIds
from aftercart.kit.state import Event, Key, State
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods
from aftercart.shipping.decisions.upsert_pickup_points import UpsertPickupPoints
from aftercart.shipping.decisions.upsert_postcodes import UpsertPostcodes
from aftercart.shipping.evolve import evolve_bookings
from aftercart.shipping.model import (
    Booking,
    Capacity,
    CapacityKey,
    DeliveryMethod,
    MethodKey,
    MethodsKey,
    PickupPoint,
    PickupPointKey,
    PostcodeKey,
    UpcomingCapacityKey,
)
from aftercart.shipping.rules.defaults import DEFAULT_METHODS
from aftercart.shop import Shop, open_shop

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    async with open_shop(database_url, clock=SimulatedClock(NOW)) as shop:
        yield shop


def described(told: msgspec.Struct, **changes: object) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(told)
    del fields["version"]
    return fields | changes


async def describe_methods(shop: Shop, *methods: dict[str, Any]) -> str:
    answer = await shop.submit(msgspec.convert({"methods": list(methods)}, UpsertDeliveryMethods), ADMIN)
    return answer.result.decode()


async def describe_points(shop: Shop, *points: PickupPoint) -> str:
    command = msgspec.convert({"points": [described(one) for one in points]}, UpsertPickupPoints)
    return (await shop.submit(command, ADMIN)).result.decode()


async def methods(shop: Shop) -> tuple[DeliveryMethod, ...]:
    return (await shop.bus.read((MethodsKey(),))).find(MethodsKey()) or ()


async def test_what_is_built_in_is_there_until_it_is_described(shop: Shop) -> None:
    assert await methods(shop) == DEFAULT_METHODS
    assert await describe_methods(shop, described(COLISSIMO, carrier="La Poste")) == UPDATED
    own = msgspec.structs.replace(COLISSIMO, carrier="La Poste", version=1)
    assert [one for one in await methods(shop) if one not in DEFAULT_METHODS] == [own]
    assert len(await methods(shop)) == len(DEFAULT_METHODS)


UPDATED = '{"created":0,"updated":1,"unchanged":0}'


async def test_a_method_is_read_as_it_was_described_and_every_version_is_kept(shop: Shop) -> None:
    await describe_methods(shop, described(VAN))
    await describe_methods(shop, described(VAN, carrier="their van"))
    assert (
        await describe_methods(shop, described(VAN, carrier="their van")) == '{"created":0,"updated":0,"unchanged":1}'
    )
    state = await shop.bus.read((MethodKey("van"), MethodKey("bus")))
    assert state.find(MethodKey("van")) == msgspec.structs.replace(VAN, carrier="their van", version=2)
    assert state.find(MethodKey("bus")) is None
    kept = await shop.database.rows("SELECT version, carrier FROM shipping.methods WHERE code = 'van' ORDER BY version")
    assert kept == [(1, "our van"), (2, "their van")]


async def test_many_descriptions_at_once_are_one_version_each(shop: Shop, database_url: str) -> None:
    carriers = [f"van {number}" for number in range(12)]
    async with open_shop(database_url, clock=SimulatedClock(NOW)) as other:
        wishes = [
            describe_methods(one, described(VAN, carrier=carrier))
            for one, carrier in zip((shop, other) * 6, carriers, strict=True)
        ]
        await asyncio.gather(*wishes)
    kept = await shop.database.rows("SELECT version, carrier FROM shipping.methods ORDER BY version")
    assert [version for version, _ in kept] == list(range(1, 13))
    assert sorted(carrier for _, carrier in kept) == sorted(carriers)


async def test_points_are_stored_as_described(shop: Shop) -> None:
    one = point("Mo-Sa 09:00-19:00")
    other = msgspec.structs.replace(one, code="FR-2", latitude=-21.123456, longitude=55.5)
    assert await describe_points(shop, one, other) == '{"created":2,"updated":0,"unchanged":0}'
    moved = msgspec.structs.replace(other, latitude=-21.2)
    assert await describe_points(shop, one, moved) == '{"created":0,"updated":1,"unchanged":1}'
    state = await shop.bus.read((PickupPointKey(one.network, one.code), PickupPointKey(one.network, "FR-2")))
    assert state.find(PickupPointKey(one.network, one.code)) == one
    assert state.find(PickupPointKey(one.network, "FR-2")) == msgspec.structs.replace(moved, version=2)


async def test_postcodes_are_found_where_they_were_told_to_be(shop: Shop) -> None:
    told = {"country": "FR", "postcode": "69003", "latitude": 45.7561, "longitude": 4.8523}
    for command, result in ((told, (1, 0, 0)), (told, (0, 0, 1)), ({**told, "latitude": 45.8}, (0, 1, 0))):
        answer = await shop.submit(msgspec.convert({"postcodes": [command]}, UpsertPostcodes), ADMIN)
        assert tuple(msgspec.json.decode(answer.result).values()) == result
    state = await shop.bus.read((PostcodeKey("FR", "69003"), PostcodeKey("FR", "69004")))
    assert state.find(PostcodeKey("FR", "69003")) == Coordinates(latitude=45.8, longitude=4.8523)
    assert state.find(PostcodeKey("FR", "69004")) is None


# Orders are not booked by this area, so a command of the tests' own does it here.


class Booked(Event, frozen=True, kw_only=True):
    bookings: tuple[Booking, ...]


class Book(Command, frozen=True, kw_only=True):
    """Take hours, or give them back."""

    bookings: tuple[Booking, ...]


class Done(msgspec.Struct, frozen=True):
    pass


def _keys(command: Book, _facts: State) -> tuple[Key[Any], ...]:
    return tuple(CapacityKey(booking.resource, booking.at) for booking in command.bookings)


def _decide(command: Book, _state: State, context: Context) -> Decision:
    events = (Booked(bookings=command.bookings),)
    return Decision(stream=context.command_id, version=0, events=events, result=Done())


def _anybody(_actor: Actor, _command: Command, _root: Key[Any] | None) -> None:
    pass


REGISTRY = Registry(
    handlers={
        one.command: one for one in (*HANDLERS, Handler(command=Book, needs=_keys, create=_keys, decide=_decide))
    },
    kinds={kind.key: kind for kind in KINDS},
    evolvers={**EVOLVERS, Booked: (evolve_bookings,)},
    authorize=_anybody,
)
TRUCK = at("Mon 2026-03-02 14:00")


def booking(hour: int, quantity: int = 1, *, truck: datetime = TRUCK) -> Booking:
    return Booking(resource="floor:LYON", at=truck, hour=hour, quantity=quantity)


async def book(shop: Shop, bus: CommandBus, command: Book) -> None:
    context = Context(command_id=shop.ids.new_id(NOW), actor=ADMIN, now=NOW, ids=SeededIds(1))
    await bus.submit(command, context)


@pytest.mark.broken_on_purpose  # no such location, and no such event
async def test_bookings_are_kept_hour_by_hour_and_given_back(shop: Shop) -> None:
    async with CommandBus(REGISTRY, shop.database) as bus:
        await book(shop, bus, Book(bookings=(booking(3), booking(1, 2))))
        await book(shop, bus, Book(bookings=(booking(3, -1),)))
        state = await bus.read((CapacityKey("floor:LYON", TRUCK), CapacityKey("floor:LILLE", TRUCK)))
    assert state.find(CapacityKey("floor:LYON", TRUCK)) == Capacity(resource="floor:LYON", at=TRUCK, booked=(0, 2))
    assert state.find(CapacityKey("floor:LILLE", TRUCK)) is None


@pytest.mark.broken_on_purpose
async def test_upcoming_capacity_is_what_is_booked_from_yesterday_on_by_the_shops_own_clock(shop: Shop) -> None:
    days = [TRUCK + timedelta(days=days) for days in (-2, -1, 0, 30)]
    async with CommandBus(REGISTRY, shop.database) as bus:
        for truck in days:
            await book(shop, bus, Book(bookings=(booking(0, truck=truck),)))
        state = await bus.read((UpcomingCapacityKey(),))
    upcoming = state.find(UpcomingCapacityKey()) or {}
    assert sorted(upcoming) == [CapacityKey("floor:LYON", truck) for truck in days[1:]]
    assert upcoming[CapacityKey("floor:LYON", TRUCK)].booked == (1,)
