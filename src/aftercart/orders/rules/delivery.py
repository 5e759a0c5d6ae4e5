"""How the goods travel, as agreed: a method, the place that goes with it, and what it costs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from aftercart.kit.address import Address, validate_address
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import Delivery, DeliveryInput, OrderLine, Rating
from aftercart.orders.rules.amounts import amount_in
from aftercart.orders.rules.facts import Facts
from aftercart.shipping.model import DeliveryMethod, Destination, Ineligible, MethodKind, PickupPoint
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable, price_of
from aftercart.shipping.rules.zones import zone_of

COLLECTED: Final = frozenset({MethodKind.PICKUP_POINT, MethodKind.STORE_PICKUP})


def delivery_of(
    wish: DeliveryInput,
    *,
    lines: Iterable[OrderLine],
    value_minor: int,
    currency: str,
    facts: Facts,
    free_with: tuple[str, ...],
) -> Delivery:
    """Returns the delivery as agreed at checkout, not promised yet; ``free_with`` are SKUs that bring free delivery.

    A price the shop gives is taken as it is. Raises ``Invalid`` for a place that does not go with the method, and
    ``DeliveryMethodNotAvailable`` when the price is to be calculated and the method does not take the order.
    """
    method = method_named(wish.method, facts, param="delivery.method")
    address, point = wish.address, wish.pickup_point
    if address is not None and method.kind not in COLLECTED:
        address = validate_address(address, param="delivery.address")
    require_place(method, address, point, facts, param="delivery.")
    require_slot(method, wish.slot, param="delivery.slot")
    agreed = Delivery(
        method=method.code,
        address=address,
        pickup_point=point,
        price_minor=0,
        promised_date=wish.promised_date,
        method_version=method.version,
        slot_at=wish.slot,
        given_date=wish.promised_date,
    )
    weight = weight_of(lines)
    tariff = tariff_of(agreed, weight_grams=weight, value_minor=value_minor, currency=currency, facts=facts)
    if wish.price is not None:
        price, free_with = amount_in(currency, wish.price, param="delivery.price"), ()
    elif isinstance(tariff, Ineligible):
        raise DeliveryMethodNotAvailable(method=method.code, names=method.names, ineligible=tariff)
    else:
        price = 0 if free_with else tariff
    rating = None
    if not isinstance(tariff, Ineligible):
        rating = Rating(
            weight_grams=weight, value_minor=value_minor, offset_minor=price - tariff, free_while_awaited=free_with
        )
    return described(msgspec.structs.replace(agreed, price_minor=price, rating=rating), facts)


def method_named(code: str, facts: Facts, *, param: str) -> DeliveryMethod:
    """Returns the delivery method of that code; raises ``Invalid`` when there is none, or it is not offered."""
    method = facts.methods.get(code)
    if method is None or not method.active:
        expected = "one of " + ", ".join(sorted(one.code for one in facts.methods.values() if one.active))
        raise Invalid(param=param, expected=expected, got=code)
    return method


def tariff_of(
    delivery: Delivery, *, weight_grams: int, value_minor: int, currency: str, facts: Facts
) -> int | Ineligible:
    """Returns what the method asks for going there, in minor units, or why it does not."""
    destination = destination_of(delivery, facts)
    method = facts.methods.get(delivery.method)
    if method is None or destination is None:
        return Ineligible.NOT_IN_ZONE
    zone = zone_of(destination.country, destination.postcode)
    return price_of(method, zone=zone, weight_grams=weight_grams, value_minor=value_minor, currency=currency)


def destination_of(delivery: Delivery, facts: Facts) -> Destination | None:
    """Returns where the goods go; of a point nobody has described, where the first location is."""
    if delivery.address is not None:
        return Destination(country=delivery.address.country, postcode=delivery.address.postcode)
    point = point_of(delivery, facts)
    if point is not None:
        return _at(point.address)
    store = next((one for one in facts.locations if one.code == delivery.pickup_point), None)
    if store is not None:
        return _at(store.address)
    return _at(facts.locations[0].address) if facts.locations else None


def point_of(delivery: Delivery, facts: Facts) -> PickupPoint | None:
    """Returns the pickup point the goods go to, as its network's directory has it."""
    method = facts.methods.get(delivery.method)
    if method is None or method.network is None or delivery.pickup_point is None:
        return None
    return facts.points.get((method.network, delivery.pickup_point))


def described(delivery: Delivery, facts: Facts) -> Delivery:
    """Returns the delivery with what its method and its place are called now."""
    method = facts.methods.get(delivery.method)
    names = delivery.names if method is None else method.names
    return msgspec.structs.replace(delivery, names=names, place=_place_of(delivery, facts))


def _place_of(delivery: Delivery, facts: Facts) -> Address | None:
    point = point_of(delivery, facts)
    if point is not None:
        return msgspec.structs.replace(point.address, name=point.name)
    store = next((one for one in facts.locations if one.code == delivery.pickup_point), None)
    return None if store is None else msgspec.structs.replace(store.address, name=store.name)


def weight_of(lines: Iterable[OrderLine]) -> int:
    """Returns what all that was ordered weighs, in grams."""
    return sum(line.weight_grams * line.ordered for line in lines)


def require_pickup_point(method: DeliveryMethod, point: str | None, facts: Facts, *, param: str) -> None:
    """Raises ``Invalid`` for a place where orders of this method are not collected."""
    if point is None:
        raise Invalid(param=param, expected=f"a pickup point for {method.code}", got=None)
    if method.kind is MethodKind.STORE_PICKUP:
        if not any(location.code == point and location.pickups for location in facts.locations):
            expected = "the code of a location where orders are collected"
            raise Invalid(param=param, expected=expected, got=point)
    elif method.network is not None and method.network in facts.directories:
        found = facts.points.get((method.network, point))
        if found is None or not found.active:
            raise Invalid(param=param, expected=f"the code of a pickup point of {method.network}", got=point)


def require_place(
    method: DeliveryMethod, address: Address | None, point: str | None, facts: Facts, *, param: str
) -> None:
    """Raises ``Invalid``, for a field below ``param``, unless the place is of the kind the method goes to."""
    if method.kind in COLLECTED:
        if address is not None:
            expected = f"no address with {method.code}"
            raise Invalid(param=f"{param}address", expected=expected, got="an address")
        require_pickup_point(method, point, facts, param=f"{param}pickup_point")
    else:
        if point is not None:
            raise Invalid(param=f"{param}pickup_point", expected=f"none with {method.code}", got=point)
        if address is None:
            raise Invalid(param=f"{param}address", expected=f"an address for {method.code}", got=None)


def place_param(method: DeliveryMethod, *, otherwise: str, below: str = "") -> str:
    """Returns the field at fault when goods are missing: the store where they were to be collected, if it is one."""
    return f"{below}pickup_point" if method.kind is MethodKind.STORE_PICKUP else otherwise


def require_slot(method: DeliveryMethod, slot: datetime | None, *, param: str) -> None:
    """Raises ``Invalid`` for a scheduled method without a slot, and for a slot with any other."""
    if method.kind is MethodKind.SCHEDULED_SLOT:
        if slot is None:
            raise Invalid(param=param, expected=f"the start of a slot for {method.code}", got=None)
    elif slot is not None:
        raise Invalid(param=param, expected=f"none with {method.code}", got=slot.isoformat())


def _at(address: Address) -> Destination:
    return Destination(country=address.country, postcode=address.postcode)
