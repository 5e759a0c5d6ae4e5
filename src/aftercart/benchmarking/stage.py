"""The shop in which the benchmark plays: a catalog, three warehouses, and stores that take part when asked to."""

import random
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.model import Role, hash_of_secret
from aftercart.benchmarking.wishes import CHANNEL, FIRST_SCATTERED_SKU, FIRST_SKU, PRICE_MINOR, VARIANTS, sku_of
from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.kit.commands import Lane
from aftercart.orders.decisions.upsert_channels import UpsertChannels
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop

WAREHOUSES: Final = ("WH1", "WH2", "WH3")
STORES: Final = tuple(f"ST{number:02}" for number in range(1, 18))
"""With the warehouses these are the twenty candidates."""
SPARE_WAREHOUSES: Final = ("WH4", "WH5", "WH6")
SPARE_STORES: Final = ("ST18", "ST19", "ST20")
"""These take part only where delivery options are asked for."""

HOURLY_CAPACITY_MAX: Final = 1_000_000
_ON_HAND: Final = 1_000_000
_SCATTERED_SHARE: Final = 0.5
"""Every location has this share of the scattered variants, so no two orders find the same locations best."""

_CUTOFF: Final = "14:00"
_HOUR_AFTER_CUTOFF: Final = 15

_TAKES_NO_PART: Final[dict[str, Any]] = {"ships": False, "pickups": False}
_ADDRESS: Final = {"name": "Aftercart", "line1": "1 rue du Quai", "postcode": "69007", "city": "Lyon", "country": "FR"}


async def set_the_stage(shop: Shop) -> None:
    """Gives the shop what it sells, where that lies, and stock that no benchmark uses up."""
    await shop.submit(command(UpsertChannels, channels=[{"code": CHANNEL}]), SYSTEM)
    await let_warehouses_ship(shop)
    spread = [FIRST_SKU + number for number in range(VARIANTS)]
    scattered = [FIRST_SCATTERED_SKU + number for number in range(VARIANTS)]
    await shop.submit(command(UpsertVariants, variants=[_variant(number) for number in spread + scattered]), SYSTEM)
    for code in WAREHOUSES:
        await _receive(shop, code, spread)
    for code, numbers in _scatter(scattered, (*WAREHOUSES, *STORES, *SPARE_WAREHOUSES, *SPARE_STORES)):
        await _receive(shop, code, numbers)


async def let_warehouses_ship(shop: Shop) -> None:
    """Makes the warehouses the only candidates, and counts nobody's hours: how most contests are played."""
    await _describe(shop, warehouses={}, stores={"ships": False})


async def let_stores_ship(shop: Shop) -> None:
    """Makes the stores candidates for every order too."""
    await _describe(shop, warehouses={}, stores={"ships": True})


async def count_hours(shop: Shop) -> None:
    """Counts the hours of the warehouses, which never have none left: each order takes one of the next truck."""
    await _describe(shop, warehouses={"hourly_capacity_orders": HOURLY_CAPACITY_MAX}, stores={"ships": False})


async def _describe(shop: Shop, *, warehouses: dict[str, Any], stores: dict[str, Any]) -> None:
    now = shop.clock.now()
    described = [location(code, "warehouse", now) | warehouses for code in WAREHOUSES]
    described += [location(code, "store", now) | stores for code in STORES]
    described += [location(code, "warehouse", now) | _TAKES_NO_PART for code in SPARE_WAREHOUSES]
    described += [location(code, "store", now) | _TAKES_NO_PART for code in SPARE_STORES]
    await shop.submit(command(UpsertLocations, locations=described), SYSTEM)


async def make_api_key(shop: Shop) -> str:
    """Returns the secret of a new key with which everything here may be asked for."""
    secret = f"aftercart_{secrets.token_urlsafe(32)}"
    command = CreateApiKey(secret_hash=hash_of_secret(secret), role=Role.INTEGRATOR, label="benchmark", order_id=None)
    await shop.submit(command, SYSTEM)
    return secret


async def _receive(shop: Shop, code: str, numbers: Sequence[int]) -> None:
    lines = [{"sku": sku_of(number), "quantity": _ON_HAND} for number in numbers]
    receipt = command(ReceiveStock, location=code, reference="opening stock", lines=lines)
    await shop.submit(receipt, SYSTEM, lane=Lane.BACKGROUND)


def _scatter(numbers: Iterable[int], codes: Iterable[str]) -> Iterator[tuple[str, list[int]]]:
    chance = random.Random(7)  # noqa: S311 - repeatable on purpose
    for code in codes:
        yield code, [number for number in numbers if chance.random() < _SCATTERED_SHARE]


def _variant(number: int) -> dict[str, Any]:
    return {
        "sku": sku_of(number),
        "product": f"PRODUCT-{number}",
        "name": f"Chemise en lin, coupe droite, modèle {number}",
        "options": {"size": "42", "color": "noir"},
        "price": {"minor_units": PRICE_MINOR, "currency": "EUR"},
        "tax_rate": "0.20",
        "weight_grams": 320,
        "dimensions_mm": [300, 200, 40],
    }


def location(code: str, kind: str, now: datetime) -> dict[str, Any]:
    """Returns the description of a place that ships, in Lyon; today's truck has left it ``now``."""
    return {
        "code": code,
        "name": f"{kind.capitalize()} {code}",
        "kind": kind,
        "address": _ADDRESS,
        "timezone": _past_the_cutoff(now),
        "cutoff": _CUTOFF,
        "working_days": [1, 2, 3, 4, 5],
        "ships": True,
        "pickups": kind == "store",
    }


def _past_the_cutoff(now: datetime) -> str:
    """Returns a time zone in which today's truck has left, so that nothing is released while it is measured."""
    behind = (now.astimezone(UTC).hour - _HOUR_AFTER_CUTOFF + 12) % 24 - 12
    return f"Etc/GMT{behind:+}"


def command(kind: type[Any], **wish: object) -> Any:
    """Returns the command of this kind with these fields, as a door would read them."""
    return msgspec.convert(wish, kind)
