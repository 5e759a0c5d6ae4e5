"""Paying another way."""

from aftercart.orders.events import PaymentMethodChanged
from aftercart.orders.model import ChangeKind, Order, OrderChange, PaymentMethod
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts


class ChangePaymentMethod(OrderChange, frozen=True, kw_only=True, tag="change_payment_method"):
    """Pay by this method instead; what is authorized stays as it is."""

    method: PaymentMethod


def change_payment_method(
    command: ChangePaymentMethod, order: Order, *, facts: Facts
) -> tuple[PaymentMethodChanged, ...]:
    """Returns the change, nothing when that is the method already; raises what stands against it."""
    require_allowed(order, ChangeKind.CHANGE_PAYMENT_METHOD, facts)
    if command.method == order.payment.method:
        return ()
    event = PaymentMethodChanged(previous=order.payment.method, method=command.method)
    return (settle(order, event, facts, change=ChangeKind.CHANGE_PAYMENT_METHOD),)
