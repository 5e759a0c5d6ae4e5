"""What is made to order may be changed until the work begins, and goes to the floor when it is made."""

from typing import Any

import msgspec
from tests.scenario import LYON, NOW, ORDER_ID, facts, line, moves, order
from tests.story import Decide, given

from aftercart.inventory.model import UnitMove
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel, cancel_lines
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress, change_delivery_address
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod, change_delivery_method
from aftercart.orders.decisions.finish_production import FinishProduction, finish_production
from aftercart.orders.decisions.start_production import StartProduction, start_production
from aftercart.orders.events import (
    DeliveryAddressChanged,
    DeliveryMethodChanged,
    LinesCanceled,
    ProductionFinished,
    ProductionStarted,
)
from aftercart.orders.model import CancellationReason, Hold, HoldReason, Order, Status
from aftercart.orders.rules.change_refusals import NotMadeToOrder, OrderOnHold, UnitsAlreadyTouched

LINES = [line(1, "A", 3, made_to_order=True), line(2, "B", 1)]


def table(*ledger: str, **changes: object) -> Order:
    return order(*ledger, "2 B W1 reserved 1", lines=LINES, **changes)


def made(*entries: str) -> tuple[UnitMove, ...]:
    return tuple(msgspec.structs.replace(move, made_to_order=True) for move in moves(*entries))


def start(line: int = 1, quantity: int | None = None) -> Decide:
    command = StartProduction(order_id=ORDER_ID, line=line, quantity=quantity)
    return lambda order: start_production(command, order, facts=facts())


def finish(line: int = 1, quantity: int | None = None) -> Decide:
    command = FinishProduction(order_id=ORDER_ID, line=line, quantity=quantity)
    return lambda order: finish_production(command, order, facts=facts())


def cancel(order: Order) -> Any:
    command = CancelLines(order_id=ORDER_ID, lines=(LineToCancel(line=1),), reason=CancellationReason.CHANGED_MIND)
    return cancel_lines(command, order, facts=facts())


def test_until_the_work_begins_the_line_may_be_taken_out() -> None:
    assert given(table("1 A W1 reserved 3")).when(cancel).event(LinesCanceled).moves == made(
        "1 A W1 reserved>canceled 3"
    )
    for stage in ("in_production", "released"):
        given(table(f"1 A W1 {stage} 3")).when(cancel).then_refused(UnitsAlreadyTouched, stage=stage)


def test_of_a_line_that_is_begun_in_part_the_rest_may_be_taken_out() -> None:
    begun = table("1 A W1 released 1", "1 A W1 reserved 2")
    given(begun).when(cancel).then_refused(UnitsAlreadyTouched, stage="released")
    fewer = CancelLines(
        order_id=ORDER_ID, lines=(LineToCancel(line=1, quantity=2),), reason=CancellationReason.CHANGED_MIND
    )
    event = given(begun).when(lambda order: cancel_lines(fewer, order, facts=facts())).event(LinesCanceled)
    assert event.moves == made("1 A W1 reserved>canceled 2")


def test_while_it_is_made_the_order_may_go_elsewhere_and_another_way() -> None:
    making = table("1 A W1 in_production 3")
    elsewhere = ChangeDeliveryAddress(order_id=ORDER_ID, address=LYON)
    moved = given(making).when(lambda order: change_delivery_address(elsewhere, order, facts=facts()))
    assert moved.event(DeliveryAddressChanged).moves == ()
    express = ChangeDeliveryMethod(order_id=ORDER_ID, method="chronopost-express")
    faster = given(making).when(lambda order: change_delivery_method(express, order, facts=facts()))
    assert faster.event(DeliveryMethodChanged).moves == ()


def test_the_work_on_all_or_some_begins() -> None:
    event = given(table("1 A W1 reserved 3")).when(start()).event(ProductionStarted)
    assert (event.moves, event.quantity) == (made("1 A W1 reserved>in_production 3"), 3)
    some = given(table("1 A W1 reserved 3")).when(start(quantity=2)).event(ProductionStarted)
    assert some.moves == made("1 A W1 reserved>in_production 2")


def test_no_work_begins_on_what_is_on_hold_or_not_made_or_not_there() -> None:
    hold = Hold(reason=HoldReason.PAYMENT, since=NOW, expires_at=None)
    given(table("1 A W1 reserved 3", holds=(hold,))).when(start()).then_refused(OrderOnHold, hold="payment")
    given(table("1 A W1 reserved 3")).when(start(2)).then_refused(NotMadeToOrder, line=2)
    given(table("1 A W1 in_production 3")).when(start()).then_refused(NotMadeToOrder)
    given(table("1 A W1 reserved 3")).when(start(3)).then_refused(Invalid, param="line")
    given(table("1 A W1 reserved 3")).when(start(quantity=4)).then_refused(Invalid, param="quantity")


def test_what_is_made_goes_to_the_floor_with_what_waited_for_it() -> None:
    event = given(table("1 A W1 in_production 3")).when(finish()).event(ProductionFinished)
    assert event.moves == (*made("1 A W1 in_production>released 3"), *moves("2 B W1 reserved>released 1"))
    assert (event.sku, event.location, event.quantity, event.finished_at) == ("A", "W1", 3, NOW)


def test_what_two_places_make_is_there_at_each_of_them() -> None:
    command = FinishProduction(order_id=ORDER_ID, line=1)
    before = table("1 A W1 in_production 2", "1 A W2 in_production 1")
    one, two = finish_production(command, before, facts=facts())
    assert [(event.location, event.quantity, event.made_before) for event in (one, two)] == [("W1", 2, 0), ("W2", 1, 2)]
    assert one.moves == made("1 A W1 in_production>released 2")
    assert two.moves == (*made("1 A W2 in_production>released 1"), *moves("2 B W1 reserved>released 1"))


def test_a_part_that_is_made_does_not_take_the_rest_along() -> None:
    before = table("1 A W1 in_production 3")
    event = given(before).when(finish(quantity=1)).event(ProductionFinished)
    assert event.moves == made("1 A W1 in_production>released 1")
    assert before.status is Status.IN_PREPARATION


def test_two_pieces_of_work_of_one_order_are_told_apart() -> None:
    first = given(table("1 A W1 in_production 3")).when(finish(quantity=1)).event(ProductionFinished)
    second = given(table("1 A W1 in_production 2", "1 A W1 released 1")).when(finish()).event(ProductionFinished)
    assert (first.entry, second.entry) == ("1/0", "1/1")


def test_only_work_that_began_can_end() -> None:
    given(table("1 A W1 reserved 3")).when(finish()).then_refused(NotMadeToOrder)
