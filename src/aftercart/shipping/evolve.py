"""How delivery methods, pickup points, postcodes and booked capacity change on events."""

from collections.abc import Iterator
from typing import Any, Protocol
from uuid import UUID

from aftercart.inventory.model import Coordinates
from aftercart.kit.state import Key, NeedsChanged, State
from aftercart.shipping.events import DeliveryMethodsUpserted, PickupPointsUpserted, PostcodesUpserted
from aftercart.shipping.model import (
    Booking,
    Capacity,
    CapacityKey,
    DeliveryMethod,
    MethodKey,
    MethodsKey,
    MethodVersionKey,
    PickupPoint,
    PickupPointKey,
    PostcodeKey,
)
from aftercart.shipping.rules.bookings import booked_after


class BooksCapacity(Protocol):
    """An event of any area that takes hours of a truck or a slot for an order, or gives them back."""

    @property
    def bookings(self) -> tuple[Booking, ...]:
        """The bookings, already checked by the decision that made the event."""
        ...


def evolve_methods(
    _stream: UUID, event: DeliveryMethodsUpserted, state: State
) -> Iterator[tuple[Key[Any], DeliveryMethod | tuple[DeliveryMethod, ...]]]:
    """Yields every method of the event as it is from now on, and the list of all of them where it is known."""
    for method in event.methods:
        yield MethodKey(method.code), method
        yield MethodVersionKey(method.code, method.version), method
    if state.knows(MethodsKey()):
        by_code = {method.code: method for method in state.find(MethodsKey()) or ()}
        by_code.update((method.code, method) for method in event.methods)
        yield MethodsKey(), tuple(by_code[code] for code in sorted(by_code))


def evolve_pickup_points(
    _stream: UUID, event: PickupPointsUpserted, _state: State
) -> Iterator[tuple[PickupPointKey, PickupPoint]]:
    """Yields every pickup point of the event as it is from now on."""
    for point in event.points:
        yield PickupPointKey(point.network, point.code), point


def evolve_postcodes(
    _stream: UUID, event: PostcodesUpserted, _state: State
) -> Iterator[tuple[PostcodeKey, Coordinates]]:
    """Yields where every postcode of the event is."""
    for placed in event.postcodes:
        yield PostcodeKey(placed.country, placed.postcode), placed.coordinates


def evolve_bookings(_stream: UUID, event: BooksCapacity, state: State) -> Iterator[tuple[CapacityKey, Capacity]]:
    """Yields the trucks and slots that an event books or frees; several bookings of one are added up.

    Raises ``NeedsChanged`` for all that are not loaded at once.
    """
    unknown = [key for one in event.bookings if not state.knows(key := CapacityKey(one.resource, one.at))]
    if unknown:
        raise NeedsChanged(unknown)
    changed: dict[CapacityKey, Capacity] = {}
    for booking in event.bookings:
        key = CapacityKey(booking.resource, booking.at)
        before = changed.get(key) or state.find(key) or Capacity(resource=key.resource, at=key.at)
        changed[key] = booked_after(before, hour=booking.hour, quantity=booking.quantity)
    yield from changed.items()
