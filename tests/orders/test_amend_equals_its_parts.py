"""Several changes as one leave the order that they leave one by one, or are refused as a whole and change nothing."""

from collections.abc import Callable, Sequence
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.orders.hands import BY_HAND, MoveOn
from tests.orders.living_order import World, answer_or_refusal, is_made, monday_after
from tests.orders.living_shop import open_with_everything
from tests.orders.living_start import Start, open_for, starts
from tests.orders.living_wishes import amendments, as_customer, changes, told_of
from tests.small_shop import ADMIN, load_order, order_of

from aftercart.inventory.model import UnitMove
from aftercart.kit.commands import Actor, Answer, Preview
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.amend import Amend
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.model import Order, OrderChange


def in_order_of_effect(amend: Amend) -> list[tuple[int, OrderChange]]:
    """Returns the operations, each with its place: lines are taken out last."""
    numbered = list(enumerate(amend.operations))
    last = [one for one in numbered if isinstance(one[1], CancelLines)]
    return [one for one in numbered if one not in last] + last


def begun(world: World, start: Start, changed: Sequence[OrderChange], prefix: str, *, hands: Sequence[int]) -> Order:
    """Returns an order to which some things happened already; with ``hands`` it is released, and they move it on."""
    run, shop, clock = world
    clock.advance_to(monday_after(clock.now()))
    run(open_with_everything(shop, prefix))
    order = order_of(run(shop.submit(run(open_for(shop, start, prefix)), ADMIN)))
    for wish in changed:
        answer = run(answer_or_refusal(shop.submit(told_of(wish, order, prefix=prefix, now=clock.now()), ADMIN)))
        order = order_of(answer) if isinstance(answer, Answer) else order
    if hands and order.release_at is not None:
        order = order_of(run(shop.submit(ReleaseOrder(order_id=order.order_id), ADMIN)))
        for number in hands:
            order = moved_on(world, order, number)
    return order


def moved_on(world: World, order: Order, number: int) -> Order:
    """Returns the order after hands moved one of its entries on, if they can move any."""
    run, shop, _ = world
    there = [one for one in order.units if one.stage in BY_HAND]
    if not there:
        return order
    entry = there[number % len(there)]
    move = UnitMove(
        line=entry.line,
        sku=entry.sku,
        location=entry.location,
        quantity=1 + number % entry.quantity,
        source=entry.stage,
        target=BY_HAND[entry.stage][0],
        made_to_order=is_made(entry),
    )
    return order_of(run(shop.submit(MoveOn(order_id=order.order_id, moves=(move,)), ADMIN)))


def assert_refused_as_its_parts_are(world: World, amend: Amend, order: Order, refusal: Refusal, actor: Actor) -> None:
    """Submits it in vain, then its parts: the first one that is refused is the one that was named."""
    run, shop, _ = world
    assert type(run(answer_or_refusal(shop.submit(amend, actor)))) is type(refusal)
    assert run(load_order(shop, order.order_id)) == order
    for index, operation in in_order_of_effect(amend):
        part = run(answer_or_refusal(shop.submit(operation, actor)))
        if isinstance(part, Refusal):
            at = f"operations[{index}]"
            assert refusal.param == (at if part.param is None else f"{at}.{part.param}")
            assert (type(part), part.values) == (type(refusal), refusal.values)
            return
    pytest.fail(f"{refusal!r}, and each of its parts was possible")


def test_an_amendment_is_its_parts(world: World, share: Callable[[int], int]) -> None:
    run, shop, clock = world
    numbers = count(1)

    @settings(max_examples=share(600))
    @given(starts, st.lists(changes, max_size=3), st.lists(st.integers(0, 11), max_size=6), amendments, st.booleans())
    def is_its_parts(
        start: Start,
        changed: list[OrderChange],
        hands: list[int],
        wish: Amend,
        by_customer: bool,  # noqa: FBT001
    ) -> None:
        prefix = f"{next(numbers)}-"
        order = begun(world, start, changed, prefix, hands=hands)
        amend = told_of(wish, order, prefix=prefix, now=clock.now())
        actor = ADMIN
        if by_customer:
            amend, actor = as_customer(amend), Actor(name="ada", role="customer", order_id=order.order_id)
        preview: Preview | Refusal = run(answer_or_refusal(shop.preview(amend, actor)))
        if isinstance(preview, Refusal):
            assert_refused_as_its_parts_are(world, amend, order, preview, actor)
            return
        for _, operation in in_order_of_effect(amend):
            run(shop.submit(operation, actor))
        assert run(load_order(shop, order.order_id)) == preview.after

    is_its_parts()
