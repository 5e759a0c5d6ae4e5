"""A small shop for tests of the loops: one variant, two locations, orders that wait or hold."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec

from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.inventory.decisions.count_stock import CountStock
from aftercart.inventory.decisions.quarantine_stock import QuarantineStock
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.set_safety_stock import SetSafetyStock
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Actor
from aftercart.kit.ids import SeededIds
from aftercart.kit.sequencer import sequence
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.decisions.upsert_channels import UpsertChannels
from aftercart.orders.model import Order
from aftercart.shop import Shop, open_shop
from aftercart.worker.reactor import Reactor

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADMIN = Actor(name="test", role="admin")
ADDRESS = {"name": "Ana Roux", "line1": "3 rue Nationale", "postcode": "59800", "city": "Lille", "country": "FR"}
SKU = "BOOT-42"
STORE = "BOUTIQUE"
LOCATION = {
    "kind": "warehouse",
    "address": ADDRESS,
    "timezone": "Europe/Paris",
    "cutoff": "14:00",
    "working_days": [1, 2, 3, 4, 5],
}
VARIANT = {
    "sku": SKU,
    "product": "BOOT",
    "name": "Bottine",
    "price": {"minor_units": 9000, "currency": "EUR"},
    "tax_rate": "0.20",
    "weight_grams": 900,
    "dimensions_mm": [330, 220, 120],
}


@asynccontextmanager
async def small_shop(url: str) -> AsyncGenerator[Shop]:
    async with open_shop(url, clock=SimulatedClock(NOW), ids=SeededIds(7)) as shop:
        await shop.submit(msgspec.convert({"variants": [VARIANT]}, UpsertVariants), ADMIN)
        locations = [LOCATION | {"code": code, "name": code} for code in ("LIL", "LYO")]
        await shop.submit(msgspec.convert({"locations": locations}, UpsertLocations), ADMIN)
        channels = {"channels": [{"code": "web", "missing_stock": "backorder"}]}
        await shop.submit(msgspec.convert(channels, UpsertChannels), ADMIN)
        yield shop


async def open_store(shop: Shop, code: str, **described: object) -> None:
    """Opens a store in which orders are collected, described by ``described``."""
    store = LOCATION | {"code": code, "name": code, "kind": "store", "pickups": True} | described
    await shop.submit(msgspec.convert({"locations": [store]}, UpsertLocations), ADMIN)


async def place(
    shop: Shop,
    *,
    quantity: int = 1,
    promised: str | None = None,
    authorized: int = 1_000_000,
    placed_at: datetime | None = None,
    email: str = "ana@example.com",
    collect_at: str | None = None,
) -> Order:
    home: dict[str, Any] = {"method": "colissimo-home", "address": ADDRESS}
    way = home if collect_at is None else {"method": "store-pickup", "pickup_point": collect_at}
    wish: dict[str, Any] = {
        "channel": "web",
        "customer": {"email": email, "name": "Ana Roux", "locale": "fr"},
        "currency": "EUR",
        "lines": [{"sku": SKU, "quantity": quantity}],
        "delivery": {
            **way,
            "promised_date": promised,
            "price": {"minor_units": 0, "currency": "EUR"},
        },
        "payment": {"method": "card", "authorized": {"minor_units": authorized, "currency": "EUR"}},
    }
    # Only a machine that brings orders from elsewhere may say when they were placed.
    actor = ADMIN if placed_at is None else Actor(name="erp", role="integrator")
    answer = await shop.submit(msgspec.convert({**wish, "placed_at": placed_at}, PlaceOrder), actor)
    order = answer.after
    assert isinstance(order, Order)
    return order


async def receive(shop: Shop, quantity: int, *, location: str = "LIL") -> None:
    wish = {"location": location, "reference": "PO", "lines": [{"sku": SKU, "quantity": quantity}]}
    await shop.submit(msgspec.convert(wish, ReceiveStock), ADMIN)


async def announce(shop: Shop, quantity: int, *, location: str, on: str, reference: str = "PO-7") -> None:
    """Announces so many units in all, or says something else of what is to come."""
    supply = {"reference": reference, "location": location, "expected_date": on}
    wish = {"supplies": [supply | {"lines": [{"sku": SKU, "quantity": quantity}]}]}
    await shop.submit(msgspec.convert(wish, UpsertSupply), ADMIN)


async def count(shop: Shop, quantity: int, *, location: str = "LIL") -> None:
    wish = {"location": location, "lines": [{"sku": SKU, "quantity": quantity}]}
    await shop.submit(msgspec.convert(wish, CountStock), ADMIN)


async def keep_back(shop: Shop, *, safety: int = 0, quarantine: int = 0, location: str = "LIL") -> None:
    """Sets the safety stock, and puts so many units aside, or gives them back when negative."""
    lines = [{"sku": SKU, "safety": safety}]
    await shop.submit(msgspec.convert({"location": location, "lines": lines}, SetSafetyStock), ADMIN)
    aside = {"location": location, "reason": "wet", "lines": [{"sku": SKU, "delta": quarantine}]}
    await shop.submit(msgspec.convert(aside, QuarantineStock), ADMIN)


async def settle(shop: Shop, reactor: Reactor) -> None:
    """Sequences and reacts until nothing is left to do."""
    while await sequence(shop.database) + await reactor.turn():
        pass


async def stages(shop: Shop, orders: Sequence[Order]) -> list[dict[str, int]]:
    rows = await shop.database.rows("SELECT order_id, stage, sum(quantity)::int FROM orders.units GROUP BY 1, 2")
    found: dict[Any, dict[str, int]] = {}
    for order_id, stage, quantity in rows:
        found.setdefault(order_id, {})[stage] = quantity
    return [found[order.order_id] for order in orders]


async def statuses(shop: Shop, orders: Sequence[Order]) -> list[str]:
    rows = await shop.database.rows("SELECT order_id, status FROM orders.orders")
    found = dict(rows)
    return [found[order.order_id] for order in orders]
