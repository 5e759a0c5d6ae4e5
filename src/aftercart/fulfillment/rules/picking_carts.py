"""Which orders are walked together: those that lead through the same aisles, and the earlier truck's before others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from aftercart.fulfillment.model import Bin
from aftercart.fulfillment.rules.floor_plan import FloorPlan

CART_ORDERS_MAX: Final = 12
_OWN_WALK_SHARE: Final = 0.5


class WaitingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be picked of one order at one location: at least one stop, and the cut-off of its truck."""

    key: str
    due_at: datetime
    stops: tuple[Bin, ...]


class PickingCart(msgspec.Struct, frozen=True, kw_only=True):
    """Orders that are walked together, sorted by their truck, then by their key."""

    orders: tuple[WaitingOrder, ...]

    @property
    def stops(self) -> tuple[Bin, ...]:
        """Returns the stops of all orders, not in the order of a walk."""
        return tuple(stop for order in self.orders for stop in order.stops)


class _Reach(msgspec.Struct, frozen=True, gc=False):
    """What a walk touches: one bit for each aisle, and how far it leads to the left and to the right, in meters."""

    aisles: int
    left_m: float
    right_m: float


class _Candidate(msgspec.Struct, frozen=True):
    order: WaitingOrder
    reach: _Reach
    own_m: float


class _Truckload:
    """What is left to be picked for one truck: orders of one stop, which need no sorting, apart from the others."""

    def __init__(self) -> None:
        self.by_kind: dict[bool, list[_Candidate]] = {True: [], False: []}

    @property
    def is_done(self) -> bool:
        return not any(self.by_kind.values())


def picking_carts(
    orders: Iterable[WaitingOrder], *, plan: FloorPlan, orders_max: int = CART_ORDERS_MAX
) -> tuple[PickingCart, ...]:
    """Returns the carts in the order in which they should start, each with one order at least.

    Orders of a single stop have carts of their own. No order is in a later cart than one that is due after it. A cart
    begins with the order that has the longest walk alone, and takes the one that adds least to it, until it is full;
    long orders are preferred a little, else they would be left over for carts without company.

    The answer does not depend on the order of ``orders``.
    """
    truckloads = _truckloads(orders, plan)
    carts: list[PickingCart] = []
    while truckloads:
        kinds = truckloads[-1].by_kind
        is_single = len(kinds[True]) >= len(kinds[False])
        carts.append(_next_cart(truckloads, plan, orders_max, is_single=is_single))
    return tuple(carts)


def _truckloads(orders: Iterable[WaitingOrder], plan: FloorPlan) -> list[_Truckload]:
    """Returns the truckloads, the earliest one last, where it is taken away."""
    ranks = {aisle: rank for rank, aisle in enumerate(plan.aisle_x_m)}
    by_truck: defaultdict[datetime, _Truckload] = defaultdict(_Truckload)
    for order in sorted(orders, key=lambda order: (order.due_at, order.key)):
        reach = _reach_of(order.stops, plan, ranks)
        candidate = _Candidate(order, reach, _added_m(_nowhere(plan), reach, plan.aisle_m))
        by_truck[order.due_at].by_kind[len(order.stops) == 1].append(candidate)
    return list(by_truck.values())[::-1]


def _next_cart(truckloads: list[_Truckload], plan: FloorPlan, orders_max: int, *, is_single: bool) -> PickingCart:
    """Takes a cart of one kind away. It goes on to the next truck only when nothing is left for the one before."""
    reach = _nowhere(plan)
    chosen: list[WaitingOrder] = []
    while truckloads and len(chosen) < orders_max and (pool := truckloads[-1].by_kind[is_single]):
        place = _best_place(pool, reach, plan.aisle_m) if chosen else _longest_place(pool)
        candidate = pool.pop(place)
        chosen.append(candidate.order)
        reach = _both(reach, candidate.reach)
        if truckloads[-1].is_done:
            truckloads.pop()
    return PickingCart(orders=tuple(sorted(chosen, key=lambda order: (order.due_at, order.key))))


def _longest_place(pool: Sequence[_Candidate]) -> int:
    return max(range(len(pool)), key=lambda place: pool[place].own_m)


def _best_place(pool: Sequence[_Candidate], reach: _Reach, aisle_m: float) -> int:
    return min(
        range(len(pool)),
        key=lambda place: _added_m(reach, pool[place].reach, aisle_m) - _OWN_WALK_SHARE * pool[place].own_m,
    )


def _added_m(reach: _Reach, more: _Reach, aisle_m: float) -> float:
    """Returns about how much longer a walk becomes: new aisles, and the way there and back.

    Real lengths would take a thousand times as long and lead to carts that are one or two percent better.
    """
    further = max(reach.left_m - more.left_m, 0.0) + max(more.right_m - reach.right_m, 0.0)
    return aisle_m * (more.aisles & ~reach.aisles).bit_count() + 2 * further


def _reach_of(stops: Iterable[Bin], plan: FloorPlan, ranks: dict[int, int]) -> _Reach:
    aisles = {stop.aisle for stop in stops}
    ways = [plan.aisle_x_m[aisle] for aisle in aisles]
    return _Reach(sum(1 << ranks[aisle] for aisle in aisles), min(ways), max(ways))


def _nowhere(plan: FloorPlan) -> _Reach:
    return _Reach(0, min(plan.start_x_m, plan.end_x_m), max(plan.start_x_m, plan.end_x_m))


def _both(one: _Reach, other: _Reach) -> _Reach:
    return _Reach(one.aisles | other.aisles, min(one.left_m, other.left_m), max(one.right_m, other.right_m))
