"""Whatever changes of the living order follow each other, it stays whole: units, hours, money, promise and status."""

from collections.abc import Callable
from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test
from tests.orders.around_the_order import AroundTheOrder
from tests.orders.living_order import World
from tests.orders.living_shop import FEES
from tests.orders.living_start import Start, bill_for, open_for, starts
from tests.orders.living_wishes import (
    amendments,
    as_customer,
    changes,
    lines,
    quantities,
    quantity_wishes,
    swaps,
    told_of,
    ways,
)
from tests.small_shop import REFUSING

from aftercart.kit.commands import Answer
from aftercart.orders.decisions.amend import Amend
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.model import CancellationReason, ChangeKind, HoldReason, OrderChange, Pricing, PromotionMode
from aftercart.orders.rules.change_refusals import UnitsAlreadyTouched
from aftercart.orders.rules.stock_for_lines import InsufficientStock

askers = st.sampled_from(["customer", "staff"])


def kind_of(wish: OrderChange) -> ChangeKind:
    """Returns what kind of change a wish is: they share their names."""
    return ChangeKind(str(type(wish).__struct_config__.tag))


class Changing(AroundTheOrder):
    """Every step that can happen to the order or to its stock."""

    usual = PromotionMode.KEEP

    @initialize(start=starts)
    def open_and_place(self, start: Start) -> None:
        order = self.run(open_for(self.shop, start, self.prefix))
        assert start.policy.promotions is not None
        self.usual = start.policy.promotions
        self.bill, self.authorized, self.of_others = bill_for(start), start.authorized, self.booked()
        assert isinstance(self.ask(order), Answer)

    @rule(wish=changes, by=askers)
    def change(self, wish: OrderChange, by: str) -> None:
        wish = self.told(wish)
        if by == "staff":
            if isinstance(self.ask(wish), Answer):
                self.bill.note(wish, usual=self.usual)
            return
        wish = as_customer(wish)
        answer = self.ask(wish, self.customer)
        if isinstance(answer, Answer):
            self.bill.note(wish, usual=self.usual)
            fee = FEES.get(kind_of(wish))
            if fee is not None and answer.before != answer.after:
                self.bill.fees.append(fee)

    @rule(wish=swaps, by=askers, more=st.integers(0, 3))
    def exchange(self, wish: SwapVariant, *, by: str, more: int) -> None:
        """Exchanges pieces, and may want some of what was exchanged all the same."""
        line: int = self.told(wish).line
        self.change(wish, by)
        left = self.bill.lines[line - 1].pieces
        if more and left:
            self.change(ChangeLineQuantity(order_id=self.order_id, line=line, quantity=left + more), by)

    @rule(wish=quantity_wishes, by=askers)
    def have_more_or_less(self, wish: OrderChange, by: str) -> None:
        self.change(wish, by)

    @rule(wish=ways, by=askers)
    def go_another_way(self, wish: OrderChange, by: str) -> None:
        self.change(wish, by)

    @rule(wish=amendments)
    def amend(self, wish: Amend) -> None:
        wish = self.told(wish)
        if isinstance(self.ask(wish), Answer):
            for operation in sorted(wish.operations, key=lambda one: isinstance(one, CancelLines)):
                self.bill.note(operation, usual=self.usual)
            # In between nothing may have waited: then what waits now does so for another reason.
            assert self.order is not None
            self.went_missing = any(hold.reason is HoldReason.MISSING_STOCK for hold in self.order.holds)

    @rule(way=ways)
    def go_another_way_and_back(self, way: ChangeDeliveryMethod) -> None:
        """There and back moves no money."""
        assert self.order is not None
        before, totals = self.order.delivery, self.totals()
        way = self.told(way)
        there = self.ask(way)
        if isinstance(there, Answer):
            back = ChangeDeliveryMethod(
                order_id=self.order_id,
                method=before.method,
                address=before.address,
                pickup_point=before.pickup_point,
                slot=before.slot_at,
            )
            answer = self.ask(back)
            if isinstance(answer, Answer):
                assert self.totals() == totals
            else:
                # What a store had more of is not there for the way before; a slot may be too near by now.
                refusing = self.order.channel == REFUSING
                assert isinstance(answer, InsufficientStock) if refusing else before.slot_at is not None
                self.bill.note(way, usual=self.usual)

    @rule(number=lines, more=quantities, mode=st.sampled_from(PromotionMode))
    def have_more_and_less_again(self, number: int, *, more: int, mode: PromotionMode) -> None:
        """A change and its inverse leave identical totals; discounts that are computed anew, the same every time."""
        number = (number - 1) % len(self.bill.lines) + 1
        if not self.bill.lines[number - 1].pieces:
            return
        quantity = self.bill.lines[number - 1].pieces
        totals = [self.totals()]
        for pieces in (quantity + more, quantity, quantity + more, quantity):
            wish = ChangeLineQuantity(
                order_id=self.order_id, line=number, quantity=pieces, pricing=Pricing(promotions=mode)
            )
            if not isinstance(self.ask(wish), Answer):
                assert pieces > quantity
                return
            self.bill.note(wish, usual=self.usual)
            totals.append(self.totals())
        assert totals[1:3] == totals[3:5]
        assert mode is not PromotionMode.KEEP or totals[0] == totals[2]

    @precondition(lambda self: any(line.pieces > 1 for line in self.bill.lines))
    @rule(number=lines, fewer=quantities)
    def have_fewer_and_as_many_again(self, number: int, fewer: int) -> None:
        """The same totals, though what was intercepted does not come back: new units take its place."""
        several = [place for place, line in enumerate(self.bill.lines, 1) if line.pieces > 1]
        line = several[(number - 1) % len(several)]
        quantity, totals = self.bill.lines[line - 1].pieces, self.totals()
        for pieces in (max(quantity - fewer, 1), quantity):
            wish = ChangeLineQuantity(
                order_id=self.order_id, line=line, quantity=pieces, pricing=Pricing(promotions=PromotionMode.KEEP)
            )
            answer = self.ask(wish)
            if not isinstance(answer, Answer):
                # What is made for somebody is theirs; what was freed may be there, but what was intercepted is not.
                assert isinstance(answer, UnitsAlreadyTouched if pieces < quantity else InsufficientStock)
                return
            self.bill.note(wish, usual=self.usual)
        assert self.totals() == totals

    def told(self, wish: OrderChange) -> Any:
        assert self.order is not None
        return told_of(wish, self.order, prefix=self.prefix, now=self.clock.now())

    def teardown(self) -> None:
        """Gives back what the order has kept, as far as hands allow it."""
        if self.order is not None:
            self.ask(CancelOrder(order_id=self.order_id, reason=CancellationReason.OTHER))


def test_a_living_order_stays_whole_whatever_happens_to_it(world: World, share: Callable[[int], int]) -> None:
    class Life(Changing):
        def __init__(self) -> None:
            super().__init__(world)

    run_state_machine_as_test(Life, settings=hypothesis.settings(max_examples=share(200), stateful_step_count=30))
