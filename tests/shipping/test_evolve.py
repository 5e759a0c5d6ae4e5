"""Bookings add up on trucks and slots, however they come."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.shipping.words import COLISSIMO, VAN

from aftercart.kit.state import Key, State
from aftercart.shipping.events import DeliveryMethodsUpserted
from aftercart.shipping.evolve import evolve_bookings, evolve_methods
from aftercart.shipping.model import Booking, Capacity, CapacityKey, MethodKey, MethodsKey, MethodVersionKey

STREAM = UUID("01934a3e-0000-7000-8000-000000000001")
TRUCK = datetime(2026, 3, 2, 13, tzinfo=UTC)
KEY = CapacityKey("floor:LYON", TRUCK)


class Booked(msgspec.Struct, frozen=True):
    bookings: tuple[Booking, ...]


def booking(hour: int, quantity: int) -> Booking:
    return Booking(resource="floor:LYON", at=TRUCK, hour=hour, quantity=quantity)


def booked(before: Capacity | None, *bookings: Booking) -> dict[CapacityKey, Capacity]:
    base: dict[Key[object], object] = {KEY: before}
    return dict(evolve_bookings(STREAM, Booked(bookings), State(base)))


def test_bookings_of_one_truck_are_added_up_hour_by_hour() -> None:
    after = booked(None, booking(2, 1), booking(0, 3), booking(2, 1))
    assert after == {KEY: Capacity(resource="floor:LYON", at=TRUCK, booked=(3, 0, 2))}


def test_what_is_given_back_leaves_no_zero_behind() -> None:
    before = Capacity(resource="floor:LYON", at=TRUCK, booked=(3, 0, 1))
    assert booked(before, booking(2, -1))[KEY].booked == (3,)
    assert booked(before, booking(2, -1), booking(0, -3))[KEY].booked == ()


def test_an_event_without_bookings_changes_nothing() -> None:
    assert booked(None) == {}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), max_size=20))
def test_booking_and_giving_back_leads_where_it_began(bookings: list[tuple[int, int]]) -> None:
    there = [booking(hour, quantity) for hour, quantity in bookings]
    back = [booking(hour, -quantity) for hour, quantity in reversed(bookings)]
    after = booked(None, *there, *back)
    assert all(capacity.booked == () for capacity in after.values())


def test_a_method_is_known_by_its_code_its_version_and_in_the_list() -> None:
    described = msgspec.structs.replace(COLISSIMO, version=1)
    state = State({MethodsKey(): (COLISSIMO,)})
    event = DeliveryMethodsUpserted(methods=(described, VAN))
    changes = dict(evolve_methods(STREAM, event, state))
    assert changes == {
        MethodKey("colissimo-home"): described,
        MethodVersionKey("colissimo-home", 1): described,
        MethodKey("van"): VAN,
        MethodVersionKey("van", 0): VAN,
        MethodsKey(): (described, VAN),
    }
    assert MethodsKey() not in dict(evolve_methods(STREAM, event, State({})))
