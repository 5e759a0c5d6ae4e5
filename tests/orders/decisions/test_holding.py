"""An order is stopped for a reason and goes on when that is settled or its time is over."""

from datetime import date, datetime, timedelta

import msgspec
import pytest
from tests.scenario import NOW, ORDER_ID, RELEASE, facts, order
from tests.story import Decide, given

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.cancel_order import NotDueAnymore
from aftercart.orders.decisions.hold_order import PLACED_BY_PEOPLE, HoldOrder, hold_order
from aftercart.orders.decisions.lift_hold import ExpireHold, LiftHold, expire_hold, lift_hold
from aftercart.orders.events import HoldLifted, OrderHeld, PromiseMoved
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Hold, HoldReason, Order, Status
from aftercart.orders.rules.change_refusals import OrderAlreadyCanceled
from aftercart.sentences.telling import event_sentence

TOMORROW = NOW + timedelta(days=1)
BEFORE = order("1 A W1 reserved 1")


def hold(reason: HoldReason = HoldReason.MANUAL, *, note: str | None = None, until: datetime | None = None) -> Decide:
    command = HoldOrder(order_id=ORDER_ID, reason=reason, note=note, expires_at=until)
    return lambda order: hold_order(command, order, facts=facts())


def lift(reason: HoldReason = HoldReason.MANUAL) -> Decide:
    return lambda order: lift_hold(LiftHold(order_id=ORDER_ID, reason=reason), order, facts=facts())


def held(*reasons: HoldReason, until: datetime | None = None) -> Order:
    holds = tuple(Hold(reason=reason, since=NOW, expires_at=until, note=None) for reason in reasons)
    return order("1 A W1 reserved 1", holds=holds)


def test_a_stopped_order_is_not_released_and_says_why() -> None:
    event = given(BEFORE).when(hold(note="ask Ada", until=TOMORROW)).event(OrderHeld)
    assert event.holds == (Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=TOMORROW, note="ask Ada"),)
    assert event.release_at is None
    assert evolve(BEFORE, event, order_id=ORDER_ID).status is Status.ON_HOLD


def test_several_holds_stand_at_once_and_one_replaces_another_of_its_reason() -> None:
    once = evolve(BEFORE, given(BEFORE).when(hold()).event(OrderHeld), order_id=ORDER_ID)
    given(once).when(hold()).then()
    twice = evolve(once, given(once).when(hold(HoldReason.ADDRESS)).event(OrderHeld), order_id=ORDER_ID)
    assert [one.reason for one in twice.holds] == [HoldReason.MANUAL, HoldReason.ADDRESS]
    renewed = given(twice).when(hold(note="still")).event(OrderHeld)
    assert {one.reason: one.note for one in renewed.holds} == {HoldReason.MANUAL: "still", HoldReason.ADDRESS: None}


@pytest.mark.parametrize("reason", [one for one in HoldReason if one not in PLACED_BY_PEOPLE])
def test_a_hold_that_follows_from_the_order_is_not_for_people(reason: HoldReason) -> None:
    given(BEFORE).when(hold(reason)).then_refused(Invalid, param="reason", got=reason.value)
    given(held(reason)).when(lift(reason)).then_refused(Invalid, param="reason", got=reason.value)


def test_a_hold_cannot_end_in_the_past_and_a_canceled_order_needs_none() -> None:
    given(BEFORE).when(hold(until=NOW)).then_refused(Invalid, param="expires_at")
    given(order("1 A W1 canceled 1")).when(hold()).then_refused(OrderAlreadyCanceled)


def test_a_hold_that_kept_the_order_beyond_its_truck_tells_the_new_day() -> None:
    late = facts(now=TOMORROW)
    lifted, moved = lift_hold(LiftHold(order_id=ORDER_ID), held(HoldReason.MANUAL), facts=late)
    assert isinstance(lifted, HoldLifted)
    assert isinstance(moved, PromiseMoved)
    assert (moved.sku, moved.previous_date, moved.promised_date) == (None, date(2026, 3, 5), date(2026, 3, 6))
    told = msgspec.to_builtins(moved)
    assert event_sentence("PromiseMoved", told, "en") == "Delivery of the order: 6 March 2026."
    in_time = lift_hold(LiftHold(order_id=ORDER_ID), held(HoldReason.MANUAL), facts=facts())
    assert [type(event) for event in in_time] == [HoldLifted]


def test_the_order_goes_on_when_its_last_hold_is_lifted() -> None:
    both = held(HoldReason.MANUAL, HoldReason.ADDRESS)
    event = given(both).when(lift()).event(HoldLifted)
    assert ([one.reason for one in event.holds], event.release_at) == ([HoldReason.ADDRESS], None)
    last = given(held(HoldReason.MANUAL)).when(lift()).event(HoldLifted)
    assert (last.holds, last.release_at) == ((), RELEASE)


def test_lifting_what_does_not_stand_changes_nothing() -> None:
    given(BEFORE).when(lift()).then()


def expire(due_at: datetime, now: datetime) -> Decide:
    command = ExpireHold(order_id=ORDER_ID, reason=HoldReason.MANUAL, due_at=due_at)
    return lambda order: expire_hold(command, order, facts=facts(now=now))


def test_a_hold_ends_by_itself_at_its_time_and_no_other() -> None:
    before = held(HoldReason.MANUAL, until=TOMORROW)
    lifted, moved = expire(TOMORROW, TOMORROW)(before)
    assert isinstance(lifted, HoldLifted)
    assert isinstance(moved, PromiseMoved)
    assert lifted.holds == ()
    given(before).when(expire(TOMORROW, NOW)).then_refused(NotDueAnymore)
    given(before).when(expire(NOW, TOMORROW)).then_refused(NotDueAnymore)
    given(BEFORE).when(expire(TOMORROW, TOMORROW)).then_refused(NotDueAnymore)
