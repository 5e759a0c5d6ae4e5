"""What can still be promised of a SKU, location by location, and of the other variants of its product."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec

from aftercart.kit.database import Database


class StockAtLocation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one location has of the SKU; ``short`` is reserved but was not found."""

    location: str
    on_hand: int
    reserved: int
    safety: int
    quarantined: int
    short: int
    available: int


class Sibling(msgspec.Struct, frozen=True, kw_only=True):
    """Another variant of the same product: the other size, the other color."""

    sku: str
    options: dict[str, str]
    available: int


class Availability(msgspec.Struct, frozen=True, kw_only=True):
    """What can still be promised of a SKU: the sum over its locations, each counted as zero at least."""

    sku: str
    product: str
    options: dict[str, str]
    available: int
    locations: tuple[StockAtLocation, ...]
    siblings: tuple[Sibling, ...]


async def find_availability(database: Database, skus: Sequence[str]) -> dict[str, Availability]:
    """Returns the availability of those of ``skus`` that exist."""
    variants = await database.rows(_FIND_VARIANTS, {"skus": list(skus)})
    known = {sku: (product, options) for sku, product, options in variants}
    stock: defaultdict[str, list[StockAtLocation]] = defaultdict(list)
    for row in await database.rows(_FIND_STOCK, {"skus": list(known)}):
        stock[row[0]].append(_stock(*row[1:]))
    left = {sku: sum(one.available for one in stock[sku]) for sku in known}
    by_product: defaultdict[str, list[Sibling]] = defaultdict(list)
    for sku, (product, options) in known.items():
        by_product[product].append(Sibling(sku=sku, options=options, available=left[sku]))
    return {
        sku: Availability(
            sku=sku,
            product=known[sku][0],
            options=known[sku][1],
            available=left[sku],
            locations=tuple(stock[sku]),
            siblings=tuple(sibling for sibling in by_product[known[sku][0]] if sibling.sku != sku),
        )
        for sku in skus
        if sku in known
    }


def _stock(location: str, on_hand: int, reserved: int, safety: int, quarantined: int, short: int) -> StockAtLocation:
    return StockAtLocation(
        location=location,
        on_hand=on_hand,
        reserved=reserved,
        safety=safety,
        quarantined=quarantined,
        short=short,
        available=max(on_hand - reserved - safety - quarantined, 0),
    )


_FIND_VARIANTS: Final = """
    SELECT v.sku, v.product, v.options
    FROM catalog.variants AS v
    WHERE v.product IN (SELECT asked.product FROM catalog.variants AS asked WHERE asked.sku = ANY(%(skus)s))
    ORDER BY v.sku
"""

_FIND_STOCK: Final = """
    SELECT sku, location, on_hand, reserved, safety, quarantined, short
    FROM inventory.stock
    WHERE sku = ANY(%(skus)s)
    ORDER BY sku, location
"""
