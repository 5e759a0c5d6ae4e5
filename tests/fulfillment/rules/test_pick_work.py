"""A picker's walk against customers who change their minds between scans, kept with pencil and paper."""

from collections import Counter
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.fulfillment.walk import Walk, order_id
from tests.scenario import NOW, facts

from aftercart.fulfillment.rules.floor_refusals import NotToTake, StillToFetch
from aftercart.fulfillment.rules.pick_work import StopWork, work_on
from aftercart.inventory.model import Stage
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.cancel_lines import CancelLines, cancel_lines
from aftercart.orders.model import Hold, HoldReason

SKUS = ("A", "B")
BINS = {"A": ("A-01", "B-01"), "B": ("A-02",)}
CODES = ("A-01", "A-02", "B-01")
HELD = (Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=None),)
ORDERS = tuple(order_id(number) for number in (1, 2, 3))
which_orders = st.sampled_from(ORDERS)
skus = st.sampled_from(SKUS)


class PickersWalk(RuleBasedStateMachine):
    """What lies in totes is written down here when it is taken; the rest is read from the orders."""

    cart: type[Walk] = Walk

    def __init__(self) -> None:
        super().__init__()
        self.in_totes = Counter[tuple[UUID, str]]()
        self.not_there = Counter[tuple[UUID, str]]()

    @initialize(
        wanted=st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=3, max_size=3),
        books=st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)),
    )
    def begin(self, wanted: list[tuple[int, int]], books: tuple[int, int, int]) -> None:
        ledgers = [(f"1 A W1 released {first}", f"2 B W1 released {second}") for first, second in wanted]
        lying = {"A": {"A-01": books[0], "B-01": books[2]}, "B": {"A-02": books[1]}}
        bins = {sku: {code: units for code, units in of_sku.items() if units} for sku, of_sku in lying.items()}
        self.walk = self.cart(*ledgers, stops=("A-01/A", "A-02/B", "B-01/A"), bins=bins)

    def units(self, which: UUID, sku: str, *stages: Stage) -> int:
        return sum(
            entry.quantity for entry in self.walk.orders[which].units if entry.sku == sku and entry.stage in stages
        )

    @property
    def walking(self) -> bool:
        return self.walk.list.ended_at is None

    @precondition(lambda self: self.walking)
    @rule(code=st.sampled_from(CODES))
    def scan(self, code: str) -> None:
        self.walk.scans(code)

    @precondition(lambda self: self.walking)
    @rule(sku=skus, quantity=st.integers(1, 4))
    def take(self, sku: str, quantity: int) -> None:
        asked = sum(stop.to_take for stop in self.walk.work() if stop.sku == sku)
        try:
            taken = self.walk.takes(sku, quantity)
        except NotToTake:
            # One scan takes from one bin, so together they may have enough and neither alone.
            assert quantity > max((stop.to_take for stop in self.walk.work() if stop.sku == sku), default=0)
            return
        assert quantity <= asked
        assert sum(units for _, units in taken) == quantity
        for which, units in taken:
            self.in_totes[which, sku] += units

    @precondition(lambda self: self.walking)
    @rule(sku=skus, at_once=st.booleans())
    def miss(self, sku: str, *, at_once: bool) -> None:
        asked = [stop for stop in self.walk.work() if stop.sku == sku and stop.to_take]
        if not asked:
            return
        short = self.walk.misses(sku)
        for which, units in short:
            self.not_there[which, sku] += units
        if at_once:
            self.write_off()

    @rule()
    def write_off(self) -> None:
        for pick in self.walk.list.picks:
            if pick.short > pick.written_off:
                self.walk.writes_off(pick.order_id, pick.sku, pick.bin)
                self.not_there[pick.order_id, pick.sku] -= pick.short - pick.written_off

    @rule(which=which_orders, line=st.integers(1, 2), quantity=st.integers(1, 2))
    def take_back(self, which: UUID, line: int, quantity: int) -> None:
        wish = {"order_id": which, "lines": [{"line": line, "quantity": quantity}], "reason": "changed_mind"}
        order = self.walk.orders[which]
        try:
            events = cancel_lines(msgspec.convert(wish, CancelLines), order, facts=facts())
        except Refusal:
            return
        self.walk.on_order(which, events)

    @rule(which=which_orders, held=st.booleans())
    def hold(self, which: UUID, *, held: bool) -> None:
        order = self.walk.orders[which]
        others = tuple(hold for hold in order.holds if hold.reason is not HoldReason.MANUAL)
        self.walk.orders[which] = msgspec.structs.replace(order, holds=others + (HELD if held else ()))

    @precondition(lambda self: self.walking)
    @rule()
    def finish(self) -> None:
        left = self.walk.work()
        try:
            self.walk.finishes()
        except StillToFetch:
            assert left
            return
        assert not left

    @precondition(lambda self: self.walking)
    @rule()
    def give_up(self) -> None:
        self.walk.gives_up()

    @invariant()
    def what_is_asked_is_what_is_picked_and_in_no_tote(self) -> None:
        asked = Counter[tuple[UUID, str]]()
        for stop in self.walk.work():
            for tote in stop.totes:
                asked[tote.order_id, stop.sku] += tote.to_take
        for which in ORDERS:
            for sku in SKUS:
                picked = self.units(which, sku, Stage.PICKED)
                in_hand = picked + self.units(which, sku, Stage.INTERCEPTED)
                outside = in_hand - self.in_totes[which, sku] - self.not_there[which, sku]
                intercepted = in_hand - picked
                assert outside >= 0, "more is in totes than was ever picked"
                assert asked[which, sku] == (max(outside - intercepted, 0) if self.walking else 0)
                assert asked[which, sku] + self.in_totes[which, sku] + self.not_there[which, sku] >= picked

    @invariant()
    def what_is_to_be_reached_is_what_is_released(self) -> None:
        asked = Counter[tuple[UUID, str]]()
        for stop in self.walk.work():
            for tote in stop.totes:
                asked[tote.order_id, stop.sku] += tote.to_reach
        for which in ORDERS:
            held = bool(self.walk.orders[which].holds)
            for sku in SKUS:
                expected = 0 if held else self.units(which, sku, Stage.RELEASED)
                assert asked[which, sku] == expected or not self.walking


class ForgetfulWalk(Walk):
    """The control: what was taken back after the scan is asked for all the same."""

    def work(self) -> tuple[StopWork, ...]:
        forgotten = {
            which: msgspec.structs.replace(
                order, units=tuple(entry for entry in order.units if entry.stage is not Stage.INTERCEPTED)
            )
            for which, order in self.orders.items()
        }
        return work_on(self.list, forgotten, self.bins)


class ForgetfulPicker(PickersWalk):
    cart = ForgetfulWalk


SETTINGS = settings(
    max_examples=40, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow], deadline=None
)


def test_what_a_list_asks_to_take_is_what_its_orders_have_picked() -> None:
    run_state_machine_as_test(PickersWalk, settings=SETTINGS)


def test_a_list_that_forgets_what_was_taken_back_is_caught() -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            ForgetfulPicker, settings=settings(SETTINGS, phases=(Phase.generate,), print_blob=False)
        )
