"""Sending an order to another address."""

from aftercart.kit.address import Address, validate_address
from aftercart.orders.events import DeliveryAddressChanged
from aftercart.orders.model import ChangeKind, Order, OrderChange
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts


class ChangeDeliveryAddress(OrderChange, frozen=True, kw_only=True, tag="change_delivery_address"):
    """Send the goods to this address instead."""

    address: Address


def change_delivery_address(
    command: ChangeDeliveryAddress, order: Order, *, facts: Facts
) -> tuple[DeliveryAddressChanged, ...]:
    """Returns the change, nothing when that is the address already.

    Raises ``Invalid`` for an address its country does not know, and what stands against the change.
    """
    require_allowed(order, ChangeKind.CHANGE_DELIVERY_ADDRESS, facts)
    address = validate_address(command.address, param="address")
    previous = order.delivery.address
    assert previous is not None
    if address == previous:
        return ()
    event = DeliveryAddressChanged(previous=previous, address=address)
    return (settle(order, event, facts, change=ChangeKind.CHANGE_DELIVERY_ADDRESS),)
