"""Serving an order from elsewhere when it goes elsewhere: new units are held before the old ones are freed."""

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from aftercart.inventory.model import Stage, UnitMove
from aftercart.orders.model import Order, Units
from aftercart.orders.rules.awaited import waiting_place
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.readiness import made_lines, ready_units
from aftercart.orders.rules.stock_for_lines import (
    NowhereToShipFrom,
    require_collectable,
    require_enough,
    require_made,
    taken_by,
)
from aftercart.sourcing.model import Demand, Sourcing, SourcingPlan
from aftercart.sourcing.rules.plan import plan_sourcing, points_of

Place = tuple[str, str]
Line = tuple[int, str]
"""A line and one of its SKUs."""


class Resourcing(msgspec.Struct, frozen=True, kw_only=True):
    """The moves that serve the order from where it is best served now, and why; nothing when it stays as it is."""

    moves: tuple[UnitMove, ...]
    sourcing: Sourcing | None


STAYS = Resourcing(moves=(), sourcing=None)


def resourced(order: Order, facts: Facts, *, param: str) -> Resourcing:
    """Returns how the units that no hand has touched are served by the candidates of the order's new way.

    They stay where they are unless a location may not serve it any more, more of them could be had, or it would cost
    fewer points. Raises ``NowhereToShipFrom``, ``InsufficientStock`` where units would have to wait and may not, and
    ``NotInStore`` for a store they do not come to.
    """
    reserved = ready_units(order)
    waiting = tuple(entry for entry in order.units if entry.stage is Stage.BACKORDERED)
    if not facts.candidates:
        raise NowhereToShipFrom
    moves = [*_moved_production(order, facts)]
    made = (Demand(line=move.line, sku=move.sku, quantity=move.quantity, made_to_order=True) for move in moves)
    require_made(made, facts, param=param)
    if not reserved and not waiting:
        return Resourcing(moves=tuple(moves), sourcing=None) if moves else STAYS
    own = Counter[Place]()
    for entry in reserved:
        own[entry.sku, entry.location] += entry.quantity

    def available(sku: str, code: str) -> int:
        return facts.available(sku, code) + own[sku, code]

    demands = _demands((*reserved, *waiting))
    plan = plan_sourcing(demands, facts.candidates, available, preferences=facts.policy.sourcing, others=facts.others)
    queued = Counter[Place]()
    for entry in waiting:
        queued[entry.sku, entry.location] += entry.quantity
    require_collectable(demands, plan.missing, facts, available=available, param=param, waiting=queued)
    if not _is_better(plan, reserved, waiting, facts):
        return Resourcing(moves=tuple(moves), sourcing=None) if moves else STAYS
    if sum(one.quantity for one in plan.missing) > sum(entry.quantity for entry in waiting):
        require_enough(demands, plan.missing, facts, available=available, param=param)
    moves.extend(_moves(plan, reserved, waiting, facts=facts))
    return Resourcing(moves=tuple(moves), sourcing=plan.sourcing)


def _demands(entries: Sequence[Units]) -> tuple[Demand, ...]:
    wanted = Counter[Line]()
    for entry in entries:
        wanted[entry.line, entry.sku] += entry.quantity
    return tuple(Demand(line=line, sku=sku, quantity=quantity) for (line, sku), quantity in sorted(wanted.items()))


def _is_better(plan: SourcingPlan, reserved: Sequence[Units], waiting: Sequence[Units], facts: Facts) -> bool:
    candidates = {one.code for one in (*facts.candidates, *facts.others)}
    if any(entry.location not in candidates for entry in (*reserved, *waiting)):
        return True
    missing = sum(one.quantity for one in plan.missing)
    waits = sum(entry.quantity for entry in waiting)
    if missing != waits:
        return missing < waits
    points = points_of({entry.location for entry in reserved}, facts.candidates, facts.policy.sourcing)
    found = plan.sourcing.points
    return points is not None and found is not None and found < points


def _first(plan: SourcingPlan, facts: Facts) -> str:
    return plan.sourcing.chosen[0] if plan.sourcing.chosen else facts.candidates[0].code


def _moves(
    plan: SourcingPlan, reserved: Sequence[Units], waiting: Sequence[Units], *, facts: Facts
) -> Iterator[UnitMove]:
    """Yields the moves to where the plan wants the units; what is where it should be is not moved."""
    first = _first(plan, facts)
    taken = taken_by(plan)
    for entry in reserved:
        taken[entry.sku, entry.location] -= entry.quantity
    wanted: dict[Line, Counter[str]] = {}
    for one in plan.allocations:
        wanted.setdefault((one.line, one.sku), Counter())[one.location] += one.quantity
    left: list[tuple[Units, int]] = []
    for entry in reserved:
        places = wanted.get((entry.line, entry.sku), Counter[str]())
        stays = min(entry.quantity, places[entry.location])
        places[entry.location] -= stays
        left.append((entry, entry.quantity - stays))
    for entry, quantity in (*left, *((entry, entry.quantity) for entry in waiting)):
        waits_at = functools.partial(waiting_place, entry.sku, facts=facts, first=first, taken=taken)
        yield from _rehomed(entry, quantity, wanted.get((entry.line, entry.sku), Counter()), facts, waits_at)


def _rehomed(
    entry: Units, quantity: int, places: Counter[str], facts: Facts, waits_at: Callable[[int], str]
) -> Iterator[UnitMove]:
    for code in sorted(places):
        taken = min(quantity, places[code])
        if taken > 0:
            places[code] -= taken
            quantity -= taken
            yield _move(entry, taken, code, Stage.RESERVED)
    waits_well = entry.stage is Stage.BACKORDERED and any(entry.location == one.code for one in facts.candidates)
    if quantity and not waits_well:
        yield _move(entry, quantity, waits_at(quantity), Stage.BACKORDERED)


def _move(entry: Units, quantity: int, location: str, target: Stage) -> UnitMove:
    return UnitMove(
        line=entry.line,
        sku=entry.sku,
        location=location,
        quantity=quantity,
        source=entry.stage,
        target=target,
        origin=None if entry.location == location else entry.location,
    )


def _moved_production(order: Order, facts: Facts) -> Iterator[UnitMove]:
    """Yields the moves of what is still to be made to a place that may serve the order."""
    made = made_lines(order)
    codes: Mapping[str, object] = {one.code: one for one in facts.candidates}
    for entry in order.units:
        if entry.line in made and entry.stage is Stage.RESERVED and entry.location not in codes:
            move = _move(entry, entry.quantity, facts.candidates[0].code, Stage.RESERVED)
            yield msgspec.structs.replace(move, made_to_order=True)
