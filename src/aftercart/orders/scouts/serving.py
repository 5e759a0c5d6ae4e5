"""Which locations may serve a way of delivery, and which rows must be locked to let them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from aftercart.catalog.model import Variant, VariantKey
from aftercart.inventory.model import Coordinates, Location, LocationsKey, Stage, StockKey
from aftercart.kit.state import Key, Read, State
from aftercart.orders.model import DEFAULT_POLICY, Delivery, DeliveryInput, Policy, PolicyKey
from aftercart.shipping.model import (
    CapacityKey,
    DeliveryMethod,
    Destination,
    DirectoryKey,
    MethodKind,
    MethodsKey,
    PickupPointKey,
    UpcomingCapacityKey,
    floor_resource,
)
from aftercart.shipping.rules.whereabouts import approximate_coordinates, postcode_key
from aftercart.shipping.rules.work import truck_with_room
from aftercart.sourcing.model import Candidate
from aftercart.sourcing.rules.candidates import candidate_for_pickup, candidates_for_delivery

NOT_HANDED_OVER: Final = frozenset({Stage.BACKORDERED, Stage.RESERVED})
"""The stages of units that may still be served from elsewhere when their order goes another way."""


class Way(NamedTuple):
    """How and where an order goes, as far as that decides who may serve it."""

    method: str
    destination: Destination | None
    pickup_point: str | None


def common_facts(_command: Any) -> tuple[Key[Any], ...]:
    """Returns the facts that every decision on an order looks at."""
    return LocationsKey(), PolicyKey(), MethodsKey(), UpcomingCapacityKey()


def way_of(delivery: Delivery | DeliveryInput) -> Way:
    """Returns the way of a delivery."""
    address = delivery.address
    destination = None
    if address is not None:
        destination = Destination(country=address.country.upper(), postcode=address.postcode)
    return Way(delivery.method, destination, delivery.pickup_point)


def postcode_facts(way: Way) -> Iterator[Key[Any]]:
    """Yields the fact of where a way leads."""
    if way.destination is not None:
        yield postcode_key(way.destination.country, way.destination.postcode)


def policy_in(state: State) -> Policy:
    """Returns the policy in force."""
    return state.find(PolicyKey()) or DEFAULT_POLICY


def locations_in(state: State) -> tuple[Location, ...]:
    """Returns all locations."""
    return state.find(LocationsKey()) or ()


def methods_in(state: State) -> Mapping[str, DeliveryMethod]:
    """Returns all methods of delivery by their codes."""
    return {method.code: method for method in state.find(MethodsKey()) or ()}


def candidates_for(way: Way, state: State) -> tuple[Candidate, ...]:
    """Returns the locations that may serve a way, best first: the store it is collected in, else all that ship."""
    method = next((one for one in state.find(MethodsKey()) or () if one.code == way.method), None)
    if method is not None and method.kind is MethodKind.STORE_PICKUP:
        return (candidate_for_pickup(way.pickup_point or ""),)
    return candidates_for_delivery(locations_in(state), policy_in(state).sourcing, _where(way, method, state))


def reads_of(way: Way, state: State) -> Iterator[Read]:
    """Yields what is looked at to check the pickup point of a way."""
    method = next((one for one in state.find(MethodsKey()) or () if one.code == way.method), None)
    if method is not None and method.network is not None and way.pickup_point is not None:
        yield Read(DirectoryKey(method.network))
        yield Read(PickupPointKey(method.network, way.pickup_point))


def stock_keys(skus: Iterable[str], candidates: Iterable[Candidate]) -> Iterator[StockKey]:
    """Yields the stock of every SKU at every candidate."""
    codes = [one.code for one in candidates]
    for sku in skus:
        yield from (StockKey(sku, code) for code in codes)


def capacity_keys(candidates: Iterable[Candidate], state: State) -> Iterator[CapacityKey]:
    """Yields the truck that each candidate would most likely give an order now; nothing where hours do not count."""
    codes = {one.code for one in candidates}
    moment = state.moment
    upcoming = state.find(UpcomingCapacityKey()) or {}
    for location in locations_in(state):
        if location.hourly_capacity_orders is not None and location.code in codes and moment is not None:
            truck = truck_with_room(
                location,
                moment,
                lambda resource, at: () if (row := upcoming.get(CapacityKey(resource, at))) is None else row.booked,
            )
            yield CapacityKey(floor_resource(location.code), truck)


def parts_of(variant: Variant) -> tuple[str, ...]:
    """Returns the SKUs whose stock a variant is served from: those of its components, or its own."""
    return tuple(component.sku for component in variant.components) or (variant.sku,)


def variant_reads(skus: Iterable[str]) -> Iterator[Read]:
    """Yields what is looked at of the catalog."""
    return (Read(VariantKey(sku)) for sku in skus)


def _where(way: Way, method: DeliveryMethod | None, state: State) -> Coordinates | None:
    if way.destination is not None:
        country, postcode = way.destination.country, way.destination.postcode
        key = postcode_key(country, postcode)
        found = state.find(key) if state.knows(key) else None
        return found or approximate_coordinates(country, postcode)
    if method is not None and method.network is not None and way.pickup_point is not None:
        point_key = PickupPointKey(method.network, way.pickup_point)
        point = state.find(point_key) if state.knows(point_key) else None
        if point is not None:
            return Coordinates(latitude=point.latitude, longitude=point.longitude)
    return None
