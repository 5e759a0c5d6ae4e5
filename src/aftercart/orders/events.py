"""What happens to an order: facts in the past tense, in one gapless stream per order."""

from datetime import datetime

import msgspec

from aftercart.inventory.model import UnitMove
from aftercart.kit.address import Address
from aftercart.kit.state import Event
from aftercart.orders.model import (
    CancellationReason,
    Channel,
    Customer,
    Delivery,
    Hold,
    OrderLine,
    Payment,
)
from aftercart.sourcing.model import Sourcing


class ChannelsUpserted(Event, frozen=True, kw_only=True):
    """Channels were added or changed; each one stands here as it is from now on."""

    channels: tuple[Channel, ...]


class OrderEvent(Event, frozen=True, kw_only=True):
    """The part all events of an order share: units moved, and what keeps the order waiting from now on."""

    moves: tuple[UnitMove, ...]
    holds: tuple[Hold, ...]
    release_at: datetime | None


class OrderPlaced(OrderEvent, frozen=True, kw_only=True):
    """A customer ordered; every unit has its first stage and place."""

    number: str
    channel: str
    reference: str | None
    fingerprint: str
    customer: Customer
    billing_address: Address | None
    currency: str
    lines: tuple[OrderLine, ...]
    delivery: Delivery
    payment: Payment
    sourcing: Sourcing
    placed_at: datetime


class DeliveryAddressChanged(OrderEvent, frozen=True, kw_only=True):
    """The goods go to another address."""

    previous: Address
    address: Address


class LineQuantityChanged(OrderEvent, frozen=True, kw_only=True):
    """More or fewer units of a line are wanted; quantities are those still wanted."""

    line: int
    previous_quantity: int
    quantity: int


class CanceledLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of a line are no longer wanted."""

    line: int
    quantity: int


class LinesCanceled(OrderEvent, frozen=True, kw_only=True):
    """Some units are no longer wanted; others are."""

    lines: tuple[CanceledLine, ...]
    reason: CancellationReason


class OrderCanceled(OrderEvent, frozen=True, kw_only=True):
    """Nothing of the order is wanted any more."""

    reason: CancellationReason


class BackorderReserved(OrderEvent, frozen=True, kw_only=True):
    """Units that waited for stock got it."""


class UnitsMissing(OrderEvent, frozen=True, kw_only=True):
    """Units that were reserved were not found at their location; they wait for stock again."""

    location: str
    sku: str
    quantity: int
