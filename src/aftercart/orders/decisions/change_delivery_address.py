"""Sending an order to another address."""

import msgspec

from aftercart.kit.address import Address, validate_address
from aftercart.orders.events import DeliveryAddressChanged
from aftercart.orders.model import ChangeKind, Order, OrderChange
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.rerating import rerated
from aftercart.orders.rules.resourcing import resourced


class ChangeDeliveryAddress(OrderChange, frozen=True, kw_only=True, tag="change_delivery_address"):
    """Send the goods to this address instead."""

    address: Address


def change_delivery_address(
    command: ChangeDeliveryAddress, order: Order, *, facts: Facts
) -> tuple[DeliveryAddressChanged, ...]:
    """Returns the change, nothing when that is the address already; it is priced, promised and served anew.

    Raises ``Invalid`` for an address its country does not know, what stands against the change,
    ``DeliveryMethodNotAvailable`` when the method does not go there, and what ``resourced`` raises.
    """
    require_allowed(order, ChangeKind.CHANGE_DELIVERY_ADDRESS, facts)
    address = validate_address(command.address, param="address")
    previous = order.delivery.address
    assert previous is not None
    if address == previous:
        return ()
    delivery = msgspec.structs.replace(order.delivery, address=address)
    served = resourced(order, facts, param="address")
    event = DeliveryAddressChanged(
        moves=served.moves,
        delivery=rerated(order, delivery, facts, param="address"),
        previous=previous,
        address=address,
        sourcing=served.sourcing,
    )
    return (settle(order, event, facts, change=ChangeKind.CHANGE_DELIVERY_ADDRESS),)
