"""Carts hold each order once, keep the trucks in their order, and are worth walking together."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from time import process_time

from hypothesis import given
from hypothesis import strategies as st
from tests.fulfillment.floors import bin_at

from aftercart.fulfillment.model import Bin
from aftercart.fulfillment.rules.floor_plan import floor_plan_of
from aftercart.fulfillment.rules.picking_carts import CART_ORDERS_MAX, PickingCart, WaitingOrder, picking_carts
from aftercart.fulfillment.rules.walking_route import walking_meters

BINS = [bin_at(aisle, bay) for aisle in range(20) for bay in range(50)]
PLAN = floor_plan_of(BINS)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def order(key: str, *stops: Bin, truck: int = 0) -> WaitingOrder:
    return WaitingOrder(key=key, due_at=NOON + timedelta(hours=truck), stops=stops)


def random_orders(seed: int, *, orders: int, stops_max: int) -> list[WaitingOrder]:
    random = Random(seed)
    return [
        order(f"{number:04}", *random.sample(BINS, random.randint(1, stops_max)), truck=random.randrange(3))
        for number in range(orders)
    ]


@st.composite
def waiting(draw: st.DrawFn) -> list[WaitingOrder]:
    wishes = draw(
        st.lists(st.tuples(st.lists(st.sampled_from(BINS), min_size=1, max_size=4), st.integers(0, 3)), max_size=40)
    )
    return [order(f"{number:02}", *stops, truck=truck) for number, (stops, truck) in enumerate(wishes)]


def keys(carts: Sequence[PickingCart]) -> list[list[str]]:
    return [[one.key for one in cart.orders] for cart in carts]


@given(waiting(), st.integers(1, 12))
def test_every_order_is_in_one_cart_and_no_cart_is_too_full(orders: list[WaitingOrder], orders_max: int) -> None:
    carts = picking_carts(orders, plan=PLAN, orders_max=orders_max)
    assert sorted(key for cart in keys(carts) for key in cart) == sorted(one.key for one in orders)
    assert all(0 < len(cart.orders) <= orders_max for cart in carts)


@given(waiting(), st.integers(1, 12))
def test_no_order_is_in_a_later_cart_than_one_that_is_due_after_it(orders: list[WaitingOrder], orders_max: int) -> None:
    carts = picking_carts(orders, plan=PLAN, orders_max=orders_max)
    for cart, later in pairwise(carts):
        assert max(one.due_at for one in cart.orders) <= min(one.due_at for one in later.orders)


@given(waiting(), st.integers(1, 12))
def test_orders_of_a_single_stop_have_carts_of_their_own_as_long_as_they_fill_them(
    orders: list[WaitingOrder], orders_max: int
) -> None:
    carts = picking_carts(orders, plan=PLAN, orders_max=orders_max)
    for due_at in {one.due_at for one in orders}:
        mixed = [
            one
            for cart in carts
            if len(cart.orders) < orders_max or not all(len(one.stops) == 1 for one in cart.orders)
            for one in cart.orders
            if one.due_at == due_at and len(one.stops) == 1
        ]
        assert len(mixed) < orders_max


@given(waiting(), st.randoms(use_true_random=False))
def test_the_carts_do_not_depend_on_how_the_orders_come(orders: list[WaitingOrder], random: Random) -> None:
    shuffled = list(orders)
    random.shuffle(shuffled)
    assert picking_carts(shuffled, plan=PLAN) == picking_carts(orders, plan=PLAN)


def test_orders_in_the_same_aisles_are_walked_together() -> None:
    near = [order(f"near {number}", bin_at(1, number), bin_at(2, number)) for number in range(3)]
    far = [order(f"far {number}", bin_at(17, number), bin_at(18, number)) for number in range(3)]
    carts = picking_carts([order for pair in zip(near, far, strict=True) for order in pair], plan=PLAN, orders_max=3)
    assert keys(carts) == [["far 0", "far 1", "far 2"], ["near 0", "near 1", "near 2"]]


def test_a_cart_goes_on_to_the_next_truck_when_nothing_is_left_for_the_one_before() -> None:
    two, three = (bin_at(1, 1), bin_at(2, 1)), (bin_at(3, 1), bin_at(4, 1))
    orders = [order("a", *two), order("b", *three, truck=1), order("c", *two, truck=1), order("d", *two, truck=2)]
    assert keys(picking_carts(orders, plan=PLAN, orders_max=2)) == [["a", "c"], ["b", "d"]]


def test_single_stops_that_fill_no_cart_go_with_the_others() -> None:
    two = (bin_at(1, 1), bin_at(2, 1))
    singles = [order(key, bin_at(3, 1)) for key in ("x", "y", "z")]
    assert keys(picking_carts([order("a", *two), *singles], plan=PLAN, orders_max=2)) == [["x", "y"], ["a", "z"]]


def test_what_is_walked_together_is_shorter_than_in_the_order_of_arrival() -> None:
    seed = 4
    print("seed", seed)
    orders = random_orders(seed, orders=300, stops_max=4)
    carts = picking_carts(orders, plan=PLAN)
    arrived = sorted(orders, key=lambda one: one.due_at)
    as_they_come = [arrived[first : first + CART_ORDERS_MAX] for first in range(0, len(arrived), CART_ORDERS_MAX)]
    together = sum(walking_meters(cart.stops, plan=PLAN) for cart in carts)
    plainly = sum(walking_meters([stop for one in cart for stop in one.stops], plan=PLAN) for cart in as_they_come)
    alone = sum(walking_meters(one.stops, plan=PLAN) for one in orders)
    assert together < 0.8 * plainly < 0.8 * 0.4 * alone


def test_a_wave_of_a_thousand_orders_is_ready_in_a_moment() -> None:
    orders = random_orders(1, orders=1_000, stops_max=6)
    began = process_time()
    carts = picking_carts(orders, plan=PLAN)
    assert process_time() - began < 5  # a tenth of that on a quiet machine
    assert len(carts) < 1_000 / CART_ORDERS_MAX + 4
