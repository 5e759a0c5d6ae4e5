"""Whatever happens to stock, supply and orders, the stock rows say what they would say on paper."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import AsyncExitStack
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import hypothesis
import msgspec
import pytest
import uvloop
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.inventory.stock_on_paper import StockOnPaper
from tests.scenario import NOW, cart
from tests.small_shop import ADMIN, PATIENT, count_of, find_stock, open_for_business, order_of

from aftercart.inventory.decisions.adjust_stock import AdjustStock
from aftercart.inventory.decisions.quarantine_stock import QuarantineStock
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.set_safety_stock import SetSafetyStock
from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.inventory.model import Stage, Stock
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Actor, Answer, Command
from aftercart.kit.ids import SeededIds
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.report_missing_units import ReportMissingUnits
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.model import CancellationReason, Order
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop

PLACES = ("W1", "W2")
_examples = count(1)

skus = st.sampled_from("AAAB")
places = st.sampled_from(["W1", "W1", "W1", "W2"])
references = st.sampled_from(["PO-1", "PO-1", "PO-1", "PO-2"])
days = st.sampled_from([date(2026, 2, 20), date(2026, 3, 9), date(2026, 3, 16)])
deliveries = st.dictionaries(skus, st.integers(1, 5), min_size=1)
deltas = st.integers(-3, 3)


class StockLife(RuleBasedStateMachine):
    """Two SKUs at two places; every example has SKUs and purchase orders of its own in one database."""

    def __init__(self, run: Callable[[Any], Any], shop: Shop) -> None:
        super().__init__()
        self.run, self.shop = run, shop
        self.prefix = f"{next(_examples)}-"
        self.paper = StockOnPaper()
        self.orders: dict[UUID, Order] = {}
        self.run(open_for_business(shop, [self.prefix + "A", self.prefix + "B"]))

    def ask(self, command: Command, actor: Actor = ADMIN) -> bool:
        """Returns whether the wish was granted."""
        try:
            answer: Answer = self.run(self.shop.submit(command, actor))
        except Refusal:
            return False
        if answer.after is not None:
            self.orders[order_of(answer).order_id] = order_of(answer)
        return True

    def tell(self, kind: type[Command], lines: Mapping[str, Mapping[str, object]], **fields: object) -> Command:
        described = [{"sku": self.prefix + sku, **line} for sku, line in lines.items()]
        return msgspec.convert({**fields, "lines": described}, kind)

    def units_in(self, stage: Stage, sku: str, place: str) -> int:
        entries = (entry for order in self.orders.values() for entry in order.units)
        here = (entry for entry in entries if (entry.sku, entry.location) == (self.prefix + sku, place))
        return sum(entry.quantity for entry in here if entry.stage is stage)

    @rule(sku=skus, place=places, reference=references, on=days, quantity=st.integers(0, 8))
    def announce(self, sku: str, place: str, reference: str, on: date, quantity: int) -> None:
        lines = [{"sku": self.prefix + sku, "quantity": quantity}]
        described = {"reference": self.prefix + reference, "location": place, "expected_date": on, "lines": lines}
        assert self.ask(msgspec.convert({"supplies": [described]}, UpsertSupply))
        self.paper.announce(sku, place, reference, on=on, quantity=quantity)

    @rule(place=places, reference=references, units=deliveries, last=st.booleans())
    def receive(self, place: str, reference: str, units: dict[str, int], *, last: bool) -> None:
        lines = {sku: {"quantity": quantity} for sku, quantity in units.items()}
        named = {"location": place, "reference": self.prefix + reference, "completes": last}
        assert self.ask(self.tell(ReceiveStock, lines, **named))
        self.paper.receive(place, reference, units, last=last)

    @rule(sku=skus, place=places, found=st.integers(0, 6))
    def count(self, sku: str, place: str, found: int) -> None:
        assert self.ask(count_of(place, {self.prefix + sku: found}))
        self.paper.on_hand[sku, place] = found

    @rule(sku=skus, place=places, delta=deltas)
    def adjust(self, sku: str, place: str, delta: int) -> None:
        there = self.paper.on_hand[sku, place]
        may = delta >= 0 or there + delta >= self.units_in(Stage.RESERVED, sku, place)
        assert self.ask(self.tell(AdjustStock, {sku: {"delta": delta}}, location=place, reason="found")) == may
        self.paper.on_hand[sku, place] += delta if may else 0

    @rule(sku=skus, place=places, safety=st.integers(0, 3))
    def keep(self, sku: str, place: str, safety: int) -> None:
        assert self.ask(self.tell(SetSafetyStock, {sku: {"safety": safety}}, location=place))
        self.paper.safety[sku, place] = safety

    @rule(sku=skus, place=places, delta=deltas)
    def put_aside(self, sku: str, place: str, delta: int) -> None:
        free = self.paper.free(sku, place, reserved=self.units_in(Stage.RESERVED, sku, place))
        may = -self.paper.quarantined[sku, place] <= delta <= free
        assert self.ask(self.tell(QuarantineStock, {sku: {"delta": delta}}, location=place, reason="wet")) == may
        self.paper.quarantined[sku, place] += delta if may else 0

    @rule(units=deliveries)
    def place_order(self, units: dict[str, int]) -> None:
        lines = [{"sku": self.prefix + sku, "quantity": quantity} for sku, quantity in units.items()]
        assert self.ask(cart(*lines, channel=PATIENT))

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 9), quantity=st.integers(1, 6))
    def change_quantity(self, which: int, quantity: int) -> None:
        self.ask(ChangeLineQuantity(order_id=self.any_order(which), line=1, quantity=quantity))

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 9))
    def cancel(self, which: int) -> None:
        self.ask(CancelOrder(order_id=self.any_order(which), reason=CancellationReason.OTHER))

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 9), sku=skus)
    def serve(self, which: int, sku: str) -> None:
        assert self.ask(ReserveBackorder(order_id=self.any_order(which), sku=self.prefix + sku), SYSTEM)

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 9), sku=skus, place=places)
    def report_missing(self, which: int, sku: str, place: str) -> None:
        wish = ReportMissingUnits(order_id=self.any_order(which), sku=self.prefix + sku, location=place)
        assert self.ask(wish, SYSTEM)

    def any_order(self, which: int) -> UUID:
        return list(self.orders)[which % len(self.orders)]

    @invariant()
    def every_stock_row_is_as_on_paper(self) -> None:
        for sku in "AB":
            for place in PLACES:
                stock: Stock = self.run(find_stock(self.shop, self.prefix + sku, place))
                paper = self.paper
                assert (stock.on_hand, stock.safety, stock.quarantined) == (
                    paper.on_hand[sku, place],
                    paper.safety[sku, place],
                    paper.quarantined[sku, place],
                )
                assert stock.reserved == self.units_in(Stage.RESERVED, sku, place)
                assert stock.backordered == self.units_in(Stage.BACKORDERED, sku, place)
                coming = [
                    (one.expected_date, one.reference.removeprefix(self.prefix), one.quantity) for one in stock.incoming
                ]
                assert coming == paper.incoming(sku, place)


@pytest.fixture
def run() -> Generator[Callable[[Any], Any]]:
    """Runs coroutines on a loop that lives as long as the test."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield runner.run


def test_stock_stays_what_it_is_on_paper_whatever_happens(
    database_url: str, run: Callable[[Any], Any], share: Callable[[int], int]
) -> None:
    class Life(StockLife):
        def __init__(self) -> None:
            super().__init__(run, shop)

    stack = AsyncExitStack()
    shop = run(stack.enter_async_context(open_shop(database_url, clock=SimulatedClock(NOW), ids=SeededIds(2))))
    try:
        run_state_machine_as_test(
            Life,
            settings=hypothesis.settings(max_examples=share(600), stateful_step_count=25, print_blob=True),
        )
    finally:
        run(stack.aclose())
