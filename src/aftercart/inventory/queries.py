"""What other areas may ask about stock."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from aftercart.inventory.model import LocationKind
from aftercart.kit.database import Database
from aftercart.kit.state import Statement


class Stocked(NamedTuple):
    """So many units of a SKU can still be promised at a location, and what kind of location that is."""

    sku: str
    location: str
    units: int
    kind: LocationKind
    ships: bool
    floor_units: int


async def find_stocked(database: Database, skus: Sequence[str]) -> list[Stocked]:
    """Returns where units of these SKUs can still be promised, the places that have any."""
    rows = await database.rows(_FIND_STOCKED, {"skus": list(skus)})
    return [
        Stocked(sku, location, units, LocationKind(kind), ships, floor_units)
        for sku, location, units, kind, ships, floor_units in rows
    ]


def ask_available_by_location(skus: Sequence[str]) -> Statement:
    """Asks, without locks, for rows ``(sku, location, available)`` of these SKUs; below zero when overpromised."""
    return Statement(_AVAILABLE_BY_LOCATION, {"skus": list(skus)})


_AVAILABLE_BY_LOCATION: Final = """
    SELECT s.sku, s.location, s.on_hand - s.reserved - s.safety - s.quarantined
    FROM inventory.stock AS s
    WHERE s.sku = ANY(%(skus)s)
"""

_FIND_STOCKED: Final = """
    SELECT s.sku, s.location, s.on_hand - s.reserved - s.safety - s.quarantined, l.kind, l.ships, l.floor_units
    FROM inventory.stock AS s
    JOIN inventory.locations AS l ON l.code = s.location
    WHERE s.sku = ANY(%(skus)s) AND s.on_hand - s.reserved - s.safety - s.quarantined > 0
"""
