"""Which orders go onto which pick list, and past which bins: planned on what lies where by the books."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import NO_BIN, Stop
from aftercart.fulfillment.rules.floor_plan import FloorPlan, floor_plan_of
from aftercart.fulfillment.rules.picking_carts import WaitingOrder, picking_carts
from aftercart.fulfillment.rules.walking_route import walking_route
from aftercart.inventory.model import Bin, BinQuantity


class WaitingWork(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be fetched of an order at a location, in units by SKU, and the cut-off of its truck."""

    order_id: UUID
    due_at: datetime
    units: Mapping[str, int]


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """The bins of a location by their codes, and those that SKUs lie in."""

    bins: Mapping[str, Bin]
    stock: Mapping[str, Sequence[BinQuantity]]


class PlannedList(msgspec.Struct, frozen=True, kw_only=True):
    """Orders that are walked together, the stops in walking order, and how many meters that is."""

    orders: tuple[UUID, ...]
    stops: tuple[Stop, ...]
    meters: float


def planned_lists(work: Iterable[WaitingWork], layout: Layout, *, orders_max: int) -> tuple[PlannedList, ...]:
    """Returns the lists in the order in which they should start; every order is on one of them.

    Orders of which nothing lies in a bin come last, in the order they are given.
    """
    given = tuple(work)
    stops = _Books(layout).stops_of(given)
    walked = {order_id for order_id, places in stops.items() if any(stop.bin != NO_BIN for stop in places)}
    planned: list[PlannedList] = []
    if walked:
        plan = floor_plan_of(layout.bins.values())
        waiting = [_waiting(one, stops[one.order_id], layout) for one in given if one.order_id in walked]
        carts = picking_carts(waiting, plan=plan, orders_max=orders_max)
        planned += [_walk([UUID(one.key) for one in cart.orders], stops, layout, plan) for cart in carts]
    others = [one.order_id for one in given if one.order_id not in walked]
    for first in range(0, len(others), orders_max):
        together = others[first : first + orders_max]
        planned.append(PlannedList(orders=tuple(together), stops=_once(together, stops, code=NO_BIN), meters=0.0))
    return tuple(planned)


class _Books:
    """What is left in the bins by the books, while orders are planned one after the other."""

    def __init__(self, layout: Layout) -> None:
        self._left = {sku: {one.bin: one.quantity for one in stock} for sku, stock in layout.stock.items()}

    def stops_of(self, work: Iterable[WaitingWork]) -> dict[UUID, tuple[Stop, ...]]:
        return {
            one.order_id: tuple(
                Stop(bin=code, sku=sku) for sku in sorted(one.units) for code in self._bins_for(sku, one.units[sku])
            )
            for one in work
        }

    def _bins_for(self, sku: str, quantity: int) -> list[str]:
        """Returns one bin that has enough, or as many as it takes; of what nobody has enough, the fullest."""
        left = self._left.get(sku, {})
        if not left:
            return [NO_BIN]
        enough = [code for code in left if left[code] >= quantity]
        chosen: list[str] = []
        for code in enough[:1] or sorted(left, key=lambda code: (-left[code], code)):
            units = min(left[code], quantity)
            if units or not chosen:
                chosen.append(code)
                left[code] -= units
                quantity -= units
            if quantity == 0:
                break
        return chosen


def _waiting(work: WaitingWork, stops: Iterable[Stop], layout: Layout) -> WaitingOrder:
    codes = dict.fromkeys(stop.bin for stop in stops if stop.bin != NO_BIN)
    return WaitingOrder(key=str(work.order_id), due_at=work.due_at, stops=tuple(layout.bins[code] for code in codes))


def _walk(orders: Sequence[UUID], stops: Mapping[UUID, Sequence[Stop]], layout: Layout, plan: FloorPlan) -> PlannedList:
    codes = dict.fromkeys(stop.bin for order_id in orders for stop in stops[order_id] if stop.bin != NO_BIN)
    route = walking_route((layout.bins[code] for code in codes), plan=plan)
    passed = tuple(stop for place in route.stops for stop in _once(orders, stops, code=place.code))
    return PlannedList(
        orders=tuple(orders), stops=(*passed, *_once(orders, stops, code=NO_BIN)), meters=round(route.meters, 1)
    )


def _once(orders: Iterable[UUID], stops: Mapping[UUID, Sequence[Stop]], *, code: str) -> tuple[Stop, ...]:
    here = {stop.sku: stop for order_id in orders for stop in stops[order_id] if stop.bin == code}
    return tuple(here[sku] for sku in sorted(here))
