"""What happens around a living order: goods come, get lost or are announced, hands work, time goes by."""

from datetime import timedelta

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.orders.hands import BY_HAND, MoveOn
from tests.orders.living_order import LivingOrder, is_made
from tests.orders.living_shop import STOCKED
from tests.small_shop import ADMIN, count_of, receipt

from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.inventory.model import Stage, UnitMove
from aftercart.kit.commands import Answer
from aftercart.orders.decisions.finish_production import FinishProduction
from aftercart.orders.decisions.hold_order import HoldOrder
from aftercart.orders.decisions.lift_hold import LiftHold
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.decisions.report_missing_units import ReportMissingUnits
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.decisions.review_promise import ReviewPromise
from aftercart.orders.decisions.start_production import StartProduction
from aftercart.orders.model import Units
from aftercart.permissions import SYSTEM

numbers = st.integers(0, 11)
"""Which one of several things, counted around."""
warehouses = st.sampled_from(["W1", "W2"])


def is_on_shelf(entry: Units) -> bool:
    return entry.stage is Stage.RESERVED and entry.sku[-1] in STOCKED


class AroundTheOrder(LivingOrder):
    """Every step that is not the wish of a customer or of an agent."""

    def receive(self, sku: str, place: str, quantity: int) -> None:
        self.run(self.shop.submit(receipt(place, {self.prefix + sku: quantity}), ADMIN))

    def count(self, sku: str, place: str, quantity: int) -> None:
        self.run(self.shop.submit(count_of(place, {self.prefix + sku: quantity}), ADMIN))

    def announce_supply(self, sku: str, place: str, quantity: int, days: int) -> None:
        """Announces supply, or brings it earlier, later, or short."""
        supply = {
            "reference": "PO-1",
            "location": place,
            "expected_date": (self.clock.now() + timedelta(days=days)).date(),
            "lines": [{"sku": self.prefix + sku, "quantity": quantity}],
        }
        self.run(self.shop.submit(msgspec.convert({"supplies": [supply]}, UpsertSupply), ADMIN))

    @rule(minutes=st.integers(1, 600))
    def wait(self, minutes: int) -> None:
        self.clock.advance_to(self.clock.now() + timedelta(minutes=minutes))

    @precondition(lambda self: any(is_on_shelf(one) for one in self.units))
    @rule(number=numbers)
    def lose_units(self, number: int) -> None:
        """Nothing is found where units are reserved."""
        reserved = [one for one in self.units if one.stage is Stage.RESERVED and one.sku[-1] in STOCKED]
        if reserved:
            lost = reserved[number % len(reserved)]
            self.count(lost.sku[-1], lost.location, 0)
            answer = self.ask(ReportMissingUnits(order_id=self.order_id, sku=lost.sku, location=lost.location), SYSTEM)
            assert isinstance(answer, Answer)
            self.went_missing = True

    @precondition(lambda self: any(one.stage is Stage.BACKORDERED for one in self.units))
    @rule(number=numbers, place=warehouses, arriving=st.integers(0, 4))
    def reserve_backorder(self, number: int, place: str, arriving: int) -> None:
        waiting = sorted({one.sku for one in self.units if one.stage is Stage.BACKORDERED})
        sku = waiting[number % len(waiting)]
        if arriving:
            self.receive(sku[-1], place, arriving)
        assert isinstance(self.ask(ReserveBackorder(order_id=self.order_id, sku=sku), SYSTEM), Answer)

    @precondition(lambda self: self.order.awaited)
    @rule(
        number=numbers,
        supply=st.none() | st.tuples(st.integers(0, 9), st.integers(0, 20)),
        place=st.none() | warehouses,
    )
    def review_promise(self, number: int, *, supply: tuple[int, int] | None, place: str | None) -> None:
        """A second look without a change changes nothing."""
        assert self.order is not None
        one = self.order.awaited[number % len(self.order.awaited)]
        if supply is not None and one.sku[-1] in STOCKED:
            self.announce_supply(one.sku[-1], place or one.location, *supply)
        command = ReviewPromise(order_id=self.order_id, sku=one.sku, location=one.location)
        assert isinstance(self.ask(command, SYSTEM), Answer)
        again = self.ask(command, SYSTEM)
        assert isinstance(again, Answer)
        assert again.before == again.after

    @rule(release=st.booleans())
    def release_or_hold(self, *, release: bool) -> None:
        """Hands the order to the floor, stops it, or lets it go on."""
        assert self.order is not None
        if release and self.order.release_at is not None:
            assert isinstance(self.ask(ReleaseOrder(order_id=self.order_id)), Answer)
            return
        step = LiftHold if self.held else HoldOrder
        if isinstance(self.ask(step(order_id=self.order_id)), Answer):
            self.held = not self.held

    @precondition(lambda self: any(one.stage in BY_HAND for one in self.units))
    @rule(number=numbers, way=numbers, quantity=st.integers(1, 6))
    def move_on(self, number: int, way: int, quantity: int) -> None:
        """Hands pick, pack, unpack, lay down again, or put back what nobody wants any more."""
        there = [one for one in self.units if one.stage in BY_HAND]
        entry = there[number % len(there)]
        targets = BY_HAND[entry.stage]
        move = UnitMove(
            line=entry.line,
            sku=entry.sku,
            location=entry.location,
            quantity=min(quantity, entry.quantity),
            source=entry.stage,
            target=targets[way % len(targets)],
            made_to_order=is_made(entry),
        )
        totals = self.totals()
        assert isinstance(self.ask(MoveOn(order_id=self.order_id, moves=(move,))), Answer)
        assert self.totals() == totals

    @precondition(lambda self: any(line.made_to_order for line in self.order.lines))
    @rule(step=st.sampled_from([StartProduction, FinishProduction]), number=numbers, quantity=st.none() | st.just(1))
    def produce(self, step: type[StartProduction | FinishProduction], number: int, quantity: int | None) -> None:
        assert self.order is not None
        made = [line.line for line in self.order.lines if line.made_to_order]
        self.ask(step(order_id=self.order_id, line=made[number % len(made)], quantity=quantity))

    @property
    def units(self) -> tuple[Units, ...]:
        assert self.order is not None
        return self.order.units
