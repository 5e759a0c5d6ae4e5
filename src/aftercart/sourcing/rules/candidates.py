"""Which locations may serve an order, the ones a parcel costs the fewest points from first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from aftercart.inventory.model import Coordinates, Location, LocationKind
from aftercart.shipping.rules.location_facts import coordinates_of
from aftercart.shipping.rules.whereabouts import distance_km
from aftercart.sourcing.model import Candidate, Criterion, Demand, SourcingPreference

CANDIDATES_LOCKED: Final = 3
"""How many locations are locked for an order at first; the others only when these do not have everything."""
_REMEMBERED_MAX: Final = 4_096
_KIND_ORDER: Final = {LocationKind.WAREHOUSE: 0, LocationKind.STORE: 1, LocationKind.SUPPLIER: 2}

Preferences = tuple[SourcingPreference, ...]
Available = Callable[[str, str], int]
"""``available(sku, location)``: units that may still be promised there."""

_remembered: dict[tuple[Coordinates | None, Preferences], tuple[Candidate, ...]] = {}
_remembered_of: list[tuple[Location, ...]] = []


def candidates_for_delivery(
    locations: tuple[Location, ...], preferences: Preferences, destination: Coordinates | None
) -> tuple[Candidate, ...]:
    """Returns all locations that ship, best first; of equals warehouses, then stores, then suppliers, each by code.

    A location or destination nobody knows the place of is no distance away.
    """
    # Locations and preferences hardly ever change, and many orders go to the same towns.
    if not _remembered_of or _remembered_of[0] is not locations or len(_remembered) >= _REMEMBERED_MAX:
        _remembered.clear()
        _remembered_of[:] = [locations]
    key = (destination, preferences)
    found = _remembered.get(key)
    if found is None:
        found = _remembered[key] = _ranked(locations, preferences, destination)
    return found


def candidate_for_pickup(code: str) -> Candidate:
    """Returns the store an order is collected in; what lies there for its visitors may be collected too."""
    return Candidate(code=code, collected=True)


def kept_for_visitors(kind: LocationKind, floor_units: int, preferences: Preferences) -> int:
    """Returns how many units of each SKU a location does not send away."""
    return floor_units if kind is LocationKind.STORE and Criterion.STORE_FLOORS in weights_of(preferences) else 0


def weights_of(preferences: Iterable[SourcingPreference]) -> Mapping[Criterion, int]:
    """Returns the weight of each criterion that counts."""
    return {preference.criterion: preference.weight for preference in preferences}


def best_candidates(
    candidates: Sequence[Candidate], demands: Sequence[Demand], available: Available
) -> tuple[Candidate, ...]:
    """Returns the locations worth locking: the three best, or all of them when the three lack something.

    ``available`` may be stale; the decision under locks looks again.
    """
    wanted = demand_by_sku(demands)
    by_coverage = sorted(candidates, key=lambda one: -coverage(one.code, wanted, available))
    best = {one.code for one in by_coverage[:CANDIDATES_LOCKED]}
    enough = all(sum(max(available(sku, code), 0) for code in best) >= units for sku, units in wanted.items())
    return tuple(one for one in candidates if one.code in best) if enough else tuple(candidates)


def demand_by_sku(demands: Iterable[Demand]) -> dict[str, int]:
    """Returns the units wanted of each SKU: one that stands on two lines is checked on the sum."""
    wanted: dict[str, int] = {}
    for demand in demands:
        wanted[demand.sku] = wanted.get(demand.sku, 0) + demand.quantity
    return wanted


def coverage(code: str, wanted: Mapping[str, int], available: Available) -> int:
    """Returns how many of the wanted units a location has."""
    return sum(min(units, max(available(sku, code), 0)) for sku, units in wanted.items())


def _ranked(
    locations: Iterable[Location], preferences: Preferences, destination: Coordinates | None
) -> tuple[Candidate, ...]:
    weights = weights_of(preferences)
    ranked = [
        (
            _candidate(
                location, weights, destination, kept=kept_for_visitors(location.kind, location.floor_units, preferences)
            ),
            _KIND_ORDER[location.kind],
        )
        for location in locations
        if location.ships
    ]
    ranked.sort(key=lambda pair: (pair[0].points, pair[1], pair[0].code))
    return tuple(candidate for candidate, _ in ranked)


def _candidate(
    location: Location, weights: Mapping[Criterion, int], destination: Coordinates | None, *, kept: int
) -> Candidate:
    kind = weights.get(Criterion.WAREHOUSES_FIRST, 0) * _KIND_ORDER[location.kind]
    cost = weights.get(Criterion.CHEAPEST, 0) * location.parcel_cost_minor
    nearest = weights.get(Criterion.NEAREST, 0)
    here = coordinates_of(location) if nearest else None
    distance = 0 if here is None or destination is None else nearest * round(distance_km(here, destination))
    return Candidate(
        code=location.code,
        points=kind + cost + distance,
        not_a_warehouse=kind,
        distance=distance,
        cost=cost,
        floor_units=kept,
    )
