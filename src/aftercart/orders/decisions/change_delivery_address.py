"""Sending an order to another address."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from aftercart.inventory.model import Location
from aftercart.kit.address import Address, validate_address
from aftercart.kit.commands import Command
from aftercart.orders.events import DeliveryAddressChanged
from aftercart.orders.model import Order
from aftercart.orders.rules.aftermath import aftermath_of
from aftercart.orders.rules.allowed_changes import why_not_address


class ChangeDeliveryAddress(Command, frozen=True, kw_only=True):
    """Send the goods to this address instead."""

    order_id: UUID
    address: Address


def change_delivery_address(
    command: ChangeDeliveryAddress, order: Order, *, locations: Sequence[Location], now: datetime
) -> tuple[DeliveryAddressChanged, ...]:
    """Returns the change, nothing when that is the address already.

    Raises ``Invalid`` for an address its country does not know, and the refusal of ``why_not_address``.
    """
    refusal = why_not_address(order)
    if refusal is not None:
        raise refusal
    address = validate_address(command.address, param="address")
    previous = order.delivery.address
    assert previous is not None
    if address == previous:
        return ()
    after = aftermath_of(order, (), locations=locations, now=now)
    return (
        DeliveryAddressChanged(
            moves=(), holds=after.holds, release_at=after.release_at, previous=previous, address=address
        ),
    )
