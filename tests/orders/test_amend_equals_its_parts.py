"""Several changes as one leave the order that they leave one by one, or are refused as a whole and change nothing."""

from collections.abc import Callable, Sequence
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.orders.living_order import World, answer_or_refusal, monday_after
from tests.orders.living_shop import open_with_everything
from tests.orders.living_start import Start, open_for, starts
from tests.orders.living_wishes import amendments, as_customer, changes, told_of
from tests.small_shop import ADMIN, load_order, order_of

from aftercart.kit.commands import Actor, Answer, Preview
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.amend import Amend
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.model import Order, OrderChange


def in_order_of_effect(amend: Amend) -> list[tuple[int, OrderChange]]:
    """Returns the operations, each with its place: lines are taken out last."""
    numbered = list(enumerate(amend.operations))
    last = [one for one in numbered if isinstance(one[1], CancelLines)]
    return [one for one in numbered if one not in last] + last


def begun(world: World, start: Start, changed: Sequence[OrderChange], prefix: str) -> Order:
    """Returns an order to which some things happened already."""
    run, shop, clock = world
    clock.advance_to(monday_after(clock.now()))
    run(open_with_everything(shop, prefix))
    order = order_of(run(shop.submit(run(open_for(shop, start, prefix)), ADMIN)))
    for wish in changed:
        answer = run(answer_or_refusal(shop.submit(told_of(wish, order, prefix=prefix, now=clock.now()), ADMIN)))
        order = order_of(answer) if isinstance(answer, Answer) else order
    return order


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
    @given(starts, st.lists(changes, max_size=3), amendments, st.booleans())
    def is_its_parts(start: Start, changed: list[OrderChange], wish: Amend, by_customer: bool) -> None:  # noqa: FBT001
        prefix = f"{next(numbers)}-"
        order = begun(world, start, changed, prefix)
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
