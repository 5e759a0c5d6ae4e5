"""The shop in which the benchmark plays: a catalog, three warehouses, and stores that take part when asked to."""

import random
import secrets
from collections.abc import Iterable, Iterator, Sequence
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

_ON_HAND: Final = 1_000_000
_SCATTERED_SHARE: Final = 0.5
"""Every location has this share of the scattered variants, so no two orders find the same locations best."""

_ADDRESS: Final = {"name": "Aftercart", "line1": "1 rue du Quai", "postcode": "69007", "city": "Lyon", "country": "FR"}


async def set_the_stage(shop: Shop) -> None:
    """Gives the shop what it sells, where that lies, and stock that no benchmark uses up."""
    await shop.submit(_command(UpsertChannels, channels=[{"code": CHANNEL}]), SYSTEM)
    await let_stores_ship(shop, ships=False)
    spread = [FIRST_SKU + number for number in range(VARIANTS)]
    scattered = [FIRST_SCATTERED_SKU + number for number in range(VARIANTS)]
    await shop.submit(_command(UpsertVariants, variants=[_variant(number) for number in spread + scattered]), SYSTEM)
    for location in WAREHOUSES:
        await _receive(shop, location, spread)
    for location, numbers in _scatter(scattered):
        await _receive(shop, location, numbers)


async def let_stores_ship(shop: Shop, *, ships: bool) -> None:
    """Makes the stores candidates for every order, or leaves only the warehouses."""
    warehouses = [_location(code, "warehouse", ships=True) for code in WAREHOUSES]
    stores = [_location(code, "store", ships=ships) for code in STORES]
    await shop.submit(_command(UpsertLocations, locations=warehouses + stores), SYSTEM)


async def make_api_key(shop: Shop) -> str:
    """Returns the secret of a new key with which everything here may be asked for."""
    secret = f"aftercart_{secrets.token_urlsafe(32)}"
    command = CreateApiKey(secret_hash=hash_of_secret(secret), role=Role.INTEGRATOR, label="benchmark", order_id=None)
    await shop.submit(command, SYSTEM)
    return secret


async def _receive(shop: Shop, location: str, numbers: Sequence[int]) -> None:
    lines = [{"sku": sku_of(number), "quantity": _ON_HAND} for number in numbers]
    command = _command(ReceiveStock, location=location, reference="opening stock", lines=lines)
    await shop.submit(command, SYSTEM, lane=Lane.BACKGROUND)


def _scatter(numbers: Iterable[int]) -> Iterator[tuple[str, list[int]]]:
    chance = random.Random(7)  # noqa: S311 - repeatable on purpose
    for location in (*WAREHOUSES, *STORES):
        yield location, [number for number in numbers if chance.random() < _SCATTERED_SHARE]


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


def _location(code: str, kind: str, *, ships: bool) -> dict[str, Any]:
    return {
        "code": code,
        "name": f"{kind.capitalize()} {code}",
        "kind": kind,
        "address": _ADDRESS,
        "timezone": "Europe/Paris",
        "cutoff": "14:00",
        "working_days": [1, 2, 3, 4, 5],
        "ships": ships,
        "pickups": kind == "store",
    }


def _command(kind: type[Any], **wish: object) -> Any:
    return msgspec.convert(wish, kind)
