"""Sending an order another way: another carrier, to a point instead of the door, in a slot, or to a store."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import msgspec

from aftercart.kit.address import Address, validate_address
from aftercart.orders.events import DeliveryMethodChanged
from aftercart.orders.model import ChangeKind, Code, Delivery, Order, OrderChange
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.delivery import COLLECTED, method_named, place_param, require_place, require_slot
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.rerating import rerated
from aftercart.orders.rules.resourcing import resourced


class ChangeDeliveryMethod(OrderChange, frozen=True, kw_only=True, tag="change_delivery_method"):
    """Bring the goods by this method; without ``address`` to the one the order has.

    Another address, or another point of the same method, is also a change of that: its rule and its fee count too.
    """

    method: Code
    address: Address | None = None
    pickup_point: Code | None = None
    slot: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


def change_delivery_method(
    command: ChangeDeliveryMethod, order: Order, *, facts: Facts
) -> tuple[DeliveryMethodChanged, ...]:
    """Returns the change, nothing when the order goes just so already; it is priced, promised and served anew.

    Raises ``Invalid`` for a place or slot that does not go with the method, what stands against the change or the one
    that comes along, ``DeliveryMethodNotAvailable``, the refusals of a slot, and what ``resourced`` raises.
    """
    require_allowed(order, ChangeKind.CHANGE_DELIVERY_METHOD, facts)
    method = method_named(command.method, facts, param="method")
    address = command.address
    if method.kind not in COLLECTED:
        address = order.delivery.address if address is None else validate_address(address, param="address")
    require_place(method, address, command.pickup_point, facts, param="")
    require_slot(method, command.slot, param="slot")
    before = order.delivery
    delivery = Delivery(
        method=method.code,
        address=address,
        pickup_point=command.pickup_point,
        price_minor=before.price_minor,
        promised_date=None,
        method_version=method.version,
        slot_at=command.slot,
        rating=before.rating,
    )
    if _way(delivery) == _way(before):
        return ()
    along = tuple(_along(before, delivery))
    for change in along:
        require_allowed(order, change, facts)
    served = resourced(order, facts, param=place_param(method, otherwise="method"))
    event = DeliveryMethodChanged(
        moves=served.moves,
        delivery=rerated(order, delivery, facts, param="method"),
        previous=before.method,
        names=method.names,
        method=method.code,
        sourcing=served.sourcing,
    )
    return (settle(order, event, facts, change=ChangeKind.CHANGE_DELIVERY_METHOD, along=along),)


def _along(before: Delivery, after: Delivery) -> Iterator[ChangeKind]:
    """Yields what else changes: a way that had no address, or to another kind of point, could not keep its place."""
    if before.address is not None and after.address not in (None, before.address):
        yield ChangeKind.CHANGE_DELIVERY_ADDRESS
    if before.pickup_point is not None and after.method == before.method and after.pickup_point != before.pickup_point:
        yield ChangeKind.CHANGE_PICKUP_POINT


def _way(delivery: Delivery) -> tuple[str, Address | None, str | None, datetime | None]:
    return delivery.method, delivery.address, delivery.pickup_point, delivery.slot_at
