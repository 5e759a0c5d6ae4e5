"""Whatever happens to an order, it stays what it would be on paper, in the store, in its events and in previews."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import count
from typing import Any
from uuid import UUID

import hypothesis
import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.orders.order_on_paper import LineOnPaper, OrderOnPaper, Stock, assert_as_on_paper, shares
from tests.scenario import LYON, NOW, ORDER_ID, PARIS, TO_PARIS, cart, eur, units
from tests.small_shop import (
    ADMIN,
    PATIENT,
    REFUSING,
    count_of,
    fold_order,
    load_order,
    open_for_business,
    order_of,
    receipt,
)

from aftercart.inventory.model import Stage
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Actor, Answer, Command, Preview
from aftercart.kit.ids import SeededIds
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.report_missing_units import ReportMissingUnits
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.model import CancellationReason, Order
from aftercart.orders.rules.consequences import consequences_of
from aftercart.orders.rules.totals import totals_from, totals_of
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop

OTHER = CancellationReason.OTHER
PLACES = ("W1", "W2")
_examples = count(1)

skus = st.sampled_from(["A", "B"])
places = st.sampled_from(PLACES)
quantities = st.integers(1, 6)
line_numbers = st.integers(0, 2)
cart_lines = st.tuples(skus, quantities, st.integers(0, 999), st.integers(0, 999))


def anonymous(order: Order) -> Order:
    """Returns the order without what differs between a preview of placing it and placing it."""
    return msgspec.structs.replace(order, order_id=ORDER_ID, number="")


async def answer_or_refusal(asked: Awaitable[Any]) -> Any:
    try:
        return await asked
    except Refusal as refusal:
        return refusal


class OrderLife(RuleBasedStateMachine):
    """One order and its stock; every example has SKUs of its own, so that all of them share one database."""

    def __init__(self, run: Callable[[Any], Any], shop: Shop) -> None:
        super().__init__()
        self.run, self.shop = run, shop
        self.prefix = f"{next(_examples)}-"
        self.on_hand: Stock = {}
        self.order: Order | None = None
        self.paper = OrderOnPaper(authorized=0, delivery=490, address="Paris")
        self.patient = False
        self.run(open_for_business(shop, [self.prefix + "A", self.prefix + "B"]))

    @property
    def order_id(self) -> UUID:
        assert self.order is not None
        return self.order.order_id

    def reserved_at(self, sku: str, place: str) -> list[tuple[int, int]]:
        """(line, units) reserved there: where units are is the shop's choice, only how many is on the paper."""
        ledger = self.order.units if self.order else ()
        here = (entry for entry in ledger if entry.location == place and entry.stage is Stage.RESERVED)
        return [(entry.line, entry.quantity) for entry in here if entry.sku == self.prefix + sku]

    def short_at(self, sku: str, place: str) -> int:
        reserved = sum(quantity for _, quantity in self.reserved_at(sku, place))
        return reserved - self.on_hand.get((sku, place), 0)

    def available(self, sku: str) -> int:
        return sum(max(-self.short_at(sku, place), 0) for place in PLACES)

    def ask(self, command: Command, actor: Actor = ADMIN) -> Refusal | Answer:
        """Previews, then submits with the preview's quote: both must say the same."""
        preview: Preview | Refusal = self.run(answer_or_refusal(self.shop.preview(command, actor)))
        quote = preview.quote if isinstance(preview, Preview) else None
        answer: Answer | Refusal = self.run(answer_or_refusal(self.shop.submit(command, actor, quote=quote)))
        if isinstance(preview, Refusal) or isinstance(answer, Refusal):
            assert (type(preview), str(preview)) == (type(answer), str(answer))
            assert isinstance(answer, Refusal)
            return answer
        assert (preview.before, anonymous(preview.after)) == (answer.before, anonymous(answer.after))
        assert preview.consequences == consequences_of(answer.before, order_of(answer))
        self.order = order_of(answer)
        return answer

    @precondition(lambda self: self.order is None)
    @rule(lines=st.lists(cart_lines, min_size=1, max_size=3), patient=st.booleans(), authorized=st.integers(0, 20_000))
    def place(self, lines: list[tuple[str, int, int, int]], *, patient: bool, authorized: int) -> None:
        paper = OrderOnPaper(authorized=authorized, delivery=490, address="Paris")
        wishes: list[dict[str, object]] = []
        left = {sku: self.available(sku) for sku in "AB"}
        for sku, quantity, price, wished in lines:
            discount = min(wished, price * quantity)
            line = LineOnPaper(sku=sku, price=price, discounts=shares(discount, quantity))
            line.reserved = min(quantity, left[sku])
            line.waiting = quantity - line.reserved
            left[sku] -= line.reserved
            paper.lines.append(line)
            wishes.append(
                {
                    "sku": self.prefix + sku,
                    "quantity": quantity,
                    "unit_price": eur(price),
                    "discount": eur(discount),
                }
            )
        command = cart(
            *wishes,
            channel=PATIENT if patient else REFUSING,
            delivery={"method": "colissimo-home", "address": TO_PARIS, "price": eur(490)},
            payment={"method": "card", "authorized": eur(authorized)},
        )
        answer = self.ask(command)
        assert isinstance(answer, Refusal) == (not patient and paper.waiting > 0), answer
        if isinstance(answer, Answer):
            paper.settle()
            self.paper, self.patient = paper, patient

    @rule(sku=skus, place=places, quantity=quantities)
    def receive(self, sku: str, place: str, quantity: int) -> None:
        self.run(self.shop.submit(receipt(place, {self.prefix + sku: quantity}), ADMIN))
        self.on_hand[sku, place] = self.on_hand.get((sku, place), 0) + quantity

    @rule(sku=skus, place=places, quantity=st.integers(0, 4))
    def count(self, sku: str, place: str, quantity: int) -> None:
        self.run(self.shop.submit(count_of(place, {self.prefix + sku: quantity}), ADMIN))
        self.on_hand[sku, place] = quantity

    @precondition(lambda self: self.order is not None)
    @rule(sku=skus, place=places)
    def report_missing(self, sku: str, place: str) -> None:
        reserved, short = self.reserved_at(sku, place), max(self.short_at(sku, place), 0)
        answer = self.ask(ReportMissingUnits(order_id=self.order_id, sku=self.prefix + sku, location=place), SYSTEM)
        assert isinstance(answer, Answer)
        for number, there in reserved:
            gone = min(short, there)
            short -= gone
            self.paper.lines[number - 1].reserved -= gone
            self.paper.lines[number - 1].waiting += gone
        if answer.before != answer.after:
            self.paper.went_missing = True
            self.paper.settle()

    @precondition(lambda self: self.order is not None)
    @rule(sku=skus)
    def reserve_backorder(self, sku: str) -> None:
        left = self.available(sku)
        answer = self.ask(ReserveBackorder(order_id=self.order_id, sku=self.prefix + sku), SYSTEM)
        assert isinstance(answer, Answer)
        found = 0
        for line in self.paper.lines:
            given = min(line.waiting, left) if line.sku == sku else 0
            line.waiting -= given
            line.reserved += given
            left -= given
            found += given
        if found:
            self.paper.settle()

    @precondition(lambda self: self.order is not None)
    @rule(number=line_numbers, quantity=st.integers(0, 8))
    def change_quantity(self, number: int, quantity: int) -> None:
        self.change_to(number, quantity)

    def change_to(self, number: int, quantity: int) -> bool:
        line = self.paper.lines[number] if number < len(self.paper.lines) else None
        available = self.available(line.sku) if line else 0
        answer = self.ask(ChangeLineQuantity(order_id=self.order_id, line=number + 1, quantity=quantity))
        if line is None or not line.live or quantity == 0:
            assert isinstance(answer, Refusal)
            return False
        more = quantity - line.live
        if more <= 0:
            assert isinstance(answer, Answer)
            line.take(-more)
        else:
            reserved = min(more, available)
            assert isinstance(answer, Answer) == (self.patient or reserved == more), answer
            if isinstance(answer, Refusal):
                return False
            line.reserved += reserved
            line.waiting += more - reserved
        if more:
            self.paper.settle()
        return True

    @precondition(lambda self: self.order is not None)
    @rule(number=line_numbers, more=quantities)
    def change_quantity_and_back(self, number: int, more: int) -> None:
        """A change and its inverse leave identical totals."""
        if number < len(self.paper.lines):
            quantity = self.paper.lines[number].live
            before = totals_of(self.run(load_order(self.shop, self.order_id)))
            if self.change_to(number, quantity + more):
                assert self.change_to(number, quantity)
                assert totals_of(self.run(load_order(self.shop, self.order_id))) == before

    @precondition(lambda self: self.order is not None)
    @rule(wishes=st.dictionaries(line_numbers, st.none() | st.integers(1, 6), min_size=1))
    def cancel_lines(self, wishes: dict[int, int | None]) -> None:
        lines = tuple(LineToCancel(line=number + 1, quantity=quantity) for number, quantity in wishes.items())
        answer = self.ask(CancelLines(order_id=self.order_id, lines=lines, reason=OTHER))
        known = {number: line for number, line in enumerate(self.paper.lines) if line.live}
        possible = all(number in known and (wish or 1) <= known[number].live for number, wish in wishes.items())
        assert isinstance(answer, Answer) == possible, answer
        if possible:
            for number, wish in wishes.items():
                known[number].take(wish or known[number].live)
            self.paper.settle()

    @precondition(lambda self: self.paper.events > 4)
    @rule()
    def cancel_order(self) -> None:
        answer = self.ask(CancelOrder(order_id=self.order_id, reason=OTHER))
        assert isinstance(answer, Answer) == (self.paper.live > 0), answer
        if self.paper.live:
            for line in self.paper.lines:
                line.take(line.live)
            self.paper.settle()

    @precondition(lambda self: self.order is not None)
    @rule(address=st.sampled_from([PARIS, LYON]))
    def change_address(self, address: Any) -> None:
        answer = self.ask(ChangeDeliveryAddress(order_id=self.order_id, address=address))
        assert isinstance(answer, Answer) == (self.paper.live > 0), answer
        if isinstance(answer, Answer) and self.paper.address != address.city:
            self.paper.address = address.city
            self.paper.settle()

    @precondition(lambda self: self.order is not None)
    @invariant()
    def the_order_is_as_on_paper_in_the_store_and_in_its_events(self) -> None:
        order = self.run(load_order(self.shop, self.order_id))
        assert_as_on_paper(order, self.paper)
        assert order == self.order == self.run(fold_order(self.shop, self.order_id))

    @precondition(lambda self: self.order is not None)
    @invariant()
    def the_totals_do_not_depend_on_the_way(self) -> None:
        order = self.run(load_order(self.shop, self.order_id))
        straight = units(
            *(f"{number} X W1 reserved {line.live}" for number, line in enumerate(self.paper.lines, 1) if line.live)
        )
        assert totals_of(order) == totals_from(order.lines, straight, delivery_minor=490)


def test_an_order_stays_what_it_is_on_paper_whatever_happens_to_it(
    database_url: str, run: Callable[[Any], Any], share: Callable[[int], int]
) -> None:
    class Life(OrderLife):
        def __init__(self) -> None:
            super().__init__(run, shop)

    stack = AsyncExitStack()
    shop = run(stack.enter_async_context(open_shop(database_url, clock=SimulatedClock(NOW), ids=SeededIds(1))))
    try:
        run_state_machine_as_test(
            Life,
            settings=hypothesis.settings(max_examples=share(600), stateful_step_count=20),
        )
    finally:
        run(stack.aclose())
