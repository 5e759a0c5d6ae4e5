"""What must be so of a living order after every step, whatever the step was: counted anew from what lies around it."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition
from tests.orders.bill_on_paper import Bill
from tests.orders.living_shop import BUSY, open_with_everything
from tests.scenario import ORDER_ID
from tests.small_shop import ADMIN, fold_order, load_order, order_of

from aftercart.inventory.model import Stage
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Actor, Answer, Command, Preview
from aftercart.kit.refusal import Refusal
from aftercart.orders.model import HoldReason, Order, Status, Units
from aftercart.orders.rules.consequences import consequences_of
from aftercart.orders.rules.totals import Totals, totals_from, totals_of
from aftercart.shop import Shop

_STOCK: Final = "SELECT sku, location, reserved, backordered FROM inventory.stock WHERE starts_with(sku, %(prefix)s)"
_CAPACITY: Final = "SELECT resource, at, booked FROM shipping.capacity"
_MADE: Final = "M"
_examples = count(1)
ON_THE_FLOOR: Final = frozenset({Stage.RELEASED, Stage.PICKED, Stage.PACKED, Stage.INTERCEPTED})
"""Where goods lie that hold their stock, whoever wants them."""

Run = Callable[[Any], Any]
Hours = dict[tuple[str, datetime, int], int]
"""(floor or slot, moment, hour) -> orders."""


class World(NamedTuple):
    """What all examples share: the loop they run on, one shop, and its clock."""

    run: Run
    shop: Shop
    clock: SimulatedClock


async def answer_or_refusal(asked: Awaitable[Any]) -> Any:
    try:
        return await asked
    except Refusal as refusal:
        return refusal


class LivingOrder(RuleBasedStateMachine):
    """One order with its bill on paper; what others have booked meanwhile is known from before it was placed."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.run, self.shop, self.clock = world
        self.prefix = f"{next(_examples)}-"
        self.order: Order | None = None
        self.bill = Bill(grams=0, offset=0, delivery=0)
        self.authorized = 0
        self.held = False
        self.went_missing = False
        self.clock.advance_to(monday_after(self.clock.now()))
        self.run(open_with_everything(self.shop, self.prefix))
        self.of_others: Hours = {}

    @property
    def order_id(self) -> UUID:
        assert self.order is not None
        return self.order.order_id

    @property
    def customer(self) -> Actor:
        return Actor(name="ada", role="customer", order_id=self.order_id)

    def booked(self) -> Hours:
        rows = self.run(self.shop.database.rows(_CAPACITY))
        return {
            (resource, at, hour): orders
            for resource, at, booked in rows
            for hour, orders in enumerate(booked)
            if orders
        }

    def ask(self, command: Command, actor: Actor = ADMIN) -> Answer | Refusal:
        """Previews, then submits with the preview's quote: both must say the same, and a refusal changes nothing."""
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
        waits = any(entry.stage is Stage.BACKORDERED for entry in self.order.units)
        self.went_missing = self.went_missing and waits
        return answer

    def totals(self) -> Totals:
        assert self.order is not None
        return totals_of(self.order)

    @precondition(lambda self: self.order is not None)
    @invariant()
    def the_order_in_the_store_is_its_events(self) -> None:
        assert self.run(load_order(self.shop, self.order_id)) == self.order
        assert self.run(fold_order(self.shop, self.order_id)) == self.order

    @precondition(lambda self: self.order is not None)
    @invariant()
    def it_costs_what_is_on_paper_whatever_the_way_to_it(self) -> None:
        order = self.order
        assert order is not None
        assert [fee.amount_minor for fee in order.fees] == self.bill.fees
        assert order.total_minor == self.bill.total
        straight = [
            Units(line=line.line, sku=line.sku, location="W1", stage=Stage.RESERVED, quantity=pieces * each)
            for line, pieces in zip(order.lines, (line.pieces for line in self.bill.lines), strict=True)
            if pieces and (each := sum(component.quantity for component in line.components) or 1)
        ]
        assert totals_of(order) == totals_from(
            order.lines, straight, delivery_minor=self.bill.delivery, fees=order.fees
        )

    @precondition(lambda self: self.order is not None)
    @invariant()
    def no_unit_is_held_twice_or_lost(self) -> None:
        order = self.order
        assert order is not None
        held, waiting = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for entry in order.units:
            if entry.stage is Stage.BACKORDERED:
                waiting[entry.sku, entry.location] += entry.quantity
            elif entry.stage in ON_THE_FLOOR or (entry.stage is Stage.RESERVED and not is_made(entry)):
                held[entry.sku, entry.location] += entry.quantity
        rows = self.run(self.shop.database.rows(_STOCK, {"prefix": self.prefix}))
        assert {(sku, place): reserved for sku, place, reserved, _ in rows if reserved} == dict(held)
        assert {(sku, place): backordered for sku, place, _, backordered in rows if backordered} == dict(waiting)

    @precondition(lambda self: self.order is not None)
    @invariant()
    def every_unit_ordered_is_somewhere_and_those_that_are_wanted_are_on_the_bill(self) -> None:
        order = self.order
        assert order is not None
        for line, billed in zip(order.lines, self.bill.lines, strict=True):
            each = sum(component.quantity for component in line.components) or 1
            own = [entry for entry in order.units if entry.line == line.line]
            assert sum(entry.quantity for entry in own) == line.ordered * each
            unwanted = {Stage.CANCELED, Stage.INTERCEPTED}
            assert sum(one.quantity for one in own if one.stage not in unwanted) == billed.pieces * each
        in_hand = any(entry.stage in {Stage.PICKED, Stage.PACKED, Stage.INTERCEPTED} for entry in order.units)
        assert order.touched_at is not None or not in_hand

    @precondition(lambda self: self.order is not None)
    @invariant()
    def no_hour_is_kept_twice_or_lost_or_given_to_too_many(self) -> None:
        order = self.order
        assert order is not None
        kept = Counter(self.of_others)
        for one in order.bookings:
            kept[one.resource, one.at, one.hour] += one.quantity
        assert self.booked() == dict(kept)
        assert BUSY.hourly_capacity_orders is not None
        assert max(kept.values(), default=0) <= BUSY.hourly_capacity_orders
        slots = [one.at for one in order.bookings if one.resource == "slot:van"]
        assert slots == ([] if order.delivery.slot_at is None or not self.bill.pieces else [order.delivery.slot_at])

    @precondition(lambda self: self.order is not None)
    @invariant()
    def it_waits_exactly_where_its_units_do(self) -> None:
        order = self.order
        assert order is not None
        waits = {(entry.sku, entry.location) for entry in order.units if is_waiting(entry)}
        assert {(one.sku, one.location) for one in order.awaited} == waits
        ready = {entry.location for entry in order.units if entry.stage is Stage.RESERVED and not is_made(entry)}
        may_leave = bool(ready) and not order.holds and (order.split_accepted or not waits)
        assert (order.release_at is not None) == may_leave
        promise, concerned = order.delivery.promise, ready | {place for _, place in waits}
        if concerned and any(one.expected_date is None for one in order.awaited):
            assert promise is None
        elif concerned and order.delivery.slot_at is None:
            assert promise is not None
            # What lies on the floor is promised anew only with another way, and then until the next promise.
            lying = {entry.location for entry in order.units if entry.stage is Stage.RELEASED}
            assert concerned <= {truck.location for truck in promise.trucks} <= concerned | lying
        if promise is not None and order.release_at is not None and not waits:
            assert order.release_at <= min(truck.at for truck in promise.trucks if truck.location in ready)

    @precondition(lambda self: self.order is not None)
    @invariant()
    def its_holds_and_its_status_follow(self) -> None:
        order = self.order
        assert order is not None
        holds: set[HoldReason] = set()
        if self.bill.pieces:
            holds |= {HoldReason.PAYMENT} if self.bill.total > self.authorized else set()
            holds |= {HoldReason.MANUAL} if self.held else set()
            holds |= {HoldReason.MISSING_STOCK} if self.went_missing else set()
        assert {hold.reason for hold in order.holds} == holds
        assert order.status is status_of({entry.stage for entry in order.units}, holds)


def monday_after(now: datetime) -> datetime:
    """Returns nine o'clock of the next Monday: every example begins at the same time of the week."""
    monday = now + timedelta(days=7 - now.weekday())
    return monday.replace(hour=9, minute=0, second=0, microsecond=0)


def is_made(entry: Units) -> bool:
    return entry.sku.endswith(_MADE)


def is_waiting(entry: Units) -> bool:
    """Tells whether units wait for stock, or to be made."""
    unmade = is_made(entry) and entry.stage in (Stage.RESERVED, Stage.IN_PRODUCTION)
    return unmade or entry.stage is Stage.BACKORDERED


def status_of(stages: set[Stage], holds: set[HoldReason]) -> Status:
    """Returns the status of an order that has not left yet."""
    wanted = stages - {Stage.CANCELED, Stage.INTERCEPTED}
    if not wanted:
        return Status.CANCELED
    if wanted & {Stage.IN_PRODUCTION, Stage.PICKED, Stage.PACKED}:
        return Status.IN_PREPARATION
    if holds:
        return Status.AWAITING_PAYMENT if HoldReason.PAYMENT in holds else Status.ON_HOLD
    if Stage.BACKORDERED in stages:
        return Status.BACKORDERED
    return Status.RELEASED if Stage.RELEASED in stages else Status.CONFIRMED


def anonymous(order: Order) -> Order:
    """Returns the order without what differs between a preview of placing it and placing it."""
    return msgspec.structs.replace(order, order_id=ORDER_ID, number="")
