"""The contact, the way to pay, and words for the parcel change without touching goods or money."""

from typing import Any

import msgspec
from tests.scenario import ORDER_ID, facts, order
from tests.story import Decide, given

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.add_gift_message import AddGiftMessage, add_gift_message
from aftercart.orders.decisions.change_contact import ChangeContact, change_contact
from aftercart.orders.decisions.change_payment_method import ChangePaymentMethod, change_payment_method
from aftercart.orders.events import ContactChanged, GiftMessageAdded, PaymentMethodChanged
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order
from aftercart.orders.rules.change_refusals import OrderAlreadyCanceled, OrderAlreadyShipped, UnitsAlreadyTouched

BEFORE = order("1 A W1 reserved 1")


def contact(**wish: Any) -> Decide:
    command = msgspec.convert({"order_id": str(ORDER_ID)} | wish, ChangeContact)
    return lambda order: change_contact(command, order, facts=facts())


def message(text: str, line: int | None = None) -> Decide:
    command = AddGiftMessage(order_id=ORDER_ID, message=text, line=line)
    return lambda order: add_gift_message(command, order, facts=facts())


def pay(method: str) -> Decide:
    command = ChangePaymentMethod(order_id=ORDER_ID, method=method)
    return lambda order: change_payment_method(command, order, facts=facts())


def test_what_is_given_of_the_contact_replaces_what_was() -> None:
    event = given(BEFORE).when(contact(email="New@Example.org", phone="+33 1 23 45 67 89")).event(ContactChanged)
    assert (event.customer.email, event.customer.phone) == ("new@example.org", "+33 1 23 45 67 89")
    assert (event.customer.name, event.previous) == (BEFORE.customer.name, BEFORE.customer)
    after = evolve(BEFORE, event, order_id=ORDER_ID)
    assert after.customer == event.customer
    assert given(after).when(contact(phone=None)).event(ContactChanged).customer.phone is None


def test_the_contact_as_it_is_changes_nothing() -> None:
    given(BEFORE).when(contact()).then()
    given(BEFORE).when(contact(email=BEFORE.customer.email.upper())).then()


def test_the_contact_of_what_has_left_stays() -> None:
    given(order("1 A W1 delivered 1")).when(contact(name="Eve")).then_refused(OrderAlreadyShipped)
    given(order("1 A W1 canceled 1")).when(contact(name="Eve")).then_refused(OrderAlreadyCanceled)


def test_the_payment_method_is_recorded() -> None:
    event = given(BEFORE).when(pay("bank_transfer")).event(PaymentMethodChanged)
    assert (event.previous, event.method) == ("card", "bank_transfer")
    assert evolve(BEFORE, event, order_id=ORDER_ID).payment.method == "bank_transfer"
    given(BEFORE).when(pay("card")).then()
    given(order("1 A W1 shipped 1")).when(pay("paypal")).then_refused(OrderAlreadyShipped)


def after(before: Order, text: str, line: int | None = None) -> Order:
    return evolve(before, given(before).when(message(text, line)).event(GiftMessageAdded), order_id=ORDER_ID)


def test_words_go_with_a_line_or_with_all_and_can_be_taken_back() -> None:
    told = after(after(BEFORE, " Bravo ! "), "Pour toi", 1)
    assert (told.gift_message, told.lines[0].gift_message) == ("Bravo !", "Pour toi")
    assert after(told, "").gift_message is None
    given(told).when(message("Bravo !")).then()
    given(BEFORE).when(message("x", 2)).then_refused(Invalid, param="line", got=2)


def test_a_closed_parcel_takes_no_more_words() -> None:
    assert after(order("1 A W1 picked 1"), "Merci").gift_message == "Merci"
    given(order("1 A W1 packed 1")).when(message("Merci")).then_refused(UnitsAlreadyTouched)
    given(order("1 A W1 packed 1", "2 B W1 reserved 1")).when(message("Merci", 1)).then_refused(UnitsAlreadyTouched)
