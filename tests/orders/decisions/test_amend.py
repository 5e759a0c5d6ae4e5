"""Several changes are made as one, in their order, and the first that is not possible stops all of them."""

from typing import Any

import pytest
from tests.scenario import LYON, ORDER_ID, facts, order

from aftercart.kit.refusal import Invalid
from aftercart.kit.state import Event
from aftercart.orders.decisions.amend import OPERATIONS_MAX, Amend, amend
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel, cancel_lines
from aftercart.orders.decisions.change_contact import ChangeContact, change_contact
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress, change_delivery_address
from aftercart.orders.events import ContactChanged, DeliveryAddressChanged, LinesCanceled
from aftercart.orders.model import CancellationReason, OrderChange
from aftercart.orders.rules.change_refusals import LineAlreadyCanceled

BEFORE = order("1 A W1 reserved 1", "2 B W1 reserved 1")
ADDRESS = ChangeDeliveryAddress(order_id=ORDER_ID, address=LYON)
CONTACT = ChangeContact(order_id=ORDER_ID, name="Eve")
DECISIONS: dict[type[OrderChange], Any] = {
    ChangeDeliveryAddress: change_delivery_address,
    ChangeContact: change_contact,
    CancelLines: cancel_lines,
}


def without(line: int) -> CancelLines:
    return CancelLines(order_id=ORDER_ID, lines=(LineToCancel(line=line),), reason=CancellationReason.CHANGED_MIND)


def amended(*operations: OrderChange) -> list[type[Event]]:
    def decide(operation: OrderChange) -> Any:
        return DECISIONS[type(operation)](operation, BEFORE, facts=facts())

    return [type(event) for event in amend(Amend(order_id=ORDER_ID, operations=operations), decide=decide)]


def test_lines_are_taken_out_last_and_the_rest_keeps_its_order() -> None:
    assert amended(without(1), CONTACT, ADDRESS) == [ContactChanged, DeliveryAddressChanged, LinesCanceled]


def test_a_refusal_names_its_operation_by_the_place_it_was_given() -> None:
    with pytest.raises(Invalid) as refused:
        amended(without(7), CONTACT)
    assert refused.value.param == "operations[0].lines[0].line"


def test_a_refusal_without_a_field_names_the_operation() -> None:
    gone = order("1 A W1 canceled 1", "2 B W1 reserved 1")

    def decide(operation: OrderChange) -> Any:
        return cancel_lines(without(1), gone, facts=facts()) if operation is CONTACT else ()

    with pytest.raises(LineAlreadyCanceled) as refused:
        amend(Amend(order_id=ORDER_ID, operations=(ADDRESS, CONTACT)), decide=decide)
    assert refused.value.param == "operations[1].line"


@pytest.mark.parametrize("count", [0, OPERATIONS_MAX + 1])
def test_none_or_too_many_are_refused(count: int) -> None:
    with pytest.raises(Invalid) as refused:
        amended(*(CONTACT for _ in range(count)))
    assert refused.value.param == "operations"
