"""What may still be changed, until when, is told before it is tried, and told the truth."""

from collections.abc import Callable
from itertools import combinations_with_replacement

import pytest
from tests.scenario import LYON, NOW, ORDER_ID, PARIS, RELEASE, facts, line, order, variant

from aftercart.inventory.model import Stage
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.accept_split import AcceptSplit, accept_split
from aftercart.orders.decisions.add_gift_message import AddGiftMessage, add_gift_message
from aftercart.orders.decisions.add_line import AddLine, add_line
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel, cancel_lines
from aftercart.orders.decisions.cancel_order import CancelOrder, cancel_order
from aftercart.orders.decisions.change_contact import ChangeContact, change_contact
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress, change_delivery_address
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod, change_delivery_method
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity, change_line_quantity
from aftercart.orders.decisions.change_payment_method import ChangePaymentMethod, change_payment_method
from aftercart.orders.decisions.change_pickup_point import ChangePickupPoint, change_pickup_point
from aftercart.orders.decisions.order_again import OrderAgain, order_again
from aftercart.orders.decisions.swap_variant import SwapVariant, swap_variant
from aftercart.orders.model import DEFAULT_POLICY, CancellationReason, ChangeKind, ChangeRule, Grain, Order, Policy
from aftercart.orders.rules.allowed_changes import LINE_CHANGES, AllowedChange, allowed_changes
from aftercart.orders.rules.change_refusals import (
    GoesToPickupPoint,
    LineAlreadyCanceled,
    OrderAlreadyCanceled,
    UnitsAlreadyTouched,
)
from aftercart.orders.rules.facts import Asker, Circumstances, Facts
from aftercart.orders.rules.unit_ledger import live_quantity

OTHER = CancellationReason.OTHER
COLLECTED = {
    "method": "mondial-relay-point",
    "address": None,
    "pickup_point": "P",
    "price_minor": 0,
    "promised_date": None,
}
STAFF = Circumstances(now=NOW, asker=Asker.STAFF, policy=DEFAULT_POLICY)


Verdicts = dict[tuple[ChangeKind, int | None], type[Refusal] | str]


def told(order: Order, given: Circumstances = STAFF) -> Verdicts:
    def verdict(change: AllowedChange) -> type[Refusal] | str:
        return "yes" if change.refusal is None else type(change.refusal)

    return {(change.change, change.line): verdict(change) for change in allowed_changes(order, given)}


def test_every_change_is_told_for_the_order_or_for_each_line() -> None:
    found = told(order("1 A W1 reserved 1", "2 B W1 reserved 1"))
    for kind in ChangeKind:
        expected = [1, 2] if kind in LINE_CHANGES else [None]
        assert [line for change, line in found if change is kind] == expected


def test_what_is_allowed_is_so_until_the_release_and_what_is_refused_has_no_until() -> None:
    changes = list(allowed_changes(order("1 A W1 reserved 1"), STAFF))
    assert {change.until for change in changes if change.refusal is None} == {RELEASE}
    assert {change.until for change in changes if change.refusal is not None} == {None}


def test_one_picked_line_leaves_the_other_line_free() -> None:
    found = told(order("1 A W1 picked 1", "2 B W1 reserved 1"))
    for kind in LINE_CHANGES:
        assert (found[kind, 1], found[kind, 2]) == (UnitsAlreadyTouched, "yes")
    for kind in (ChangeKind.CHANGE_DELIVERY_ADDRESS, ChangeKind.CHANGE_DELIVERY_METHOD, ChangeKind.CANCEL_ORDER):
        assert found[kind, None] is UnitsAlreadyTouched
    for kind in (ChangeKind.ADD_LINE, ChangeKind.CHANGE_CONTACT, ChangeKind.ADD_GIFT_MESSAGE):
        assert found[kind, None] == "yes"


@pytest.mark.parametrize("stage", ["in_production", "released"])
def test_what_is_made_for_somebody_is_theirs_from_its_beginning_and_may_still_go_elsewhere(stage: str) -> None:
    lines = (line(1, "A", 1, made_to_order=True), line(2, "B", 1))
    found = told(order(f"1 A W1 {stage} 1", "2 B W1 reserved 1", lines=lines))
    for kind in LINE_CHANGES:
        assert (found[kind, 1], found[kind, 2]) == (UnitsAlreadyTouched, "yes")
    assert found[ChangeKind.CANCEL_ORDER, None] is UnitsAlreadyTouched
    for kind in (ChangeKind.CHANGE_DELIVERY_ADDRESS, ChangeKind.CHANGE_DELIVERY_METHOD, ChangeKind.CHANGE_CONTACT):
        assert found[kind, None] == "yes"


def test_a_canceled_line_and_a_canceled_order_stay_so() -> None:
    assert told(order("1 A W1 canceled 1", "2 B W1 reserved 1"))[ChangeKind.CANCEL_LINES, 1] is LineAlreadyCanceled
    canceled = told(order("1 A W1 canceled 1"))
    assert canceled.pop((ChangeKind.ORDER_AGAIN, None)) == "yes"
    assert set(canceled.values()) == {OrderAlreadyCanceled}


def test_an_order_for_a_pickup_point_has_no_address_to_change() -> None:
    collected = order("1 A W1 reserved 1", delivery=COLLECTED)
    assert told(collected)[ChangeKind.CHANGE_DELIVERY_ADDRESS, None] is GoesToPickupPoint


Try = Callable[[Order, int, Facts], object]
"""Makes the smallest change there is, of a line where the change is about one."""

TRIES: dict[ChangeKind, Try] = {
    ChangeKind.CHANGE_DELIVERY_ADDRESS: lambda order, _line, facts: change_delivery_address(
        ChangeDeliveryAddress(order_id=ORDER_ID, address=LYON), order, facts=facts
    ),
    ChangeKind.CHANGE_DELIVERY_METHOD: lambda order, _line, facts: change_delivery_method(
        ChangeDeliveryMethod(order_id=ORDER_ID, method="chronopost-express", address=PARIS), order, facts=facts
    ),
    ChangeKind.CHANGE_PICKUP_POINT: lambda order, _line, facts: change_pickup_point(
        ChangePickupPoint(order_id=ORDER_ID, pickup_point="Q"), order, facts=facts
    ),
    ChangeKind.CHANGE_CONTACT: lambda order, _line, facts: change_contact(
        ChangeContact(order_id=ORDER_ID, name="Ada Lovelace"), order, facts=facts
    ),
    ChangeKind.CHANGE_PAYMENT_METHOD: lambda order, _line, facts: change_payment_method(
        ChangePaymentMethod(order_id=ORDER_ID, method="transfer"), order, facts=facts
    ),
    ChangeKind.ADD_LINE: lambda order, _line, facts: add_line(
        AddLine(order_id=ORDER_ID, sku="B", quantity=1), order, facts=facts
    ),
    ChangeKind.CHANGE_LINE_QUANTITY: lambda order, line, facts: change_line_quantity(
        ChangeLineQuantity(
            order_id=ORDER_ID, line=line, quantity=live_quantity(order.units, order.lines[line - 1]) + 1
        ),
        order,
        facts=facts,
    ),
    ChangeKind.SWAP_VARIANT: lambda order, line, facts: swap_variant(
        SwapVariant(order_id=ORDER_ID, line=line, sku=f"{order.lines[line - 1].sku}-red", quantity=1),
        order,
        facts=facts,
    ),
    ChangeKind.ADD_GIFT_MESSAGE: lambda order, _line, facts: add_gift_message(
        AddGiftMessage(order_id=ORDER_ID, message="With love"), order, facts=facts
    ),
    ChangeKind.CANCEL_LINES: lambda order, line, facts: cancel_lines(
        CancelLines(order_id=ORDER_ID, lines=(LineToCancel(line=line, quantity=1),), reason=OTHER), order, facts=facts
    ),
    ChangeKind.CANCEL_ORDER: lambda order, _line, facts: cancel_order(
        CancelOrder(order_id=ORDER_ID, reason=OTHER), order, facts=facts
    ),
    ChangeKind.ACCEPT_SPLIT: lambda order, _line, facts: accept_split(
        AcceptSplit(order_id=ORDER_ID), order, facts=facts
    ),
    ChangeKind.ORDER_AGAIN: lambda order, _line, facts: order_again(
        OrderAgain(order_id=ORDER_ID), order, number="BBBBB-BBBBB", fingerprint="f", facts=facts
    ),
}

POLICIES = {
    "by line": Policy(grain=Grain.LINE),
    "by order": Policy(grain=Grain.ORDER),
    "for agents": Policy(changes=tuple(ChangeRule(change=kind, agents_only=True) for kind in ChangeKind)),
}


def verdict_of(attempt: Callable[[], object]) -> type[Refusal] | str:
    try:
        done = attempt()
    except Refusal as refusal:
        return type(refusal)
    assert done != (), "the change is one that changes something"
    return "yes"


def happened(order: Order, given: Facts) -> Verdicts:
    return {
        (kind, line): verdict_of(lambda kind=kind, line=line: TRIES[kind](order, line or 0, given))
        for kind in ChangeKind
        for line in ([one.line for one in order.lines] if kind in LINE_CHANGES else [None])
    }


def test_every_change_is_tried() -> None:
    assert TRIES.keys() == set(ChangeKind)


@pytest.mark.parametrize("asker", Asker)
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
@pytest.mark.parametrize("scene", ["stocked", "made_to_order", "collected"])
def test_what_is_told_is_what_happens_for_any_three_stages_on_two_lines(
    scene: str, policy: Policy, asker: Asker
) -> None:
    made = scene == "made_to_order"
    kind = "made_to_order" if made else "stocked"
    goods = [variant("A", kind=kind), variant("A-red", product="product-A", kind=kind)]
    goods += [variant("B"), variant("B-red", product="product-B")]
    shelves = {f"{one.sku}@{place}": 9 for one in goods for place in ("W1", "W2")}
    given = facts(shelves, asker=asker, policy=policy, variants={one.sku: one for one in goods})
    way = {"delivery": COLLECTED} if scene == "collected" else {}
    for first, second, third in combinations_with_replacement(Stage, 3):
        ledger = (f"1 A W1 {first.value} 1", f"1 A W2 {second.value} 1", f"2 B W1 {third.value} 1")
        before = order(*ledger, lines=(line(1, "A", 2, made_to_order=made), line(2, "B", 1)), **way)
        assert happened(before, given) == told(before, given), before
