"""Which locations may serve an order, in the order in which they are tried."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from aftercart.inventory.model import Location, LocationKind
from aftercart.sourcing.model import Demand

CANDIDATES_LOCKED: Final = 3
"""How many locations are locked for an order at first; the others only when these do not have everything."""

_KIND_ORDER: Final = {LocationKind.WAREHOUSE: 0, LocationKind.STORE: 1, LocationKind.SUPPLIER: 2}

_last_asked: list[tuple[tuple[Location, ...], tuple[str, ...]]] = []

Available = Callable[[str, str], int]
"""``available(sku, location)``: units that may still be promised there."""


def candidates_for_delivery(locations: tuple[Location, ...]) -> tuple[str, ...]:
    """Returns the codes of all locations that ship: warehouses, then stores, then suppliers, each by code."""
    # Every command of a batch asks with the very same tuple, so the last answer is kept beside it.
    if _last_asked and _last_asked[0][0] is locations:
        return _last_asked[0][1]
    shipping = [location for location in locations if location.ships]
    codes = tuple(location.code for location in sorted(shipping, key=lambda one: (_KIND_ORDER[one.kind], one.code)))
    _last_asked[:] = [(locations, codes)]
    return codes


def best_candidates(candidates: Sequence[str], demands: Sequence[Demand], available: Available) -> tuple[str, ...]:
    """Returns the locations worth locking: the three best, or all of them when the three lack something.

    ``available`` may be stale; the decision under locks looks again.
    """
    wanted = demand_by_sku(demands)
    by_coverage = sorted(candidates, key=lambda code: -coverage(code, wanted, available))
    best = by_coverage[:CANDIDATES_LOCKED]
    enough = all(sum(max(available(sku, code), 0) for code in best) >= units for sku, units in wanted.items())
    return tuple(code for code in candidates if code in best) if enough else tuple(candidates)


def demand_by_sku(demands: Iterable[Demand]) -> dict[str, int]:
    """Returns the units wanted of each SKU: one that stands on two lines is checked on the sum."""
    wanted: dict[str, int] = {}
    for demand in demands:
        wanted[demand.sku] = wanted.get(demand.sku, 0) + demand.quantity
    return wanted


def coverage(code: str, wanted: dict[str, int], available: Available) -> int:
    """Returns how many of the wanted units a location has."""
    return sum(min(units, max(available(sku, code), 0)) for sku, units in wanted.items())
