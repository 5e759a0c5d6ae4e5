"""Which message an event is told by: one table, in which every event that customers hear of has its row."""

import enum
from collections.abc import Iterable
from typing import Final

from aftercart.access.events import CustomerCodeRequested
from aftercart.kit.state import Event
from aftercart.orders.events import (
    BackorderReserved,
    ContactChanged,
    DeliveryAddressChanged,
    DeliveryMethodChanged,
    GiftMessageAdded,
    LineAdded,
    LineQuantityChanged,
    LinesCanceled,
    OrderCanceled,
    OrderPlaced,
    PaymentMethodChanged,
    PickupPointChanged,
    ProductionStarted,
    PromiseMoved,
    SplitAccepted,
    VariantSwapped,
)


class MessageKind(enum.Enum):
    """The messages there are; of those that the events of one command ask for, the first one here is written."""

    CUSTOMER_CODE = "customer_code"  # the code somebody asked for
    ORDER_CONFIRMED = "order_confirmed"  # all of the order, and until when it can be changed
    ORDER_CANCELED = "order_canceled"  # nothing of it comes, and what happens to the money
    ORDER_DELAYED = "order_delayed"  # it comes later than promised, and nobody asked for it
    ORDER_CHANGED = "order_changed"  # what is different now
    STOCK_ARRIVED = "stock_arrived"  # what was missing is there
    PRODUCTION_STARTED = "production_started"  # what is made for this customer is being made
    ADDRESS_REPLACED = "address_replaced"  # to an e-mail address that hears no more of the order; beside another one


MESSAGES: Final[dict[type[Event], MessageKind]] = {
    CustomerCodeRequested: MessageKind.CUSTOMER_CODE,
    OrderPlaced: MessageKind.ORDER_CONFIRMED,
    OrderCanceled: MessageKind.ORDER_CANCELED,
    DeliveryAddressChanged: MessageKind.ORDER_CHANGED,
    LineQuantityChanged: MessageKind.ORDER_CHANGED,
    LinesCanceled: MessageKind.ORDER_CHANGED,
    DeliveryMethodChanged: MessageKind.ORDER_CHANGED,
    PickupPointChanged: MessageKind.ORDER_CHANGED,
    ContactChanged: MessageKind.ORDER_CHANGED,
    PaymentMethodChanged: MessageKind.ORDER_CHANGED,
    GiftMessageAdded: MessageKind.ORDER_CHANGED,
    LineAdded: MessageKind.ORDER_CHANGED,
    VariantSwapped: MessageKind.ORDER_CHANGED,
    SplitAccepted: MessageKind.ORDER_CHANGED,
    PromiseMoved: MessageKind.ORDER_DELAYED,
    BackorderReserved: MessageKind.STOCK_ARRIVED,
    ProductionStarted: MessageKind.PRODUCTION_STARTED,
}

_BY_NAME: Final = {event.__name__: kind for event, kind in MESSAGES.items()}
_PRECEDENCE: Final = {kind: place for place, kind in enumerate(MessageKind)}


def message_kind(event_types: Iterable[str]) -> MessageKind | None:
    """Returns the one message that tells the events of a command, ``None`` when customers hear of none of them."""
    kinds = [_BY_NAME[event_type] for event_type in event_types if event_type in _BY_NAME]
    return min(kinds, key=lambda kind: _PRECEDENCE[kind], default=None)
