"""Receipts and changes of one supply, and orders for what it brings, meet through two buses: nothing is lost."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec
import pytest
from tests.races.buyers import outcome, two_shops, without_stock_locks
from tests.scenario import NEXT_WEEK, cart
from tests.small_shop import ADMIN, PATIENT, find_stock, open_for_business

from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.shop import Shop

LATER = date(2026, 3, 23)
RECEIPTS = 20
LINE = "SELECT ordered, received FROM inventory.supply WHERE sku = 'A' AND reference = %(reference)s"

pytestmark = pytest.mark.anyio


def supply(quantity: int, *, on: date = NEXT_WEEK, reference: str = "PO") -> UpsertSupply:
    lines = [{"sku": "A", "quantity": quantity}]
    described: dict[str, Any] = {"reference": reference, "location": "W1", "expected_date": on, "lines": lines}
    return msgspec.convert({"supplies": [described]}, UpsertSupply)


def arrival(quantity: int, *, reference: str = "PO") -> ReceiveStock:
    lines = [{"sku": "A", "quantity": quantity}]
    return msgspec.convert({"location": "W1", "reference": reference, "lines": lines}, ReceiveStock)


async def received_at_once(shops: Sequence[Shop], reference: str) -> tuple[int, int]:
    """Twenty receipts of two units meet in two processes; returns what came and what is still expected of fifty."""
    await shops[0].submit(supply(50, reference=reference), ADMIN)
    wishes = (arrival(2, reference=reference) for _ in range(RECEIPTS))
    await asyncio.gather(*(shops[number % 2].submit(wish, ADMIN) for number, wish in enumerate(wishes)))
    ((_, received),) = await shops[0].database.rows(LINE, {"reference": reference})
    stock = await find_stock(shops[0], "A", "W1")
    return received, sum(one.quantity for one in stock.incoming if one.reference == reference)


async def test_receipts_of_one_supply_at_once_all_count(database_url: str, share: Callable[[int], int]) -> None:
    async with two_shops(database_url) as shops:
        await open_for_business(shops[0], ["A"])
        for round_number in range(share(50)):
            assert await received_at_once(shops, f"PO-{round_number}") == (40, 10)


async def test_control_without_locks_on_stock_a_receipt_is_forgotten(unaudited_url: str) -> None:
    async with two_shops(unaudited_url, without_stock_locks) as shops:
        await open_for_business(shops[0], ["A"])
        for round_number in range(50):
            if await received_at_once(shops, f"PO-{round_number}") != (40, 10):
                return
    pytest.fail("the control counted every receipt in fifty rounds")


async def test_changes_of_a_supply_and_orders_for_it_leave_each_other_alone(
    database_url: str, share: Callable[[int], int]
) -> None:
    async with two_shops(database_url) as shops:
        await open_for_business(shops[0], ["A"])
        for round_number in range(share(40)):
            wishes = [
                *(supply(10 + number, on=(NEXT_WEEK, LATER)[number % 2]) for number in range(8)),
                *(arrival(1) for _ in range(4)),
                *(cart({"sku": "A", "quantity": 2}, channel=PATIENT) for _ in range(20)),
            ]
            outcomes = await asyncio.gather(
                *(outcome(shops[number % 2].submit(wish, ADMIN)) for number, wish in enumerate(wishes))
            )
            assert [type(one).__name__ for one in outcomes] == ["Answer"] * len(wishes)
            here, there = await find_stock(shops[0], "A", "W1"), await find_stock(shops[0], "A", "W2")
            assert here.on_hand == 4 * (round_number + 1)
            held = here.reserved + here.backordered + there.reserved + there.backordered
            assert held == 40 * (round_number + 1)
            ((ordered, received),) = await shops[0].database.rows(LINE, {"reference": "PO"})
            assert sum(one.quantity for one in here.incoming) == max(ordered - received, 0)
