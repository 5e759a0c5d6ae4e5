"""What may still be changed, until when, is told before it is tried, and told the truth."""

from collections.abc import Callable
from itertools import combinations_with_replacement

from tests.scenario import LYON, NOW, ORDER_ID, RELEASE, facts, order

from aftercart.inventory.model import Stage
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel, cancel_lines
from aftercart.orders.decisions.cancel_order import CancelOrder, cancel_order
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress, change_delivery_address
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity, change_line_quantity
from aftercart.orders.model import DEFAULT_POLICY, CancellationReason, ChangeKind, Order
from aftercart.orders.rules.allowed_changes import LINE_CHANGES, AllowedChange, allowed_changes
from aftercart.orders.rules.change_refusals import (
    GoesToPickupPoint,
    LineAlreadyCanceled,
    OrderAlreadyCanceled,
    UnitsAlreadyTouched,
)
from aftercart.orders.rules.facts import Asker, Circumstances
from aftercart.orders.rules.unit_ledger import live_quantity

OTHER = CancellationReason.OTHER


STAFF = Circumstances(now=NOW, asker=Asker.STAFF, policy=DEFAULT_POLICY)


def told(order: Order) -> dict[tuple[ChangeKind, int | None], type[Refusal] | str]:
    def verdict(change: AllowedChange) -> type[Refusal] | str:
        return "yes" if change.refusal is None else type(change.refusal)

    return {(change.change, change.line): verdict(change) for change in allowed_changes(order, STAFF)}


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


def test_a_canceled_line_and_a_canceled_order_stay_so() -> None:
    assert told(order("1 A W1 canceled 1", "2 B W1 reserved 1"))[ChangeKind.CANCEL_LINES, 1] is LineAlreadyCanceled
    canceled = told(order("1 A W1 canceled 1"))
    assert canceled.pop((ChangeKind.ORDER_AGAIN, None)) == "yes"
    assert set(canceled.values()) == {OrderAlreadyCanceled}


def test_an_order_for_a_pickup_point_has_no_address_to_change() -> None:
    delivery = {"method": "mondial-relay-point", "address": None, "pickup_point": "P", "price_minor": 0}
    collected = order("1 A W1 reserved 1", delivery=delivery | {"promised_date": None})
    assert told(collected)[ChangeKind.CHANGE_DELIVERY_ADDRESS, None] is GoesToPickupPoint


def tries(order: Order) -> dict[tuple[ChangeKind, int | None], Callable[[], object]]:
    """Every change as the smallest one there is: one unit more or, for a full cancellation, all of it."""
    source = facts({"A@W1": 9, "B@W1": 9})
    attempts: dict[tuple[ChangeKind, int | None], Callable[[], object]] = {
        (ChangeKind.CHANGE_DELIVERY_ADDRESS, None): lambda: change_delivery_address(
            ChangeDeliveryAddress(order_id=ORDER_ID, address=LYON), order, facts=facts()
        ),
        (ChangeKind.CANCEL_ORDER, None): lambda: cancel_order(
            CancelOrder(order_id=ORDER_ID, reason=OTHER), order, facts=facts()
        ),
    }
    for one in order.lines:
        more = ChangeLineQuantity(order_id=ORDER_ID, line=one.line, quantity=live_quantity(order.units, one) + 1)
        fewer = CancelLines(order_id=ORDER_ID, lines=(LineToCancel(line=one.line, quantity=1),), reason=OTHER)
        attempts[ChangeKind.CHANGE_LINE_QUANTITY, one.line] = lambda more=more: change_line_quantity(
            more, order, facts=source
        )
        attempts[ChangeKind.CANCEL_LINES, one.line] = lambda fewer=fewer: cancel_lines(fewer, order, facts=facts())
    return attempts


def verdict_of(attempt: Callable[[], object]) -> type[Refusal] | str:
    try:
        attempt()
    except Refusal as refusal:
        return type(refusal)
    return "yes"


def test_what_is_told_is_what_happens_for_any_three_stages_on_two_lines() -> None:
    for first, second, third in combinations_with_replacement(Stage, 3):
        before = order(f"1 A W1 {first.value} 1", f"1 A W2 {second.value} 1", f"2 B W1 {third.value} 1")
        happened = {change: verdict_of(attempt) for change, attempt in tries(before).items()}
        assert happened == {change: verdict for change, verdict in told(before).items() if change in happened}, before
