"""An order is canceled as a whole, by wish or because its payment never came."""

from datetime import timedelta

import pytest
from tests.scenario import NOW, ORDER_ID, facts, moves, order
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.cancel_order import (
    CancelOrder,
    ExpirePaymentHold,
    NotDueAnymore,
    cancel_order,
    expire_payment_hold,
)
from aftercart.orders.events import OrderCanceled, OrderHeld
from aftercart.orders.evolve import evolve
from aftercart.orders.model import (
    CancellationReason,
    ChangeKind,
    ChangeRule,
    ChangeUntil,
    Grain,
    Hold,
    HoldReason,
    Policy,
    Status,
)
from aftercart.orders.rules.change_refusals import OrderAlreadyCanceled, UnitsAlreadyTouched

MISTAKE = CancelOrder(order_id=ORDER_ID, reason=CancellationReason.ORDERED_BY_MISTAKE)
DUE_AT = NOW + timedelta(days=7)
EXPIRE = ExpirePaymentHold(order_id=ORDER_ID, due_at=DUE_AT)
NOTHING_PAID = {"method": "card", "authorized_minor": 0}
UNPAID = Hold(reason=HoldReason.PAYMENT, since=NOW, expires_at=DUE_AT)


def test_everything_still_wanted_is_canceled() -> None:
    before = order("1 A W1 canceled 1", "1 A W2 reserved 2", "2 B W1 backordered 1", "2 B W1 released 1")
    freed = moves("1 A W2 reserved>canceled 2", "2 B W1 backordered>canceled 1", "2 B W1 released>canceled 1")
    canceled = OrderCanceled(moves=freed, holds=(), release_at=None, reason=CancellationReason.ORDERED_BY_MISTAKE)
    given(before).when(lambda order: cancel_order(MISTAKE, order, facts=facts())).then(canceled)


def test_a_canceled_order_is_not_canceled_again() -> None:
    before = order("1 A W1 canceled 1")
    given(before).when(lambda order: cancel_order(MISTAKE, order, facts=facts())).then_refused(
        OrderAlreadyCanceled, number=before.number
    )


@pytest.mark.parametrize("stage", ["picked", "packed"])
def test_what_lies_in_hand_is_intercepted(stage: str) -> None:
    before = order("1 A W1 reserved 1", f"2 B W1 {stage} 1")
    event = given(before).when(lambda order: cancel_order(MISTAKE, order, facts=facts())).event(OrderCanceled)
    assert event.moves == moves("1 A W1 reserved>canceled 1", f"2 B W1 {stage}>intercepted 1")
    assert evolve(before, event, order_id=ORDER_ID).status is Status.CANCELED


@pytest.mark.parametrize("stage", ["picked", "packed"])
@pytest.mark.parametrize(
    "policy",
    [
        Policy(changes=(ChangeRule(change=ChangeKind.CANCEL_ORDER, until=ChangeUntil.TOUCHED),)),
        Policy(grain=Grain.ORDER),
    ],
    ids=["until touched", "by order"],
)
def test_a_merchant_may_end_it_with_the_first_touch(stage: str, policy: Policy) -> None:
    before = order("1 A W1 reserved 1", f"2 B W1 {stage} 1")
    given(before).when(lambda order: cancel_order(MISTAKE, order, facts=facts(policy=policy))).then_refused(
        UnitsAlreadyTouched, number=before.number, line=2, stage=stage
    )


@pytest.mark.parametrize("stage", ["in_production", "shipped", "delivered", "returned", "lost"])
def test_one_unit_that_is_made_or_has_left_stands_against_canceling_everything(stage: str) -> None:
    before = order("1 A W1 reserved 1", f"2 B W1 {stage} 1")
    given(before).when(lambda order: cancel_order(MISTAKE, order, facts=facts())).then_refused(
        UnitsAlreadyTouched, number=before.number, line=2, stage=stage
    )


def test_the_shops_own_reason_is_not_the_customers() -> None:
    command = CancelOrder(order_id=ORDER_ID, reason=CancellationReason.PAYMENT_NOT_RECEIVED)
    given(order("1 A W1 reserved 1")).when(lambda order: cancel_order(command, order, facts=facts())).then_refused(
        Invalid, param="reason"
    )


def test_an_unpaid_order_is_canceled_when_its_time_is_over() -> None:
    before = order("1 A W1 reserved 2", holds=(UNPAID,))
    canceled = OrderCanceled(
        moves=moves("1 A W1 reserved>canceled 2"),
        holds=(),
        release_at=None,
        reason=CancellationReason.PAYMENT_NOT_RECEIVED,
    )
    given(before).when(lambda order: expire_payment_hold(EXPIRE, order, facts=facts(now=DUE_AT))).then(canceled)


def test_an_unpaid_order_is_not_canceled_before_its_time() -> None:
    before = order("1 A W1 reserved 2", holds=(UNPAID,))
    early = DUE_AT - timedelta(microseconds=1)
    given(before).when(lambda order: expire_payment_hold(EXPIRE, order, facts=facts(now=early))).then_refused(
        NotDueAnymore, number=before.number, due_at=DUE_AT
    )


@pytest.mark.parametrize(
    "hold",
    [
        None,
        Hold(reason=HoldReason.PAYMENT, since=NOW, expires_at=DUE_AT + timedelta(days=1)),
        Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=DUE_AT),
    ],
    ids=["paid", "moved", "another hold"],
)
def test_a_deadline_for_a_hold_that_is_gone_or_moved_is_refused(hold: Hold | None) -> None:
    before = order("1 A W1 reserved 2", holds=() if hold is None else (hold,))
    given(before).when(lambda order: expire_payment_hold(EXPIRE, order, facts=facts(now=DUE_AT))).then_refused(
        NotDueAnymore
    )


@pytest.mark.parametrize("stage", ["in_production", "picked", "packed", "shipped"])
def test_an_unpaid_order_that_was_touched_is_held_until_somebody_decides(stage: str) -> None:
    before = order("1 A W1 reserved 1", f"2 B W1 {stage} 1", holds=(UNPAID,), payment=NOTHING_PAID)
    event = (
        given(before).when(lambda order: expire_payment_hold(EXPIRE, order, facts=facts(now=DUE_AT))).event(OrderHeld)
    )
    assert event.holds == (Hold(reason=HoldReason.PAYMENT, since=NOW, expires_at=None),)
    after = evolve(before, event, order_id=ORDER_ID)
    given(after).when(lambda order: expire_payment_hold(EXPIRE, order, facts=facts(now=DUE_AT))).then_refused(
        NotDueAnymore
    )


def test_a_deadline_does_not_cancel_what_is_canceled() -> None:
    before = order("1 A W1 canceled 1", holds=(UNPAID,))
    given(before).when(lambda order: expire_payment_hold(EXPIRE, order, facts=facts(now=DUE_AT))).then_refused(
        NotDueAnymore
    )
