"""Choosing locations: of all that together have everything, those that cost the fewest points."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

from aftercart.sourcing.model import (
    DEFAULT_PREFERENCES,
    Allocation,
    Candidate,
    Criterion,
    Demand,
    LosingCandidate,
    LosingReason,
    Sourcing,
    SourcingPlan,
    SourcingRule,
)
from aftercart.sourcing.rules.candidates import Available, Preferences, coverage, demand_by_sku, weights_of

_COMBINED_MAX: Final = 3
_COMBINED_CANDIDATES_MAX: Final = 10

Chosen = tuple[Candidate, ...]


def plan_sourcing(
    demands: Sequence[Demand],
    candidates: Sequence[Candidate],
    available: Available,
    *,
    preferences: Preferences = DEFAULT_PREFERENCES,
    others: Sequence[Candidate] = (),
) -> SourcingPlan:
    """Returns where each unit comes from. ``candidates`` come best first; a line may be split over several.

    ``available`` counts what a location may give away, above its floor. ``others`` are kept as losing without a
    closer look.

    Combinations of up to three locations are compared by their points among the ten that have most; when none of them
    has everything, the location with most of what is still missing is added until nothing helps. What nobody has is
    ``missing``.
    """
    wanted = demand_by_sku(demands)
    total = sum(wanted.values())
    has = {one.code: coverage(one.code, wanted, available) for one in candidates}
    best = next((one for one in candidates if has[one.code] == total), None)
    chosen = _cheapest(wanted, candidates, has, available, best=best, preferences=preferences)
    if chosen is None:
        chosen = _greedy(wanted, [one for one in candidates if has[one.code] > 0], available)
    allocations, missing = _allocate(demands, chosen, available)
    used = tuple(one for one in chosen if any(entry.location == one.code for entry in allocations))
    return SourcingPlan(
        allocations=allocations,
        missing=missing,
        sourcing=Sourcing(
            rule=_rule(used, missing),
            chosen=tuple(one.code for one in used),
            losing=(*_losers(candidates, used, has, total, wanted, available), *map(_not_looked_at, others)),
            points=_points(used, weights_of(preferences)) if used else None,
        ),
    )


def points_of(codes: Iterable[str], candidates: Sequence[Candidate], preferences: Preferences) -> int | None:
    """Returns what parcels from these locations cost, ``None`` when one of them is no candidate."""
    by_code = {one.code: one for one in candidates}
    parcels = [by_code.get(code) for code in codes]
    known = [one for one in parcels if one is not None]
    return _points(known, weights_of(preferences)) if len(known) == len(parcels) else None


def _points(parcels: Sequence[Candidate], weights: Mapping[Criterion, int]) -> int:
    more = len(parcels) - 1
    split = weights.get(Criterion.SINGLE_LOCATION, 0) if more > 0 else 0
    return sum(one.points for one in parcels) + split + max(more, 0) * weights.get(Criterion.FEWEST_PARCELS, 0)


def _cheapest(
    wanted: dict[str, int],
    candidates: Sequence[Candidate],
    has: Mapping[str, int],
    available: Available,
    *,
    best: Candidate | None,
    preferences: Preferences,
) -> Chosen | None:
    """Returns the cheapest locations that together have everything, ``None`` when no combination has."""
    weights = weights_of(preferences)
    useful = [one for one in candidates if has[one.code] > 0]
    if best is not None and (len(useful) == 1 or best.points <= _points(useful[:2], weights)):
        return (best,)
    most = sorted(useful, key=lambda one: -has[one.code])[:_COMBINED_CANDIDATES_MAX]
    ordered = [one for one in useful if one in most]
    found: Chosen | None = None if best is None else (best,)
    least = None if best is None else best.points
    for size in range(2, _COMBINED_MAX + 1):
        for combined in combinations(ordered, size):
            points = _points(combined, weights)
            if (least is None or points < least) and _cover(wanted, combined, available):
                found, least = combined, points
    return found


def _cover(wanted: Mapping[str, int], chosen: Chosen, available: Available) -> bool:
    return all(sum(max(available(sku, one.code), 0) for one in chosen) >= units for sku, units in wanted.items())


def _greedy(wanted: dict[str, int], useful: Iterable[Candidate], available: Available) -> Chosen:
    left = dict(wanted)
    remaining = list(useful)
    chosen: list[Candidate] = []
    while remaining and any(left.values()):
        best = max(remaining, key=lambda one: coverage(one.code, left, available))
        if coverage(best.code, left, available) == 0:
            break
        remaining.remove(best)
        chosen.append(best)
        left = {sku: units - min(units, max(available(sku, best.code), 0)) for sku, units in left.items()}
    return tuple(chosen)


def _allocate(
    demands: Sequence[Demand], chosen: Chosen, available: Available
) -> tuple[tuple[Allocation, ...], tuple[Demand, ...]]:
    left: dict[tuple[str, str], int] = {}
    allocations: list[Allocation] = []
    missing: list[Demand] = []
    for demand in demands:
        open_units = demand.quantity
        for one in chosen:
            code = one.code
            place = (demand.sku, code)
            there = left.get(place)
            if there is None:
                there = max(available(demand.sku, code), 0)
            taken = min(open_units, there)
            left[place] = there - taken
            if taken:
                allocations.append(Allocation(line=demand.line, sku=demand.sku, location=code, quantity=taken))
                open_units -= taken
            if open_units == 0:
                break
        if open_units:
            missing.append(Demand(line=demand.line, sku=demand.sku, quantity=open_units))
    return tuple(allocations), tuple(missing)


def _rule(used: Chosen, missing: Sequence[Demand]) -> SourcingRule:
    if missing:
        return SourcingRule.INCOMPLETE
    return SourcingRule.SINGLE_LOCATION if len(used) <= 1 else SourcingRule.FEWEST_PARCELS


def _losers(
    candidates: Sequence[Candidate],
    used: Chosen,
    has: Mapping[str, int],
    total: int,
    wanted: Mapping[str, int],
    available: Available,
) -> Iterable[LosingCandidate]:
    winner = used[0] if used else None
    for one in candidates:
        if one in used:
            continue
        missing = total - has[one.code]
        if missing == 0:
            reason = _why_later(one, winner)
        else:
            above = one.floor_units
            on_shelf = all(
                max(available(sku, one.code), 0) + above >= units and available(sku, one.code) + above > 0
                for sku, units in wanted.items()
            )
            reason = LosingReason.BELOW_FLOOR if above and on_shelf else LosingReason.LACKS_UNITS
        yield LosingCandidate(location=one.code, reason=reason, missing_units=missing, points=one.points)


def _why_later(one: Candidate, winner: Candidate | None) -> LosingReason:
    if winner is None:
        return LosingReason.LATER_IN_ORDER
    worse = (
        (one.not_a_warehouse - winner.not_a_warehouse, LosingReason.NO_WAREHOUSE),
        (one.cost - winner.cost, LosingReason.DEARER),
        (one.distance - winner.distance, LosingReason.FARTHER),
    )
    by, reason = max(worse, key=lambda pair: pair[0])
    return reason if by > 0 else LosingReason.LATER_IN_ORDER


def _not_looked_at(one: Candidate) -> LosingCandidate:
    reason = LosingReason.NOT_AMONG_BEST
    return LosingCandidate(location=one.code, reason=reason, missing_units=None, points=one.points)
