"""The smallest change of every kind there is, tried out on an order."""

from collections.abc import Callable

from tests.scenario import LYON, ORDER_ID, PARIS

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
from aftercart.orders.events import OrderEvent
from aftercart.orders.model import CancellationReason, ChangeKind, Order
from aftercart.orders.rules.allowed_changes import AllowedChange
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.unit_ledger import live_quantity

OTHER = CancellationReason.OTHER
Verdict = type[Refusal] | str
"""``yes``, ``intercept`` or the refusal."""

Try = Callable[[Order, int, Facts], tuple[OrderEvent, ...]]
"""Makes the smallest change there is, of a line where the change is about one; it takes out where it can."""

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
        ChangeLineQuantity(order_id=ORDER_ID, line=line, quantity=other_quantity(order, line)),
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
    ChangeKind.ORDER_AGAIN: lambda order, _line, facts: (
        order_again(OrderAgain(order_id=ORDER_ID), order, number="BBBBB-BBBBB", fingerprint="f", facts=facts),
    ),
}


def other_quantity(order: Order, line: int) -> int:
    """Returns one piece less where that leaves any, else one more."""
    live = live_quantity(order.units, order.lines[line - 1])
    return live - 1 if live > 1 else live + 1


def tried(change: ChangeKind, order: Order, facts: Facts, *, line: int | None = None) -> Verdict:
    """Returns what becomes of the smallest change of a kind."""
    try:
        events = TRIES[change](order, line or 0, facts)
    except Refusal as refusal:
        return type(refusal)
    assert events != (), "the change is one that changes something"
    moves = (move for event in events for move in event.moves)
    return "intercept" if any(move.target is Stage.INTERCEPTED for move in moves) else "yes"


def told(order: Order, one: AllowedChange) -> Verdict:
    """Returns what is told of the smallest change of a kind."""
    if one.refusal is not None:
        return type(one.refusal)
    adds = (
        one.change is ChangeKind.CHANGE_LINE_QUANTITY
        and one.line is not None
        and (live_quantity(order.units, order.lines[one.line - 1]) == 1)
    )
    return "intercept" if one.intercept and not adds else "yes"
