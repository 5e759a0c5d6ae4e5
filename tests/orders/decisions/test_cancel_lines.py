"""Lines, or some of their units, are taken out of an order."""

from collections.abc import Callable

import pytest
from tests.scenario import NOW, ORDER_ID, RELEASE, facts, moves, order
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel, cancel_lines
from aftercart.orders.events import CanceledLine, LinesCanceled, OrderCanceled
from aftercart.orders.evolve import evolve
from aftercart.orders.model import (
    CancellationReason,
    ChangeKind,
    ChangeRule,
    ChangeUntil,
    Hold,
    HoldReason,
    Order,
    Policy,
    Status,
)
from aftercart.orders.rules.change_refusals import LineAlreadyCanceled, OrderAlreadyCanceled, UnitsAlreadyTouched
from aftercart.orders.rules.facts import Facts

TOO_SLOW = CancellationReason.TOO_SLOW
TWO_LINES = order("1 A W1 reserved 2", "2 B W1 reserved 3")


def cancel(
    *lines: tuple[int, int | None], reason: CancellationReason = TOO_SLOW, source: Facts | None = None
) -> Callable[[Order], tuple[LinesCanceled | OrderCanceled, ...]]:
    wishes = tuple(LineToCancel(line=line, quantity=quantity) for line, quantity in lines)
    command = CancelLines(order_id=ORDER_ID, lines=wishes, reason=reason)
    return lambda order: cancel_lines(command, order, facts=source or facts())


def canceled(*lines: tuple[int, int], entries: tuple[str, ...]) -> LinesCanceled:
    return LinesCanceled(
        moves=moves(*entries),
        holds=(),
        release_at=RELEASE,
        lines=tuple(CanceledLine(line=line, quantity=quantity) for line, quantity in lines),
        reason=TOO_SLOW,
    )


def test_a_whole_line_is_taken_out() -> None:
    expected = canceled((1, 2), entries=("1 A W1 reserved>canceled 2",))
    given(TWO_LINES).when(cancel((1, None))).then(expected)


def test_some_units_of_several_lines_are_taken_out() -> None:
    entries = ("2 B W1 reserved>canceled 2", "1 A W1 reserved>canceled 1")
    given(TWO_LINES).when(cancel((2, 2), (1, 1))).then(canceled((2, 2), (1, 1), entries=entries))


def test_units_that_wait_for_stock_go_first() -> None:
    before = order("1 A W1 backordered 1", "1 A W1 reserved 2")
    entries = ("1 A W1 backordered>canceled 1", "1 A W1 reserved>canceled 1")
    given(before).when(cancel((1, 2))).then(canceled((1, 2), entries=entries))


def test_taking_out_the_last_units_cancels_the_order_and_ends_its_holds() -> None:
    hold = Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=None)
    before = order("1 A W1 canceled 2", "2 B W1 reserved 3", holds=(hold,))
    expected = OrderCanceled(moves=moves("2 B W1 reserved>canceled 3"), holds=(), release_at=None, reason=TOO_SLOW)
    given(before).when(cancel((2, None))).then(expected)


def test_a_hold_somebody_set_stays() -> None:
    hold = Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=None)
    event = given(order("1 A W1 reserved 2", holds=(hold,))).when(cancel((1, 1))).event(LinesCanceled)
    assert (event.holds, event.release_at) == ((hold,), None)


def test_the_wait_for_missing_stock_ends_with_the_units_that_waited() -> None:
    hold = Hold(reason=HoldReason.MISSING_STOCK, since=NOW, expires_at=None)
    before = order("1 A W1 backordered 1", "1 A W1 reserved 2", holds=(hold,))
    assert given(before).when(cancel((1, 1))).event(LinesCanceled).holds == ()


def test_no_lines_are_nothing_to_cancel() -> None:
    given(TWO_LINES).when(cancel()).then_refused(Invalid, param="lines")
    given(order("1 A W1 canceled 2")).when(cancel()).then_refused(Invalid, param="lines")


@pytest.mark.parametrize("number", [-1, 0, 3])
def test_a_line_the_order_does_not_have_is_refused(number: int) -> None:
    given(TWO_LINES).when(cancel((1, None), (number, None))).then_refused(Invalid, param="lines[1].line", got=number)


def test_a_line_named_twice_is_refused() -> None:
    given(TWO_LINES).when(cancel((1, 1), (1, 1))).then_refused(Invalid, param="lines[1].line", got=1)


@pytest.mark.parametrize("quantity", [-1, 0, 3, 2**63])
def test_a_quantity_the_line_does_not_have_is_refused(quantity: int) -> None:
    given(TWO_LINES).when(cancel((1, quantity))).then_refused(Invalid, param="lines[0].quantity", got=quantity)


def test_the_shops_own_reason_is_not_the_customers() -> None:
    reason = CancellationReason.PAYMENT_NOT_RECEIVED
    expected = "one of changed_mind, ordered_by_mistake, too_slow, found_elsewhere, other"
    outcome = given(TWO_LINES).when(cancel((1, None), reason=reason))
    outcome.then_refused(Invalid, param="reason", expected=expected, got=reason.value)


@pytest.mark.parametrize("reason", [one for one in CancellationReason if one.value != "payment_not_received"])
def test_every_other_reason_is_kept(reason: CancellationReason) -> None:
    assert given(TWO_LINES).when(cancel((1, None), reason=reason)).event(LinesCanceled).reason is reason


def test_a_canceled_line_is_not_canceled_again() -> None:
    before = order("1 A W1 canceled 2", "2 B W1 reserved 3")
    given(before).when(cancel((1, None))).then_refused(LineAlreadyCanceled, number=before.number, line=1)


def test_a_canceled_order_has_no_lines_to_cancel() -> None:
    before = order("1 A W1 canceled 2")
    given(before).when(cancel((1, None))).then_refused(OrderAlreadyCanceled, number=before.number)


def test_what_lies_in_hand_is_intercepted_after_everything_else_is_taken() -> None:
    before = order("1 A W1 packed 1", "1 A W2 picked 1", "1 A W1 released 1", "1 A W1 reserved 1", "2 B W1 reserved 1")
    assert given(before).when(cancel((1, 1))).event(LinesCanceled).moves == moves("1 A W1 reserved>canceled 1")
    assert given(before).when(cancel((1, None))).event(LinesCanceled).moves == moves(
        "1 A W1 reserved>canceled 1",
        "1 A W1 released>canceled 1",
        "1 A W2 picked>intercepted 1",
        "1 A W1 packed>intercepted 1",
    )


def test_an_order_of_which_all_that_is_left_is_intercepted_is_canceled_and_costs_nothing() -> None:
    before = order("1 A W1 canceled 1", "1 A W1 picked 1")
    event = given(before).when(cancel((1, None))).event(OrderCanceled)
    after = evolve(before, event, order_id=ORDER_ID)
    assert (after.status, after.total_minor) == (Status.CANCELED, 0)
    given(after).when(cancel((1, None))).then_refused(OrderAlreadyCanceled)


def test_what_is_intercepted_already_is_not_taken_out_again() -> None:
    before = order("1 A W1 intercepted 2", "1 A W1 reserved 1", "2 B W1 reserved 1")
    given(before).when(cancel((1, 2))).then_refused(Invalid, param="lines[0].quantity")
    given(order("1 A W1 intercepted 2", "2 B W1 reserved 1")).when(cancel((1, None))).then_refused(LineAlreadyCanceled)


def test_what_has_left_is_not_taken_back() -> None:
    before = order("1 A W1 shipped 1", "1 A W2 picked 1", touched_at=NOW)
    given(before).when(cancel((1, None))).then_refused(
        UnitsAlreadyTouched, number=before.number, line=1, stage="shipped", touched_at=NOW
    )
    assert given(before).when(cancel((1, 1))).event(LinesCanceled).moves == moves("1 A W2 picked>intercepted 1")


def test_a_merchant_who_ends_it_with_the_first_touch_has_nothing_intercepted() -> None:
    rule = ChangeRule(change=ChangeKind.CANCEL_LINES, until=ChangeUntil.TOUCHED)
    source = facts(policy=Policy(changes=(rule,)))
    before = order("1 A W1 picked 1", "1 A W1 reserved 1", touched_at=NOW)
    given(before).when(cancel((1, None), source=source)).then_refused(
        UnitsAlreadyTouched, line=1, stage="picked", touched_at=NOW
    )
    event = given(before).when(cancel((1, 1), source=source)).event(LinesCanceled)
    assert event.moves == moves("1 A W1 reserved>canceled 1")
