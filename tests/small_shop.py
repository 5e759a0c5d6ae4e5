"""A small shop on a real database, spoken to through its bus: two warehouses, two channels, and what is in stock."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from tests.scenario import W1, W2

from aftercart.app import EVENTS
from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.inventory.decisions.count_stock import CountStock
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.inventory.model import Location, Stock, StockKey
from aftercart.inventory.store import STOCK
from aftercart.kit.commands import Actor, Answer
from aftercart.orders.decisions.upsert_channels import UpsertChannels
from aftercart.orders.events import UnitsMoved
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order, OrderKey
from aftercart.orders.store import load_orders, read_orders
from aftercart.shop import Shop

ADMIN: Final = Actor(name="ada", role="admin")
REFUSING: Final = "web"
PATIENT: Final = "patient"


async def open_for_business(shop: Shop, skus: Iterable[str], *, places: Iterable[Location] = (W1, W2)) -> None:
    """Describes places, channels and variants at 10.00 EUR with 20 % of tax; as often as you like."""
    described: list[dict[str, Any]] = [msgspec.to_builtins(place) for place in places]
    for place in described:
        del place["version"]
    channels = [{"code": REFUSING}, {"code": PATIENT, "missing_stock": "backorder"}]
    await shop.submit(msgspec.convert({"locations": described}, UpsertLocations), ADMIN)
    await shop.submit(msgspec.convert({"channels": channels}, UpsertChannels), ADMIN)
    await shop.submit(msgspec.convert({"variants": [_variant(sku) for sku in skus]}, UpsertVariants), ADMIN)


def _variant(sku: str) -> dict[str, Any]:
    return {
        "sku": sku,
        "product": "things",
        "name": f"Thing {sku}",
        "price": {"minor_units": 1000, "currency": "EUR"},
        "tax_rate": "0.20",
        "weight_grams": 500,
        "dimensions_mm": [100, 100, 50],
    }


def receipt(place: str, stock: Mapping[str, int]) -> ReceiveStock:
    """Returns the wish to put a delivery into stock."""
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in stock.items()]
    return msgspec.convert({"location": place, "reference": "PO", "lines": lines}, ReceiveStock)


def count_of(place: str, stock: Mapping[str, int]) -> CountStock:
    """Returns the wish to record a count."""
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in stock.items()]
    return msgspec.convert({"location": place, "lines": lines}, CountStock)


def order_of(answer: Answer) -> Order:
    """Returns the order as the answer shows it."""
    assert isinstance(answer.after, Order)
    return answer.after


async def load_order(shop: Shop, order_id: UUID) -> Order:
    """Returns the order as the store loads it."""
    orders = dict(read_orders(await shop.database.run(load_orders([OrderKey(order_id)]))))
    return orders[OrderKey(order_id)]


async def find_stock(shop: Shop, sku: str, place: str) -> Stock:
    """Returns the stock of a SKU at a place as the store loads it, all zeros where there never was any."""
    key = StockKey(sku, place)
    stock = dict(STOCK.read(iter(await shop.database.run(STOCK.load([key]))))).get(key)
    return stock or Stock(sku=sku, location=place)


async def fold_order(shop: Shop, order_id: UUID) -> Order:
    """Returns the order as its stream of events tells it."""
    order: Order | None = None
    rows = await shop.database.rows(_STREAM, {"stream": order_id})
    assert [seq for seq, _, _ in rows] == list(range(1, len(rows) + 1))
    for _, name, data in rows:
        event: Any = msgspec.json.decode(data, type=_KNOWN[name])
        order = evolve(order, event, order_id=order_id)
    assert order is not None
    return order


_KNOWN: Final = {**EVENTS, UnitsMoved.__name__: UnitsMoved}
_STREAM: Final = "SELECT seq, type, data::text FROM kit.event_log WHERE stream = %(stream)s ORDER BY seq"
