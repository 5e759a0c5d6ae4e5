"""The shop in which delivery options are asked for: many places with counted hours, slots, and some of it taken."""

import asyncio
import itertools
import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from aftercart.benchmarking.stage import SPARE_STORES, SPARE_WAREHOUSES, STORES, WAREHOUSES, command, location
from aftercart.benchmarking.wishes import FIRST_SCATTERED_SKU, Customers
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.permissions import SYSTEM
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods
from aftercart.shipping.model import DeliveryMethod, MethodKey
from aftercart.shipping.rules.slots import offered_slots
from aftercart.shop import Shop

VAN: Final = "van"
ORDERS: Final = 600
"""So many orders keep slots and hours when the options are asked for, each time as many more."""

_STORE_HOURLY_ORDERS: Final = 10
_SLOT_ORDERS: Final = 100
_DAYS_TO_GET_THERE: Final = 6
_REGION: Final = "FR"
_LATITUDES: Final = (43.5, 49.5)
_LONGITUDES: Final = (-1.0, 6.5)


async def open_checkout(shop: Shop) -> None:
    """Describes 26 places that ship, 20 of them stores that count their hours, and a van that comes in slots."""
    now = shop.clock.now()
    warehouses = [location(code, "warehouse", now) for code in (*WAREHOUSES, *SPARE_WAREHOUSES)]
    stores = [location(code, "store", now) | _COUNTED for code in (*STORES, *SPARE_STORES)]
    await shop.submit(command(UpsertLocations, locations=list(_spread([*warehouses, *stores]))), SYSTEM)
    await shop.submit(command(UpsertDeliveryMethods, methods=[_van()]), SYSTEM)
    await _take_slots_and_hours(shop)


async def _take_slots_and_hours(shop: Shop) -> None:
    van = (await shop.bus.read((MethodKey(VAN),))).find(MethodKey(VAN))
    assert van is not None, "the van has just been described"
    slots = _reachable_slots(van, shop.clock.now())
    wishes = itertools.islice(Customers(seed=3, stamp="checkout").orders(first_sku=FIRST_SCATTERED_SKU), ORDERS)
    orders: list[PlaceOrder] = []
    for number, wish in enumerate(wishes):
        del wish["reference"]  # there are more of them each time
        way = {"method": VAN, "address": wish["delivery"]["address"], "slot": slots[number % len(slots)]}
        orders.append(command(PlaceOrder, **wish | {"delivery": way}))
    await asyncio.gather(*(shop.submit(order, SYSTEM) for order in orders))


def _reachable_slots(van: DeliveryMethod, now: datetime) -> list[datetime]:
    starts = [offered.slot.starts_at for offered in offered_slots(van, _REGION, now)]
    return [at for at in starts if (at - now).days >= _DAYS_TO_GET_THERE]


def _spread(places: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    chance = random.Random(9)  # noqa: S311 - repeatable on purpose
    for place in places:
        where = {"latitude": chance.uniform(*_LATITUDES), "longitude": chance.uniform(*_LONGITUDES)}
        yield place | {"coordinates": where, "closed_dates": ["2030-08-14", "2030-08-16"]}


def _van() -> dict[str, Any]:
    hours = (("08:00", "10:00"), ("10:00", "12:00"), ("14:00", "16:00"), ("16:00", "18:00"), ("18:00", "20:00"))
    return {
        "code": VAN,
        "kind": "scheduled_slot",
        "carrier": "our van",
        "names": {"en": "Our van", "fr": "Notre camionnette"},
        "currency": "EUR",
        "rates": [{"zone": "france", "price_minor": 900}],
        "transit": [{"zone": "france", "days_min": 1, "days_max": 2}],
        "slots": [
            {"weekday": weekday, "starts": starts, "ends": ends, "capacity": _SLOT_ORDERS}
            for weekday in range(1, 7)
            for starts, ends in hours
        ],
    }


_COUNTED: Final[dict[str, Any]] = {"hourly_capacity_orders": _STORE_HOURLY_ORDERS}
