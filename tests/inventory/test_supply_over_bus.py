"""Supply as the bus keeps it: stock rows know what is to come, what waits, and what is kept back."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import date
from typing import Any

import msgspec
import pytest
from tests.scenario import NEXT_WEEK, NOW, cart, supply_line
from tests.small_shop import ADMIN, PATIENT, count_of, find_stock, open_for_business, order_of, receipt

from aftercart.inventory.decisions.quarantine_stock import QuarantineStock
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.set_safety_stock import SetSafetyStock
from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.inventory.model import Incoming, SupplyLine, SupplyLineKey
from aftercart.inventory.store import SUPPLY_LINES
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.model import CancellationReason
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop

OTHER = CancellationReason.OTHER
LATER = date(2026, 3, 23)
EMPTY_ROWS = "SELECT count(*) FROM inventory.stock WHERE sku = 'X' OR location = 'nowhere'"

pytestmark = pytest.mark.anyio


@pytest.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    async with open_shop(database_url, clock=SimulatedClock(NOW)) as shop:
        await open_for_business(shop, ["A", "B"])
        yield shop


def supply(
    units: Mapping[str, int], *, reference: str = "PO-1", location: str = "W1", on: date = NEXT_WEEK
) -> UpsertSupply:
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in units.items()]
    described: dict[str, Any] = {"reference": reference, "location": location, "expected_date": on, "lines": lines}
    return msgspec.convert({"supplies": [described]}, UpsertSupply)


def arrival(units: Mapping[str, int], *, completes: bool = False) -> ReceiveStock:
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in units.items()]
    described = {"location": "W1", "reference": "PO-1", "lines": lines, "completes": completes}
    return msgspec.convert(described, ReceiveStock)


def kept(sku: str, safety: int) -> SetSafetyStock:
    return msgspec.convert({"location": "W1", "lines": [{"sku": sku, "safety": safety}]}, SetSafetyStock)


def put_aside(sku: str, delta: int) -> QuarantineStock:
    wish = {"location": "W1", "reason": "wet", "lines": [{"sku": sku, "delta": delta}]}
    return msgspec.convert(wish, QuarantineStock)


def coming(quantity: int, *, reference: str = "PO-1", on: date = NEXT_WEEK) -> Incoming:
    return Incoming(reference=reference, expected_date=on, quantity=quantity)


async def load_line(shop: Shop, sku: str) -> SupplyLine:
    key = SupplyLineKey(sku, "W1", "PO-1")
    return dict(SUPPLY_LINES.read(iter(await shop.database.run(SUPPLY_LINES.load([key])))))[key]


async def events(shop: Shop, kind: str) -> list[Any]:
    rows = await shop.database.rows(
        "SELECT data FROM kit.event_log WHERE type = %(type)s ORDER BY position", {"type": kind}
    )
    return [event for (event,) in rows]


async def test_what_is_announced_is_known_where_it_is_to_come(shop: Shop) -> None:
    await shop.submit(supply({"A": 10, "B": 5}), ADMIN)
    await shop.submit(supply({"A": 4}, reference="PO-0"), ADMIN)
    answer = await shop.submit(supply({"A": 7}, on=LATER), ADMIN)
    assert answer.result == b'{"created":0,"updated":1,"unchanged":0}'
    assert (await find_stock(shop, "A", "W1")).incoming == (coming(4, reference="PO-0"), coming(7, on=LATER))
    assert (await find_stock(shop, "B", "W1")).incoming == (coming(5),)
    assert await load_line(shop, "A") == supply_line(ordered=7, expected_date=LATER, version=2)
    (_, _, changed) = await events(shop, "SupplyChanged")
    assert changed["lines"] == [
        {
            "sku": "A",
            "location": "W1",
            "reference": "PO-1",
            "supplier": None,
            "before": {"expected_date": "2026-03-09", "quantity": 10, "outstanding": 10},
            "after": {"expected_date": "2026-03-23", "quantity": 7, "outstanding": 7},
        }
    ]


async def test_a_receipt_counts_towards_its_supply_in_the_same_commit(shop: Shop) -> None:
    await shop.submit(supply({"A": 10, "B": 5}), ADMIN)
    await shop.submit(arrival({"A": 6}), ADMIN)
    stock = await find_stock(shop, "A", "W1")
    assert (stock.on_hand, stock.incoming) == (6, (coming(4),))
    await shop.submit(arrival({"A": 1}, completes=True), ADMIN)
    assert (await find_stock(shop, "A", "W1")).incoming == (await find_stock(shop, "B", "W1")).incoming == ()
    assert await load_line(shop, "A") == supply_line(received=7, closed=True, version=3)
    assert await load_line(shop, "B") == supply_line(sku="B", ordered=5, closed=True, version=2)
    assert (await events(shop, "StockReceived"))[-1]["supply"] == [
        {"sku": "A", "quantity": 1, "outstanding": 0, "short": 3},
        {"sku": "B", "quantity": 0, "outstanding": 0, "short": 5},
    ]


async def test_what_is_closed_stays_closed_when_more_of_it_comes_after_all(shop: Shop) -> None:
    await shop.submit(supply({"A": 10}), ADMIN)
    await shop.submit(arrival({"A": 3}, completes=True), ADMIN)
    await shop.submit(arrival({"A": 2}), ADMIN)
    assert await load_line(shop, "A") == supply_line(received=5, closed=True, version=3)
    assert (await find_stock(shop, "A", "W1")).incoming == ()


async def test_a_receipt_of_another_reference_or_place_takes_nothing_off(shop: Shop) -> None:
    await shop.submit(supply({"A": 10}), ADMIN)
    await shop.submit(receipt("W1", {"A": 3}), ADMIN)
    await shop.submit(msgspec.structs.replace(arrival({"A": 3}), location="W2"), ADMIN)
    assert (await find_stock(shop, "A", "W1")).incoming == (coming(10),)
    assert (await events(shop, "StockReceived"))[-1]["supply"] == []


async def test_supply_and_its_receipt_may_meet_in_one_batch(shop: Shop) -> None:
    wishes = (supply({"A": 10}), arrival({"A": 4}), supply({"B": 2}), arrival({"B": 1}, completes=True))
    await asyncio.gather(*(shop.submit(wish, ADMIN) for wish in wishes))
    stock = await find_stock(shop, "A", "W1")
    assert (stock.on_hand, stock.incoming) == (4, ())
    assert (await load_line(shop, "A")).closed
    assert (await load_line(shop, "B")).closed


async def test_supply_that_cannot_be_leaves_no_row_behind(shop: Shop) -> None:
    for wish in (supply({"X": 1}), supply({"A": 1}, location="nowhere")):
        with pytest.raises(Invalid):
            await shop.submit(wish, ADMIN)
    assert await shop.database.rows(EMPTY_ROWS) == [(0,)]


async def test_units_wait_at_their_place_even_where_there_never_was_stock(shop: Shop) -> None:
    answer = await shop.submit(cart({"sku": "A", "quantity": 3}, channel=PATIENT), ADMIN)
    assert (await find_stock(shop, "A", "W1")).backordered == 3
    order_id = order_of(answer).order_id
    await shop.submit(receipt("W2", {"A": 2}), ADMIN)
    await shop.submit(ReserveBackorder(order_id=order_id, sku="A"), SYSTEM)
    here, there = await find_stock(shop, "A", "W1"), await find_stock(shop, "A", "W2")
    assert (here.backordered, there.reserved, there.backordered) == (1, 2, 0)
    await shop.submit(CancelOrder(order_id=order_id, reason=OTHER), ADMIN)
    here, there = await find_stock(shop, "A", "W1"), await find_stock(shop, "A", "W2")
    assert (here.backordered, there.reserved) == (0, 0)


async def test_units_kept_back_are_on_hand_but_not_available(shop: Shop) -> None:
    await shop.submit(receipt("W1", {"A": 10}), ADMIN)
    await shop.submit(kept("A", 3), ADMIN)
    await shop.submit(put_aside("A", 2), ADMIN)
    stock = await find_stock(shop, "A", "W1")
    assert (stock.on_hand, stock.safety, stock.quarantined, stock.available) == (10, 3, 2, 5)
    await shop.submit(count_of("W1", {"A": 4}), ADMIN)
    assert (await find_stock(shop, "A", "W1")).available == -1
    await shop.submit(put_aside("A", -2), ADMIN)
    await shop.submit(kept("A", 0), ADMIN)
    assert (await find_stock(shop, "A", "W1")).available == 4
