"""Giving units a place: reserved where there is stock, backordered where the channel allows it."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from aftercart.catalog.model import VariantKind
from aftercart.inventory.model import Stage, UnitMove
from aftercart.kit.refusal import Refusal
from aftercart.orders.model import MissingStockPolicy, OrderLine
from aftercart.orders.rules.awaited import Place, waiting_place
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.unit_ledger import skus_of
from aftercart.sourcing.model import Allocation, Candidate, Demand, Sourcing, SourcingPlan
from aftercart.sourcing.rules.candidates import Available, demand_by_sku
from aftercart.sourcing.rules.plan import plan_sourcing


class MissingStock(msgspec.Struct, frozen=True, kw_only=True):
    """How many units of a SKU were wanted, and how many could still be promised."""

    sku: str
    requested: int
    available: int


class InsufficientStock(Refusal):
    """There is not enough stock, and this channel does not take orders that wait; says what is left."""

    def __init__(self, *, missing: tuple[MissingStock, ...], param: str) -> None:
        super().__init__(param=param, missing=missing)


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
    takes no stock: its place is the first location chosen.
    """
    if not candidates:
        raise NowhereToShipFrom
    made = [demand for demand in demands if demand.made_to_order]
    stocked = [demand for demand in demands if not demand.made_to_order] if made else demands
    plan = plan_sourcing(stocked, candidates, facts.available, preferences=facts.policy.sourcing, others=facts.others)
    require_enough(stocked, plan.missing, facts, available=facts.available, param=param)
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
    """Raises ``InsufficientStock`` when units nobody has may not wait: no backorders here, and no pre-order."""
    if facts.channel is not None and facts.channel.missing_stock is MissingStockPolicy.BACKORDER:
        return
    refused = {one.sku for one in missing if facts.variants[one.sku].kind is not VariantKind.PREORDER}
    if refused:
        wanted = demand_by_sku(demands)
        raise InsufficientStock(
            missing=tuple(
                MissingStock(sku=sku, requested=wanted[sku], available=_left(sku, facts.candidates, available))
                for sku in sorted(refused)
            ),
            param=param,
        )


def _begins(units: Demand | Allocation, *, location: str, stage: Stage) -> UnitMove:
    return UnitMove(
        line=units.line, sku=units.sku, location=location, quantity=units.quantity, source=None, target=stage
    )


def _left(sku: str, candidates: Sequence[Candidate], available: Available) -> int:
    return sum(max(available(sku, one.code), 0) for one in candidates)
