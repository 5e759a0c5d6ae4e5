"""Giving units a place: reserved where there is stock, backordered where the channel allows it."""

from collections.abc import Sequence

import msgspec

from aftercart.catalog.model import VariantKind
from aftercart.inventory.model import Stage, UnitMove
from aftercart.kit.refusal import Refusal
from aftercart.orders.model import MissingStockPolicy
from aftercart.orders.rules.supply import Supply
from aftercart.sourcing.model import Demand, Sourcing
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


def place_units(demands: Sequence[Demand], supply: Supply, *, candidates: Sequence[str], param: str) -> Placing:
    """Returns where each new unit begins, of the ``candidates``, best first.

    Units nobody has are backordered at the first location chosen if the channel allows it or the variant is made or
    announced; else raises ``InsufficientStock`` with what is left. No channel row means refuse.
    """
    if not candidates:
        raise NowhereToShipFrom
    plan = plan_sourcing(demands, candidates, supply.available, others=supply.others)
    variants, channel, available = supply.variants, supply.channel, supply.available
    may_wait = channel is not None and channel.missing_stock is MissingStockPolicy.BACKORDER
    refused = {
        demand.sku for demand in plan.missing if not may_wait and variants[demand.sku].kind is VariantKind.STOCKED
    }
    if refused:
        wanted = demand_by_sku(demands)
        missing = tuple(
            MissingStock(sku=sku, requested=wanted[sku], available=_left(sku, candidates, available))
            for sku in sorted(refused)
        )
        raise InsufficientStock(missing=missing, param=param)
    reserved = tuple(
        UnitMove(
            line=allocation.line,
            sku=allocation.sku,
            location=allocation.location,
            quantity=allocation.quantity,
            source=None,
            target=Stage.RESERVED,
        )
        for allocation in plan.allocations
    )
    waiting_at = plan.sourcing.chosen[0] if plan.sourcing.chosen else candidates[0]
    waiting = tuple(
        UnitMove(
            line=demand.line,
            sku=demand.sku,
            location=waiting_at,
            quantity=demand.quantity,
            source=None,
            target=Stage.BACKORDERED,
        )
        for demand in plan.missing
    )
    return Placing(moves=reserved + waiting, sourcing=plan.sourcing)


def _left(sku: str, candidates: Sequence[str], available: Available) -> int:
    return sum(max(available(sku, code), 0) for code in candidates)
