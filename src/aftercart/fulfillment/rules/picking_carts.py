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


def picking_carts(
    orders: Iterable[WaitingOrder], *, plan: FloorPlan, orders_max: int = CART_ORDERS_MAX
) -> tuple[PickingCart, ...]:
    """Returns the carts in the order in which they should start, each with one order at least.

    Orders of a single stop, which need no sorting, have carts of their own as long as they fill them. No order is in a
    later cart than one that is due after it. A cart begins with the order that has the longest walk alone, and takes
    the one that adds least to it, until it is full; long orders are preferred a little, else they would be left over
    for carts without company.

    The answer does not depend on the order of ``orders``.
    """
    assert orders_max > 0
    full: list[_Cart] = []
    cart = _Cart(plan, orders_max)
    for pool in _pools(orders, plan):
        alike = _carts_of_single_stops(pool, plan, orders_max)
        if cart.chosen:  # by orders of an earlier truck
            cart.fill_from(pool)
            if alike or pool:
                full.append(cart)
                cart = _Cart(plan, orders_max)
        full += alike
        while pool:
            if cart.is_full:
                full.append(cart)
                cart = _Cart(plan, orders_max)
            cart.fill_from(pool)
    if cart.chosen:
        full.append(cart)
    return tuple(PickingCart(orders=tuple(sorted(cart.chosen, key=_by_truck))) for cart in full)


class _Cart:
    """A cart that is being filled, and what its walk touches so far."""

    def __init__(self, plan: FloorPlan, orders_max: int) -> None:
        self.chosen: list[WaitingOrder] = []
        self._reach = _nowhere(plan)
        self._aisle_m = plan.aisle_m
        self._orders_max = orders_max

    @property
    def is_full(self) -> bool:
        return len(self.chosen) >= self._orders_max

    def fill_from(self, pool: list[_Candidate]) -> None:
        """Takes what fits best away from the pool until the cart is full or the pool is empty."""
        while pool and not self.is_full:
            place = _best_place(pool, self._reach, self._aisle_m) if self.chosen else _longest_place(pool)
            candidate = pool.pop(place)
            self.chosen.append(candidate.order)
            self._reach = _both(self._reach, candidate.reach)


def _pools(orders: Iterable[WaitingOrder], plan: FloorPlan) -> Iterable[list[_Candidate]]:
    """Returns the orders of each truck, the earliest truck first."""
    ranks = {aisle: rank for rank, aisle in enumerate(plan.aisle_x_m)}
    pools: defaultdict[datetime, list[_Candidate]] = defaultdict(list)
    for order in sorted(orders, key=_by_truck):
        reach = _reach_of(order.stops, plan, ranks)
        pools[order.due_at].append(_Candidate(order, reach, _added_m(_nowhere(plan), reach, plan.aisle_m)))
    return pools.values()


def _carts_of_single_stops(pool: list[_Candidate], plan: FloorPlan, orders_max: int) -> list[_Cart]:
    """Takes full carts of orders of a single stop away from the pool."""
    singles = [candidate for candidate in pool if len(candidate.order.stops) == 1]
    carts: list[_Cart] = []
    while len(singles) >= orders_max:
        carts.append(_Cart(plan, orders_max))
        carts[-1].fill_from(singles)
    taken = {order.key for cart in carts for order in cart.chosen}
    pool[:] = [candidate for candidate in pool if candidate.order.key not in taken]
    return carts


def _by_truck(order: WaitingOrder) -> tuple[datetime, str]:
    return order.due_at, order.key


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
