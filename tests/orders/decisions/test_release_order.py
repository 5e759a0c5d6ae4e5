"""An order goes to the floor when it is due, ready and nothing keeps it; a split sends what is there."""

from datetime import datetime, timedelta
from typing import Any

from tests.scenario import NOW, ORDER_ID, RELEASE, facts, moves, order
from tests.story import Decide, given

from aftercart.orders.decisions.accept_split import AcceptSplit, accept_split
from aftercart.orders.decisions.cancel_order import NotDueAnymore
from aftercart.orders.decisions.release_order import ReleaseOrder, release_order
from aftercart.orders.events import OrderReleased, SplitAccepted
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Hold, HoldReason, Order, Status
from aftercart.orders.rules.change_refusals import (
    NothingToRelease,
    NothingToSplit,
    OrderAlreadyCanceled,
    OrderOnHold,
    UnitsNotReady,
)

WAITING = order("1 A W1 reserved 1", "2 B W1 backordered 1", release_at=None)


def release(due_at: datetime | None = None, now: datetime = NOW) -> Decide:
    command = ReleaseOrder(order_id=ORDER_ID, due_at=due_at)
    return lambda order: release_order(command, order, facts=facts(now=now))


def split(order: Order) -> Any:
    return accept_split(AcceptSplit(order_id=ORDER_ID), order, facts=facts())


def test_all_reserved_units_go_to_the_floor_of_their_place() -> None:
    before = order("1 A W1 reserved 2", "2 B W2 reserved 1")
    released = OrderReleased(
        moves=moves("1 A W1 reserved>released 2", "2 B W2 reserved>released 1"),
        locations=("W1", "W2"),
        released_at=RELEASE,
    )
    given(before).when(release(RELEASE, RELEASE)).then(released)
    after = evolve(before, released, order_id=ORDER_ID)
    assert (after.status, after.released_at, after.release_at) == (Status.RELEASED, RELEASE, None)


def test_somebody_of_the_shop_may_release_early() -> None:
    assert given(order("1 A W1 reserved 2")).when(release()).event(OrderReleased).released_at == NOW


def test_a_release_that_was_moved_or_is_not_due_is_refused() -> None:
    before = order("1 A W1 reserved 2")
    given(before).when(release(RELEASE, NOW)).then_refused(NotDueAnymore)
    given(before).when(release(RELEASE - timedelta(minutes=1), RELEASE)).then_refused(NotDueAnymore)


def test_a_hold_keeps_the_order() -> None:
    hold = Hold(reason=HoldReason.FRAUD_REVIEW, since=NOW, expires_at=None)
    given(order("1 A W1 reserved 1", holds=(hold,))).when(release()).then_refused(OrderOnHold, hold="fraud_review")


def test_units_that_wait_keep_the_others_until_the_customer_accepts_two_parcels() -> None:
    given(WAITING).when(release()).then_refused(UnitsNotReady)
    accepted = given(WAITING).when(split).event(SplitAccepted)
    assert accepted.release_at == RELEASE
    after = evolve(WAITING, accepted, order_id=ORDER_ID)
    assert after.total_minor == WAITING.total_minor
    event = given(after).when(release(RELEASE, RELEASE)).event(OrderReleased)
    assert event.moves == moves("1 A W1 reserved>released 1")


def test_a_split_is_accepted_once_and_only_when_there_is_something_to_split() -> None:
    after = evolve(WAITING, given(WAITING).when(split).event(SplitAccepted), order_id=ORDER_ID)
    for whole in (after, order("1 A W1 reserved 1"), order("1 A W1 backordered 1")):
        given(whole).when(split).then_refused(NothingToSplit)


def test_what_is_released_or_canceled_is_not_released_again() -> None:
    given(order("1 A W1 released 1")).when(release()).then_refused(NothingToRelease)
    given(order("1 A W1 canceled 1")).when(release()).then_refused(OrderAlreadyCanceled)
