"""Places and stock as the bus keeps them: what is told is stored, and every movement is in the ledger."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import msgspec
import pytest
from tests.scenario import NOW, W1, W2, cart, location
from tests.small_shop import ADMIN, count_of, open_for_business, order_of, receipt

from aftercart.inventory.decisions.adjust_stock import AdjustStock
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.inventory.model import Location
from aftercart.inventory.store import ALL_LOCATIONS
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Answer
from aftercart.kit.refusal import Invalid
from aftercart.shop import Shop, open_shop

STOCK = "SELECT sku, location, on_hand, reserved, short FROM inventory.stock ORDER BY sku, location"
MOVEMENTS = "SELECT sku, location, quantity, kind, reference FROM inventory.movements ORDER BY movement_id"
EVENT_TYPES = "SELECT type FROM kit.event_log WHERE type LIKE 'Stock%%' ORDER BY position"

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    async with open_shop(database_url, clock=SimulatedClock(NOW)) as shop:
        await open_for_business(shop, ["A", "B"])
        yield shop


def adjustment(place: str, **deltas: int) -> AdjustStock:
    lines = [{"sku": sku, "delta": delta} for sku, delta in deltas.items()]
    return msgspec.convert({"location": place, "reason": "found", "lines": lines}, AdjustStock)


async def locations(shop: Shop) -> tuple[Location, ...]:
    ((_, found),) = ALL_LOCATIONS.read(iter(await shop.database.run(ALL_LOCATIONS.load(()))))
    return found


async def describe(shop: Shop, place: Location) -> Answer:
    told: dict[str, Any] = msgspec.to_builtins(place)
    del told["version"]
    return await shop.submit(msgspec.convert({"locations": [told]}, UpsertLocations), ADMIN)


async def test_every_document_moves_stock_and_is_in_the_ledger(shop: Shop) -> None:
    await shop.submit(receipt("W1", {"A": 5, "B": 2}), ADMIN)
    await shop.submit(adjustment("W1", A=-1, B=0), ADMIN)
    await shop.submit(adjustment("W2", B=3), ADMIN)
    await shop.submit(count_of("W1", {"A": 7, "B": 2}), ADMIN)
    assert await shop.database.rows(STOCK) == [
        ("A", "W1", 7, 0, 0),
        ("B", "W1", 2, 0, 0),
        ("B", "W2", 3, 0, 0),
    ]
    assert await shop.database.rows(MOVEMENTS) == [
        ("A", "W1", 5, "receipt", "PO"),
        ("B", "W1", 2, "receipt", "PO"),
        ("A", "W1", -1, "adjustment", "found"),
        ("B", "W2", 3, "adjustment", "found"),
        ("A", "W1", 3, "count", ""),
    ]
    kinds = [kind for (kind,) in await shop.database.rows(EVENT_TYPES)]
    assert kinds == ["StockReceived", "StockAdjusted", "StockAdjusted", "StockCounted"]


async def test_a_count_below_what_is_reserved_leaves_stock_short_until_it_is_found(shop: Shop) -> None:
    await shop.submit(receipt("W1", {"A": 5}), ADMIN)
    await shop.submit(cart({"sku": "A", "quantity": 4}), ADMIN)
    await shop.submit(count_of("W1", {"A": 1}), ADMIN)
    assert await shop.database.rows(STOCK) == [("A", "W1", 1, 4, 3)]
    await shop.submit(receipt("W1", {"A": 2}), ADMIN)
    assert await shop.database.rows(STOCK) == [("A", "W1", 3, 4, 1)]


async def test_a_misspelled_sku_or_place_leaves_no_row_behind(shop: Shop) -> None:
    for command in (receipt("W1", {"A": 1, "X": 1}), receipt("nowhere", {"A": 1})):
        with pytest.raises(Invalid):
            await shop.submit(command, ADMIN)
    with pytest.raises(Invalid):
        await shop.submit(receipt("nowhere", {"A": 1}), ADMIN)
    assert [row for row in await shop.database.rows(STOCK) if row[2:] != (0, 0, 0) or row[0] == "X"] == []


async def test_places_are_stored_as_described_and_change_version_by_version(shop: Shop) -> None:
    assert await locations(shop) == (W1, W2)
    changed = location(
        "W2",
        cutoff="09:15",
        working_days=(6, 7),
        hourly_capacity_orders=50,
        pickups=True,
        coordinates={"latitude": -0.1, "longitude": 179.99999},
        opens="00:05",
        closed_dates=("2026-05-02", "2026-12-24"),
        holiday_region="FR-67",
        floor_units=3,
        parcel_cost_minor=450,
        version=2,
    )
    await describe(shop, changed)
    assert await locations(shop) == (W1, changed)
    assert (await describe(shop, changed)).result == b'{"created":0,"updated":0,"unchanged":1}'


async def test_a_place_can_be_used_by_what_comes_with_it_in_one_batch(shop: Shop) -> None:
    new = location("W0")
    _, _, answer = await asyncio.gather(
        describe(shop, new),
        shop.submit(receipt("W0", {"A": 1}), ADMIN),
        shop.submit(cart({"sku": "A"}, channel="patient"), ADMIN),
    )
    assert (await shop.database.rows(STOCK))[0][:3] == ("A", "W0", 1)
    assert order_of(answer).units[0].location == "W0"
