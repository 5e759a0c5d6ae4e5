"""Two processes edit, hold, release, supply and count the same orders while their day passes: nothing is lost.

Whatever they do to each other, no order is released while it is held or canceled, no hour and no slot is taken twice,
and every edit that was accepted is one version of its order.
"""

import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from itertools import pairwise
from typing import Any

import msgspec
import psycopg
import pytest
from tests.races.places import kept_places
from tests.races.processes import deadlocks_in, find_deadlocks_soon, run_together
from tests.races.rush import HOT, Done, Edit
from tests.scenario import W1, W2
from tests.shipping.words import VAN
from tests.small_shop import ADMIN, PATIENT, open_for_business, receipt

from aftercart.app import EVENTS
from aftercart.orders.decisions.set_policy import SetPolicy
from aftercart.orders.events import OrderReleased
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order, ReleaseMode, ReleaseRule, Status
from aftercart.orders.rules.readiness import has_waiting_units
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods
from aftercart.shipping.model import floor_resource, slot_resource
from aftercart.shop import Shop, open_shop
from aftercart.views.audit import audit

PLACES = (
    msgspec.structs.replace(W1, hourly_capacity_orders=1),
    msgspec.structs.replace(W2, hourly_capacity_orders=2),
)
SLOTS = tuple(msgspec.structs.replace(slot, capacity=1) for slot in VAN.slots)
CAPACITY = {floor_resource("W1"): 1, floor_resource("W2"): 2, slot_resource(VAN.code): 1}
RELEASE = (
    ReleaseRule(mode=ReleaseMode.UNTIL_CUTOFF, minutes=30, channels=(PATIENT,)),
    ReleaseRule(mode=ReleaseMode.IMMEDIATELY),
)
TAKEN, RELEASED = "is taken", "was released"
CONTROL_SECONDS = 3
CONTROL_ROUNDS = 10

pytestmark = pytest.mark.anyio


async def lead_lives(url: str, *, seconds: float, seed: int, broken: str = "") -> list[Done]:
    """Opens a shop in which places are rare and lets two processes, with a broken part if any, lead its orders."""
    find_deadlocks_soon(url)
    van: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(VAN, slots=SLOTS))
    del van["version"]
    async with open_shop(url) as shop:
        await open_for_business(shop, HOT, places=PLACES)
        await shop.submit(msgspec.convert({"methods": [van]}, UpsertDeliveryMethods), ADMIN)
        await shop.submit(SetPolicy(release=RELEASE), ADMIN)
        for place in PLACES:
            await shop.submit(receipt(place.code, dict.fromkeys(HOT, 30)), ADMIN)
    began = time.monotonic()
    given = [(url, str(seconds), str(seed + number), str(began), broken) for number in range(2)]
    return await run_together("tests.races.lives", given)


async def wrongs_in(url: str) -> list[str]:
    """Returns what must not be: taken twice, or released while it was canceled, held or incomplete."""
    async with open_shop(url) as shop:
        kept = await kept_places(shop)
        taken = [f"{place} {TAKEN} {orders} times" for place, orders in kept.items() if orders > CAPACITY[place[0]]]
        return taken + [wrong async for wrong in _wrong_releases(shop)]


async def _wrong_releases(shop: Shop) -> AsyncIterator[str]:
    order: Order | None = None
    for order_id, seq, name, data in await shop.database.rows(STREAMS):
        event: Any = msgspec.json.decode(data, type=EVENTS[name])
        before = order if seq > 1 else None
        if before is not None and isinstance(event, OrderReleased):
            incomplete = has_waiting_units(before) and not before.split_accepted
            if before.holds or incomplete or before.status is Status.CANCELED:
                yield f"{order_id} {RELEASED} at {seq}: {before.status}, {before.holds}"
        order = evolve(before, event, order_id=order_id)


STREAMS = """
    SELECT e.stream, e.seq, e.type, e.data::text
    FROM kit.event_log AS e
    JOIN orders.orders AS o ON o.order_id = e.stream
    ORDER BY e.stream, e.seq
"""


def lost_edits(done: Iterable[Done]) -> list[Edit]:
    """Returns the edits that were accepted and began from a version from which another one began too."""
    edits = sorted(edit for one in done for edit in one.edits if edit.after > edit.before)
    return [
        later
        for earlier, later in pairwise(edits)
        if earlier.order_id == later.order_id and later.before < earlier.after
    ]


async def test_orders_that_are_edited_held_released_supplied_and_counted_at_once_lose_nothing(
    database_url: str, share: Callable[[int], int]
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    done = await lead_lives(database_url, seconds=share(80), seed=seed)
    told = f"seed {seed}: {[one.counts for one in done]}"
    assert deadlocks_in(database_url) == 0, told
    assert [one.faults for one in done] == [0, 0], told
    assert await wrongs_in(database_url) == [], told
    assert lost_edits(done) == [], told
    assert audit(database_url).failed == (), told
    for wish in ("ReleaseOrder", "Amend", "HoldOrder", "CountStock", "UpsertSupply"):
        assert any(one.counts.get(f"{wish} accepted") for one in done), told


async def caught(url: str, broken: str, wrongs: Callable[[list[Done]], Awaitable[list[str]]]) -> bool:
    """Tells whether what a broken rule does is seen in one of some rounds; a busy machine may need several."""
    for seed in range(CONTROL_ROUNDS):
        done = await lead_lives(url, seconds=CONTROL_SECONDS, seed=seed, broken=broken)
        if await wrongs(done):
            return True
    return False


async def test_control_without_the_lock_on_capacity_a_place_is_taken_twice(unaudited_url: str) -> None:
    async def taken(_done: list[Done]) -> list[str]:
        return [wrong for wrong in await wrongs_in(unaudited_url) if TAKEN in wrong]

    assert await caught(unaudited_url, "no-capacity-locks", taken)


async def test_control_without_locks_two_edits_begin_from_one_version(unaudited_url: str) -> None:
    async def lost(done: list[Done]) -> list[str]:
        return [str(edit) for edit in lost_edits(done)]

    # With the locks alone gone the second edit meets the place in the stream that the first one took, and begins again.
    with psycopg.connect(unaudited_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE kit.event_log DROP CONSTRAINT one_event_per_stream_and_seq")
    assert await caught(unaudited_url, "no-locks", lost)


async def test_control_a_release_that_ignores_holds_is_noticed(unaudited_url: str) -> None:
    async def released(_done: list[Done]) -> list[str]:
        return [wrong for wrong in await wrongs_in(unaudited_url) if RELEASED in wrong]

    assert await caught(unaudited_url, "no-holds", released)
