"""How the goods travel, as agreed: a method, and the place that goes with it."""

from collections.abc import Sequence
from typing import Final

from aftercart.inventory.model import Location
from aftercart.kit.address import validate_address
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import Delivery, DeliveryInput, DeliveryMethod
from aftercart.orders.rules.amounts import amount_in

COLLECTED_METHODS: Final = frozenset({DeliveryMethod.MONDIAL_RELAY_POINT, DeliveryMethod.STORE_PICKUP})


def delivery_of(delivery: DeliveryInput, *, currency: str, locations: Sequence[Location]) -> Delivery:
    """Returns the delivery as agreed; raises ``Invalid`` for a place that does not go with the method."""
    price = amount_in(currency, delivery.price, param="delivery.price") if delivery.price else 0
    address, point = delivery.address, delivery.pickup_point
    if delivery.method in COLLECTED_METHODS:
        if address is not None:
            raise Invalid(
                param="delivery.address", expected=f"no address with {delivery.method.value}", got="an address"
            )
        _require_pickup_point(delivery.method, point, locations)
    else:
        if point is not None:
            raise Invalid(param="delivery.pickup_point", expected=f"none with {delivery.method.value}", got=point)
        if address is None:
            raise Invalid(param="delivery.address", expected=f"an address for {delivery.method.value}", got=None)
        address = validate_address(address, param="delivery.address")
    return Delivery(
        method=delivery.method,
        address=address,
        pickup_point=point,
        price_minor=price,
        promised_date=delivery.promised_date,
    )


def _require_pickup_point(method: DeliveryMethod, point: str | None, locations: Sequence[Location]) -> None:
    if point is None:
        raise Invalid(param="delivery.pickup_point", expected=f"a pickup point for {method.value}", got=None)
    if method is DeliveryMethod.STORE_PICKUP and not any(
        location.code == point and location.pickups for location in locations
    ):
        expected = "the code of a location where orders are collected"
        raise Invalid(param="delivery.pickup_point", expected=expected, got=point)
