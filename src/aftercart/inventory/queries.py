"""What other areas may ask about stock."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from aftercart.inventory.model import Incoming, StockKey
from aftercart.kit.database import Database
from aftercart.kit.state import Statement


async def find_available_units(database: Database, skus: Sequence[str]) -> dict[str, int]:
    """Returns how many units of each SKU can still be promised, over all locations; SKUs with none are left out."""
    rows = await database.rows(_FIND_AVAILABLE, {"skus": list(skus)})
    return {sku: units for sku, units in rows if units > 0}


async def find_supply_dates(database: Database, places: Iterable[StockKey]) -> dict[StockKey, tuple[Incoming, ...]]:
    """Returns what is still to come of each SKU and location, the earliest first; where nothing is, it is left out."""
    keys = msgspec.json.encode(sorted(places)).decode()
    rows = await database.rows(_FIND_SUPPLY_DATES, {"keys": keys})
    return {
        StockKey(sku, location): msgspec.json.decode(incoming, type=tuple[Incoming, ...])
        for sku, location, incoming in rows
    }


def ask_available_by_location(skus: Sequence[str]) -> Statement:
    """Asks, without locks, for rows ``(sku, location, available)`` of these SKUs; below zero when overpromised."""
    return Statement(_AVAILABLE_BY_LOCATION, {"skus": list(skus)})


_AVAILABLE_BY_LOCATION: Final = """
    SELECT s.sku, s.location, s.on_hand - s.reserved - s.safety - s.quarantined
    FROM inventory.stock AS s
    WHERE s.sku = ANY(%(skus)s)
"""

_FIND_AVAILABLE: Final = """
    SELECT s.sku, sum(GREATEST(s.on_hand - s.reserved - s.safety - s.quarantined, 0))::bigint
    FROM inventory.stock AS s
    WHERE s.sku = ANY(%(skus)s)
    GROUP BY s.sku
"""

_FIND_SUPPLY_DATES: Final = """
    SELECT s.sku, s.location, s.incoming::text
    FROM inventory.stock AS s
    JOIN json_to_recordset(%(keys)s) AS k (sku text, location text)
        ON s.sku = k.sku AND s.location = k.location
    WHERE s.incoming IS NOT NULL
"""
