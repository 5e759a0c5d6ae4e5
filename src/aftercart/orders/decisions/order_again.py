"""Ordering the same once more, with changes: nobody enters a cart again."""

from typing import Annotated, Final

import msgspec

from aftercart.kit.money import Money
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.place_order import PlaceOrder, place_order
from aftercart.orders.events import OrderPlaced
from aftercart.orders.model import (
    LINES_MAX,
    ChangeKind,
    CustomerInput,
    DeliveryInput,
    LineInput,
    Order,
    OrderChange,
    PaymentInput,
    Status,
)
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Asker, Facts
from aftercart.orders.rules.unit_ledger import live_quantity

_TERMS_OF_LINE: Final = ("unit_price", "discount", "promotion")
_TERMS_OF_DELIVERY: Final = ("price", "promised_date")


class OrderAgain(OrderChange, frozen=True, kw_only=True, tag="order_again"):
    """Place a new order like this one, at current prices.

    Without ``lines`` it has the lines that are wanted, or those that were when the order is canceled; without
    ``delivery`` it goes the same way. Without ``payment`` it waits to be paid.
    """

    lines: Annotated[tuple[LineInput, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)] | None = None
    delivery: DeliveryInput | None = None
    payment: PaymentInput | None = None


def order_again(command: OrderAgain, order: Order, *, number: str, fingerprint: str, facts: Facts) -> OrderPlaced:
    """Returns the first event of the new order.

    Raises ``Invalid`` for a customer who says what something costs, what is authorized or when it comes, and what
    ``place_order`` raises.
    """
    require_allowed(order, ChangeKind.ORDER_AGAIN, facts)
    if facts.asker is Asker.CUSTOMER:
        _require_no_terms(command)
    wish = PlaceOrder(
        channel=order.channel,
        customer=CustomerInput(
            email=order.customer.email,
            name=order.customer.name,
            locale=order.customer.locale,
            phone=order.customer.phone,
        ),
        currency=order.currency,
        lines=command.lines or lines_again(order),
        delivery=command.delivery or delivery_again(order),
        payment=command.payment or _unpaid(order),
        billing_address=order.billing_address,
        gift_message=order.gift_message,
    )
    event = place_order(wish, number=number, fingerprint=fingerprint, facts=facts)
    return msgspec.structs.replace(event, again_of=order.order_id)


def _require_no_terms(command: OrderAgain) -> None:
    """Raises ``Invalid`` for the first field by which a customer would decide what only staff may decide."""
    given: list[tuple[str, object]] = [("payment", command.payment)]
    for index, line in enumerate(command.lines or ()):
        given += [(f"lines[{index}].{field}", getattr(line, field)) for field in _TERMS_OF_LINE]
    if command.delivery is not None:
        given += [(f"delivery.{field}", getattr(command.delivery, field)) for field in _TERMS_OF_DELIVERY]
    for param, value in given:
        if value is not None:
            raise Invalid(param=param, expected="nothing, unless staff asks", got=None)


def lines_again(order: Order) -> tuple[LineInput, ...]:
    """Returns what is still wanted of an order, or all that was ordered when nothing is."""
    everything = order.status is Status.CANCELED
    wanted = ((line, line.ordered if everything else live_quantity(order.units, line)) for line in order.lines)
    return tuple(
        LineInput(sku=line.sku, quantity=quantity, gift_message=line.gift_message)
        for line, quantity in wanted
        if quantity
    )


def delivery_again(order: Order) -> DeliveryInput:
    """Returns the way the order goes, to be priced and promised anew."""
    delivery = order.delivery
    return DeliveryInput(method=delivery.method, address=delivery.address, pickup_point=delivery.pickup_point)


def _unpaid(order: Order) -> PaymentInput:
    return PaymentInput(method=order.payment.method, authorized=Money(minor_units=0, currency=order.currency))
