"""What other areas may ask about stock."""

from collections.abc import Sequence
from typing import Final

from aftercart.kit.database import Database
from aftercart.kit.state import Statement


async def find_available_units(database: Database, skus: Sequence[str]) -> dict[str, int]:
    """Returns how many units of each SKU can still be promised, over all locations; SKUs with none are left out."""
    rows = await database.rows(_FIND_AVAILABLE, {"skus": list(skus)})
    return {sku: units for sku, units in rows if units > 0}


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
