"""Giving units a place: reserved where there is stock, backordered where the channel allows it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from aftercart.catalog.model import VariantKind
from aftercart.inventory.model import LocationKind, Stage, Stock, UnitMove
from aftercart.inventory.rules.available_to_promise import promised_by
from aftercart.kit.refusal import Refusal
from aftercart.orders.model import MissingStockPolicy, OrderLine
from aftercart.orders.rules.awaited import Place, waiting_place
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.unit_ledger import skus_of
from aftercart.shipping.rules.local_time import local_day
from aftercart.sourcing.model import Allocation, Candidate, Demand, Sourcing, SourcingPlan
from aftercart.sourcing.rules.candidates import Available, demand_by_sku
from aftercart.sourcing.rules.plan import plan_sourcing

_NONE_WAITING: Final[Mapping[Place, int]] = MappingProxyType({})


class MissingStock(msgspec.Struct, frozen=True, kw_only=True):
    """How many units of a SKU were wanted, and how many could still be promised."""

    sku: str
    requested: int
    available: int


class InsufficientStock(Refusal):
    """There is not enough stock, and this channel does not take orders that wait; says what is left."""

    def __init__(self, *, missing: tuple[MissingStock, ...], param: str) -> None:
        super().__init__(param=param, missing=missing)


class NotInStore(InsufficientStock):
    """The store where it is to be collected has not all of it, and what is missing does not come there either."""

    def __init__(self, *, store: str, missing: tuple[MissingStock, ...], param: str) -> None:
        super().__init__(missing=missing, param=param)
        self.values["store"] = store


class NowhereToShipFrom(Refusal):
    """No location may serve this order, so its units cannot even wait anywhere."""

    def __init__(self) -> None:
        super().__init__(param="delivery")


class Placing(msgspec.Struct, frozen=True, kw_only=True):
    """The first moves of new units, and the sourcing decision behind them."""

    moves: tuple[UnitMove, ...]
    sourcing: Sourcing


def demands_of(line: OrderLine, quantity: int) -> tuple[Demand, ...]:
    """Returns the units that so many pieces of a line consist of."""
    return tuple(
        Demand(line=line.line, sku=sku, quantity=quantity * each, made_to_order=line.made_to_order)
        for sku, each in skus_of(line)
    )


def place_units(demands: Sequence[Demand], facts: Facts, *, candidates: Sequence[Candidate], param: str) -> Placing:
    """Returns where each new unit begins, of the ``candidates``, best first.

    Units nobody has are backordered, where they are expected first, if the channel allows it or the variant is
    announced; else raises ``InsufficientStock`` with what is left. No channel row means refuse. What is made to order
    takes no stock: its place is the first location chosen. Where the order is collected it is ``NotInStore``, also for
    what ``require_collectable`` and ``require_made`` say of a store.
    """
    if not candidates:
        raise NowhereToShipFrom
    made = [demand for demand in demands if demand.made_to_order]
    require_made(made, facts, param=param)
    stocked = [demand for demand in demands if not demand.made_to_order] if made else demands
    plan = plan_sourcing(stocked, candidates, facts.available, preferences=facts.policy.sourcing, others=facts.others)
    require_enough(stocked, plan.missing, facts, available=facts.available, param=param)
    require_collectable(stocked, plan.missing, facts, available=facts.available, param=param)
    first = plan.sourcing.chosen[0] if plan.sourcing.chosen else candidates[0].code
    taken = taken_by(plan)
    moves = (
        *(_begins(one, location=one.location, stage=Stage.RESERVED) for one in plan.allocations),
        *(
            _begins(
                one,
                location=waiting_place(one.sku, one.quantity, facts, first=first, taken=taken),
                stage=Stage.BACKORDERED,
            )
            for one in plan.missing
        ),
        *(
            msgspec.structs.replace(_begins(one, location=first, stage=Stage.RESERVED), made_to_order=True)
            for one in made
        ),
    )
    return Placing(moves=moves, sourcing=plan.sourcing)


def taken_by(plan: SourcingPlan) -> Counter[Place]:
    """Returns how many units a plan takes of each SKU at each location."""
    taken: Counter[Place] = Counter()
    for one in plan.allocations:
        taken[one.sku, one.location] += one.quantity
    return taken


def require_enough(
    demands: Sequence[Demand], missing: Sequence[Demand], facts: Facts, *, available: Available, param: str
) -> None:
    """Raises ``InsufficientStock`` when units nobody has may not wait: no backorders here, and no pre-order.

    Where they would be collected it is ``NotInStore``.
    """
    if facts.channel is not None and facts.channel.missing_stock is MissingStockPolicy.BACKORDER:
        return
    refused = {one.sku for one in missing if not _is_announced(one.sku, facts)}
    if refused:
        raise _lacking(refused, demand_by_sku(demands), facts, available=available, param=param)


def require_collectable(
    demands: Sequence[Demand],
    missing: Sequence[Demand],
    facts: Facts,
    *,
    available: Available,
    param: str,
    waiting: Mapping[Place, int] = _NONE_WAITING,
) -> None:
    """Raises ``NotInStore`` for a pre-order collected in a store for which nobody announced enough of it.

    The day a pre-order is announced for says nothing of the store. Those of its units that are ``waiting`` there
    already do not stand in their own way.
    """
    store = _store_in(facts)
    if store is None:
        return
    lacks = demand_by_sku(one for one in missing if _is_announced(one.sku, facts))
    refused = {sku for sku, units in lacks.items() if not _comes_to(store, sku, units, facts, waiting)}
    if refused:
        raise _lacking(refused, demand_by_sku(demands), facts, available=available, param=param)


def require_made(made: Iterable[Demand], facts: Facts, *, param: str) -> None:
    """Raises ``NotInStore`` for goods made to order that are to be collected in a store: nothing is made in one."""
    store = _store_in(facts)
    wanted = demand_by_sku(made)
    if store is not None and wanted and facts.location(store).kind is LocationKind.STORE:
        raise _lacking(set(wanted), wanted, facts, available=lambda _sku, _code: 0, param=param)


def _is_announced(sku: str, facts: Facts) -> bool:
    return facts.variants[sku].kind is VariantKind.PREORDER


def _lacking(
    refused: set[str], wanted: Mapping[str, int], facts: Facts, *, available: Available, param: str
) -> InsufficientStock:
    missing = tuple(
        MissingStock(sku=sku, requested=wanted[sku], available=_left(sku, facts.candidates, available))
        for sku in sorted(refused)
    )
    store = _store_in(facts)
    if store is None:
        return InsufficientStock(missing=missing, param=param)
    return NotInStore(store=store, missing=missing, param=param)


def _store_in(facts: Facts) -> str | None:
    return next((one.code for one in facts.candidates if one.collected), None)


def _comes_to(store: str, sku: str, units: int, facts: Facts, waiting: Mapping[Place, int]) -> bool:
    """Tells whether supply brings so many units to a store, after all that is there and all others who wait."""
    stock = facts.stock_of(sku, store) or Stock(sku=sku, location=store)
    left = msgspec.structs.replace(
        stock,
        reserved=stock.reserved + max(facts.available(sku, store), 0),
        backordered=stock.backordered - waiting.get((sku, store), 0),
    )
    return not promised_by(left, units, today=local_day(facts.now, facts.location(store).timezone)).uncovered


def _begins(units: Demand | Allocation, *, location: str, stage: Stage) -> UnitMove:
    return UnitMove(
        line=units.line, sku=units.sku, location=location, quantity=units.quantity, source=None, target=stage
    )


def _left(sku: str, candidates: Sequence[Candidate], available: Available) -> int:
    return sum(max(available(sku, one.code), 0) for one in candidates)
