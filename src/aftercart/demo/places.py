"""Where the demo shop keeps and sells its goods: three warehouses, three stores, three channels, opening stock."""

import random
from collections.abc import Iterable, Iterator
from typing import Final

from aftercart.catalog.decisions.upsert_variants import VariantDefinition
from aftercart.catalog.model import VariantKind
from aftercart.inventory.decisions.receive_stock import ReceiptLine, ReceiveStock
from aftercart.inventory.decisions.upsert_locations import LocationDefinition
from aftercart.inventory.model import LocationKind
from aftercart.kit.address import Address
from aftercart.orders.decisions.upsert_channels import ChannelDefinition
from aftercart.orders.model import MissingStockPolicy

WEB: Final = "web"
PHONE: Final = "phone"
MARKETPLACE: Final = "marketplace"

SOLD_OUT: Final = frozenset({"VERCORS-ECRU-M", "QUAI-BLANC-40", "VEILLEE-FIGUE"})
"""These have no stock anywhere, so that something is backordered from the first day."""
ONLY_IN_LILLE: Final = frozenset({"MIROIR-LAITON", "BESACE-COGNAC"})
"""These lie in one warehouse alone, so that some order needs two parcels."""

_SEED: Final = 20260301
_STOCKED_IN_WAREHOUSE: Final = 0.9
_STOCKED_IN_STORE: Final = 0.4


def _location(code: str, name: str, address: Address, *, cutoff: str, store: bool = False) -> LocationDefinition:
    return LocationDefinition(
        code=code,
        name=name,
        kind=LocationKind.STORE if store else LocationKind.WAREHOUSE,
        address=address,
        timezone="Europe/Paris",
        cutoff=cutoff,
        working_days=(2, 3, 4, 5, 6) if store else (1, 2, 3, 4, 5),
        ships=not store,
        pickups=store,
    )


def _address(name: str, line1: str, postcode: str, city: str) -> Address:
    return Address(name=name, line1=line1, postcode=postcode, city=city, country="FR")


LOCATIONS: Final = (
    _location(
        "LYON",
        "Entrepôt de Lyon",
        _address("Entrepôt de Lyon", "14 rue des Tisserands", "69007", "Lyon"),
        cutoff="14:00",
    ),
    _location(
        "LILLE", "Entrepôt de Lille", _address("Entrepôt de Lille", "3 quai du Nord", "59000", "Lille"), cutoff="15:30"
    ),
    _location(
        "BORDEAUX",
        "Entrepôt de Bordeaux",
        _address("Entrepôt de Bordeaux", "27 allée des Chais", "33300", "Bordeaux"),
        cutoff="13:00",
    ),
    _location(
        "PARIS-MARAIS",
        "Boutique du Marais",
        _address("Boutique du Marais", "8 rue des Lanternes", "75003", "Paris"),
        cutoff="17:00",
        store=True,
    ),
    _location(
        "NANTES",
        "Boutique de Nantes",
        _address("Boutique de Nantes", "5 place du Passage", "44000", "Nantes"),
        cutoff="17:00",
        store=True,
    ),
    _location(
        "STRASBOURG",
        "Boutique de Strasbourg",
        _address("Boutique de Strasbourg", "12 quai des Cigognes", "67000", "Strasbourg"),
        cutoff="16:30",
        store=True,
    ),
)

CHANNELS: Final = (
    ChannelDefinition(code=WEB, missing_stock=MissingStockPolicy.BACKORDER),
    ChannelDefinition(code=PHONE, missing_stock=MissingStockPolicy.BACKORDER),
    ChannelDefinition(code=MARKETPLACE, missing_stock=MissingStockPolicy.REFUSE),
)


def opening_stock(variants: Iterable[VariantDefinition]) -> Iterator[ReceiveStock]:
    """Yields one receipt per location; warehouses have most variants, stores a choice of few units each."""
    stocked = [one for one in variants if one.kind is VariantKind.STOCKED and one.sku not in SOLD_OUT]
    for location in LOCATIONS:
        chance = random.Random(f"{_SEED} {location.code}")  # noqa: S311 - the same stock on every machine
        lines = tuple(_lines(location, stocked, chance))
        yield ReceiveStock(location=location.code, reference=f"DEMO-OPENING-{location.code}", lines=lines)


def _lines(
    location: LocationDefinition, stocked: Iterable[VariantDefinition], chance: random.Random
) -> Iterator[ReceiptLine]:
    warehouse = location.kind is LocationKind.WAREHOUSE
    for variant in stocked:
        there = chance.random() < (_STOCKED_IN_WAREHOUSE if warehouse else _STOCKED_IN_STORE)
        quantity = chance.randint(8, 60) if warehouse else chance.randint(1, 6)
        if variant.sku in ONLY_IN_LILLE:
            there = location.code == "LILLE"
        if there:
            yield ReceiptLine(sku=variant.sku, quantity=quantity)
