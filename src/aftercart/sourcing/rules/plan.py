"""Choosing locations: the first that has everything, else as few parcels as possible."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final

from aftercart.sourcing.model import (
    Allocation,
    Demand,
    LosingCandidate,
    LosingReason,
    Sourcing,
    SourcingPlan,
    SourcingRule,
)
from aftercart.sourcing.rules.candidates import Available, coverage, demand_by_sku

_COMBINED_MAX: Final = 3
_COMBINED_CANDIDATES_MAX: Final = 10


def plan_sourcing(
    demands: Sequence[Demand], candidates: Sequence[str], available: Available, *, others: Sequence[str] = ()
) -> SourcingPlan:
    """Returns where each unit comes from. ``candidates`` are tried in their order; a line may be split over several.

    ``others`` are kept as losing without a closer look.

    Combinations of up to three locations are searched exhaustively among the ten best; beyond that the location with
    most of what is still missing is added until nothing helps. What nobody has is ``missing``.
    """
    wanted = demand_by_sku(demands)
    total = sum(wanted.values())
    has = {code: coverage(code, wanted, available) for code in candidates}
    complete = next((code for code in candidates if has[code] == total), None)
    if complete is not None:
        chosen: tuple[str, ...] = (complete,)
        rule = SourcingRule.SINGLE_LOCATION
    else:
        chosen = _fewest(wanted, candidates, has, available)
        covered = all(sum(max(available(sku, code), 0) for code in chosen) >= units for sku, units in wanted.items())
        rule = SourcingRule.FEWEST_PARCELS if covered else SourcingRule.INCOMPLETE
    allocations, missing = _allocate(demands, chosen, available)
    used = {allocation.location for allocation in allocations}
    losing = tuple(_losing(code, total - has[code]) for code in candidates if code not in used)
    losing += tuple(_not_looked_at(code) for code in others)
    sourcing = Sourcing(rule=rule, chosen=tuple(code for code in chosen if code in used), losing=losing)
    return SourcingPlan(allocations=allocations, missing=missing, sourcing=sourcing)


def _fewest(
    wanted: dict[str, int], candidates: Sequence[str], has: dict[str, int], available: Available
) -> tuple[str, ...]:
    useful = [code for code in candidates if has[code] > 0]
    best = sorted(useful, key=lambda code: -has[code])[:_COMBINED_CANDIDATES_MAX]
    ordered = [code for code in candidates if code in best]
    for size in range(2, _COMBINED_MAX + 1):
        for combined in combinations(ordered, size):
            if all(sum(max(available(sku, code), 0) for code in combined) >= units for sku, units in wanted.items()):
                return combined
    return _greedy(wanted, useful, available)


def _greedy(wanted: dict[str, int], useful: Iterable[str], available: Available) -> tuple[str, ...]:
    left = dict(wanted)
    remaining = list(useful)
    chosen: list[str] = []
    while remaining and any(left.values()):
        best = max(remaining, key=lambda code: coverage(code, left, available))
        if coverage(best, left, available) == 0:
            break
        remaining.remove(best)
        chosen.append(best)
        left = {sku: units - min(units, max(available(sku, best), 0)) for sku, units in left.items()}
    return tuple(chosen)


def _allocate(
    demands: Sequence[Demand], chosen: Sequence[str], available: Available
) -> tuple[tuple[Allocation, ...], tuple[Demand, ...]]:
    left: dict[tuple[str, str], int] = {}
    allocations: list[Allocation] = []
    missing: list[Demand] = []
    for demand in demands:
        open_units = demand.quantity
        for code in chosen:
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


def _losing(code: str, missing_units: int) -> LosingCandidate:
    reason = LosingReason.LATER_IN_ORDER if missing_units == 0 else LosingReason.LACKS_UNITS
    return LosingCandidate(location=code, reason=reason, missing_units=missing_units)


def _not_looked_at(code: str) -> LosingCandidate:
    return LosingCandidate(location=code, reason=LosingReason.NOT_AMONG_BEST, missing_units=None)
