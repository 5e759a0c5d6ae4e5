"""Buyers of the last hours of a truck and the last places of a slot, and what the orders have taken of them."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from tests.scenario import TO_PARIS, W1, cart, eur
from tests.shipping.words import VAN, at
from tests.small_shop import ADMIN, open_for_business, receipt

from aftercart.app import registry
from aftercart.kit.commands import Registry
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods
from aftercart.shipping.model import Booking, CapacityKey, floor_resource, slot_resource
from aftercart.shop import Shop

SKUS: Final = tuple(f"S{number}" for number in range(8))
"""Buyers want different ones, so that it is not the stock that makes them wait for each other."""
HOURS: Final = 4
"""Whole hours between now, ten o'clock, and the cut-off at two."""
TRUCK: Final = at("Mon 2026-03-02 14:00")
NARROW: Final = msgspec.structs.replace(W1, hourly_capacity_orders=1)
FLOOR: Final = floor_resource(NARROW.code)
SLOTS: Final = slot_resource(VAN.code)

Place = tuple[str, datetime, int]
"""A truck or slot, when it leaves or begins, and the hour."""


def without_capacity_locks() -> Registry:
    """Returns the shop's business with a broken part: what is booked is read, but nobody holds it meanwhile."""
    real = registry()
    capacity = msgspec.structs.replace(real.kinds[CapacityKey], lock=None)
    return msgspec.structs.replace(real, kinds={**real.kinds, CapacityKey: capacity})


async def open_narrow_shop(shop: Shop) -> None:
    """Describes one warehouse whose hands take one order an hour, a van with two places a slot, and ample stock."""
    van: dict[str, Any] = msgspec.to_builtins(VAN)
    del van["version"]
    await open_for_business(shop, SKUS, places=(NARROW,))
    await shop.submit(msgspec.convert({"methods": [van]}, UpsertDeliveryMethods), ADMIN)
    await shop.submit(receipt(NARROW.code, dict.fromkeys(SKUS, 10_000)), ADMIN)


def wish(number: int, slot: datetime | None = None) -> PlaceOrder:
    """Returns the cart of a buyer, by the van if there is a ``slot``."""
    delivery: dict[str, Any] = {"method": "colissimo-home", "address": TO_PARIS, "price": eur(0)}
    if slot is not None:
        delivery |= {"method": VAN.code, "slot": slot}
    return cart({"sku": SKUS[number % len(SKUS)]}, delivery=delivery)


async def kept_places(shop: Shop, orders: Iterable[UUID] | None = None) -> Counter[Place]:
    """Returns how many orders keep each place, by what they say themselves; of these ``orders``, or of all."""
    rows = await shop.database.rows(_BOOKINGS)
    wanted = None if orders is None else set(orders)
    kept: Counter[Place] = Counter()
    for order_id, bookings in rows:
        if wanted is None or order_id in wanted:
            for one in _decode(bookings):
                kept[one.resource, one.at, one.hour] += one.quantity
    return kept


_decode: Final[Callable[[str], tuple[Booking, ...]]] = msgspec.json.Decoder(tuple[Booking, ...]).decode
_BOOKINGS: Final = "SELECT order_id, bookings::text FROM orders.orders"
