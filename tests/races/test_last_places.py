"""Many want the last hour of a truck or the last place of a slot at once: so many get one as there are."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.races.buyers import Outcome, give_back, outcome, two_shops
from tests.races.places import (
    FLOOR,
    HOURS,
    SLOTS,
    TRUCK,
    kept_places,
    open_narrow_shop,
    wish,
    without_capacity_locks,
)
from tests.shipping.words import VAN, at
from tests.small_shop import ADMIN, order_of

from aftercart.kit.commands import Answer
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import State
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.handlers import circumstances
from aftercart.shipping.model import CapacityKey, UpcomingCapacityKey
from aftercart.shipping.rules.work import BookedOf
from aftercart.shop import Shop

BUYERS = 24
PLACES = VAN.slots[0].capacity
FIRST_SLOT = at("Wed 2026-03-04 08:00")

pytestmark = pytest.mark.anyio


async def place(shops: Sequence[Shop], *, buyers: int, slot: datetime | None = None) -> list[Outcome]:
    """Lets so many buyers place an order at once, half of them in each process."""
    return await asyncio.gather(*(outcome(shops[n % 2].submit(wish(n, slot), ADMIN)) for n in range(buyers)))


def orders_in(outcomes: Sequence[Outcome]) -> list[UUID]:
    return [order_of(one).order_id for one in outcomes if isinstance(one, Answer)]


def refusals_in(outcomes: Sequence[Outcome]) -> set[str]:
    return {one.code for one in outcomes if isinstance(one, Refusal)}


def slots(count: int) -> list[datetime]:
    """Returns the mornings of so many days on which the van goes, not too far ahead to be booked."""
    return [
        FIRST_SLOT + timedelta(days=days) for days in range(12) if (FIRST_SLOT + timedelta(days=days)).weekday() < 6
    ][:count]


async def test_orders_for_the_last_hours_of_a_truck_take_one_each_and_the_others_the_next_trucks(
    database_url: str, share: Callable[[int], int]
) -> None:
    async with two_shops(database_url) as shops:
        await open_narrow_shop(shops[0])
        for _ in range(share(20)):
            placed = orders_in(await place(shops, buyers=BUYERS))
            assert len(placed) == BUYERS
            kept = await kept_places(shops[0])
            assert set(kept.values()) == {1}
            assert sorted(hour for _, at, hour in kept if at == TRUCK) == list(range(HOURS))
            assert len(kept) == BUYERS
            await give_back(shops, placed)
            assert not await kept_places(shops[0])


async def test_the_last_places_of_a_slot_are_sold_once_and_again_when_they_are_given_back(
    database_url: str, share: Callable[[int], int]
) -> None:
    async with two_shops(database_url) as shops:
        await open_narrow_shop(shops[0])
        for slot in slots(share(100)):
            outcomes = await place(shops, buyers=BUYERS, slot=slot)
            placed = orders_in(outcomes)
            assert len(placed) == PLACES
            assert refusals_in(outcomes) == {"slot_full"}
            assert (await kept_places(shops[0]))[SLOTS, slot, 0] == PLACES
            await give_back(shops, placed[:1])
            again = orders_in(await place(shops, buyers=BUYERS, slot=slot))
            assert len(again) == 1
            await give_back(shops, placed[1:] + again)


async def test_of_many_orders_that_change_to_the_same_slot_so_many_get_it_as_there_are_places(
    database_url: str, share: Callable[[int], int]
) -> None:
    async with two_shops(database_url) as shops:
        await open_narrow_shop(shops[0])
        placed = orders_in(await place(shops, buyers=BUYERS))
        for slot in slots(share(100)):
            changes = [ChangeDeliveryMethod(order_id=order_id, method=VAN.code, slot=slot) for order_id in placed]
            outcomes = await asyncio.gather(
                *(outcome(shops[n % 2].submit(change, ADMIN)) for n, change in enumerate(changes))
            )
            assert len(orders_in(outcomes)) == PLACES
            assert refusals_in(outcomes) <= {"slot_full", "slot_not_reachable"}
            kept = await kept_places(shops[0])
            assert kept[SLOTS, slot, 0] == PLACES
            assert {orders for (resource, _, _), orders in kept.items() if resource == FLOOR} == {1}


async def overbooked(url: str, *, unlocked: bool) -> bool:
    """Tells whether a slot or an hour is soon taken more often than it is there."""
    async with two_shops(url, without_capacity_locks) if unlocked else two_shops(url) as shops:
        await open_narrow_shop(shops[0])
        for slot in slots(12) * 5:
            # The rows are there from the first round on: who makes them waits for whoever makes them too.
            placed = orders_in(await place(shops, buyers=BUYERS, slot=slot))
            kept = await kept_places(shops[0])
            if any(orders > (PLACES if resource == SLOTS else 1) for (resource, _, _), orders in kept.items()):
                return True
            await give_back(shops, placed)
    return False


async def test_control_without_the_lock_on_capacity_too_many_get_the_last_place(unaudited_url: str) -> None:
    assert await overbooked(unaudited_url, unlocked=True)


async def test_control_deciding_on_what_was_seen_before_the_lock_gives_a_place_away_twice(
    unaudited_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def booked_as_scouted(state: State) -> BookedOf:
        upcoming = state.find(UpcomingCapacityKey()) or {}
        return lambda resource, at: () if (seen := upcoming.get(CapacityKey(resource, at))) is None else seen.booked

    monkeypatch.setattr(circumstances, "_booked", booked_as_scouted)
    assert await overbooked(unaudited_url, unlocked=False)
