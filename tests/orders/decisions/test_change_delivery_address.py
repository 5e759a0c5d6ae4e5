"""An order goes to another address as long as no hand touched its goods."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from tests.scenario import CUTOFF, LYON, ORDER_ID, PARIS, RELEASE, facts, order, released_from
from tests.story import given

from aftercart.kit.address import Address
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress, change_delivery_address
from aftercart.orders.events import DeliveryAddressChanged
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order
from aftercart.orders.rules.change_refusals import GoesToPickupPoint, OrderAlreadyCanceled, UnitsAlreadyTouched
from aftercart.orders.rules.facts import Facts


def to(address: Address, *, source: Facts | None = None) -> Callable[[Order], tuple[DeliveryAddressChanged, ...]]:
    command = ChangeDeliveryAddress(order_id=ORDER_ID, address=address)

    def decide(order: Order) -> tuple[DeliveryAddressChanged, ...]:
        return change_delivery_address(command, order, facts=source or facts())

    return decide


def test_the_goods_go_to_the_new_address_and_the_event_keeps_the_old_one() -> None:
    changed = DeliveryAddressChanged(moves=(), holds=(), release_at=RELEASE, previous=PARIS, address=LYON)
    given(order("1 A W1 reserved 2")).when(to(LYON)).then(changed)


def test_after_the_change_the_order_goes_to_the_new_address_and_nothing_else_is_different() -> None:
    before = order("1 A W1 reserved 2")
    event = given(before).when(to(LYON)).event(DeliveryAddressChanged)
    after = evolve(before, event, order_id=ORDER_ID)
    delivery = msgspec.structs.replace(before.delivery, address=LYON)
    assert after == msgspec.structs.replace(before, delivery=delivery, version=2)


def test_the_same_address_changes_nothing() -> None:
    given(order("1 A W1 reserved 2")).when(to(PARIS)).then()


def test_the_same_address_written_untidily_changes_nothing() -> None:
    untidy = msgspec.structs.replace(PARIS, line1="  1 rue  de la Paix ", country="fr")
    given(order("1 A W1 reserved 2")).when(to(untidy)).then()


def test_an_address_its_country_does_not_know_is_refused_with_the_field() -> None:
    wrong = msgspec.structs.replace(LYON, postcode="ABC")
    given(order("1 A W1 reserved 2")).when(to(wrong)).then_refused(Invalid, param="address.postcode", got="ABC")


def test_units_given_to_the_floor_but_not_picked_do_not_stand_against_it() -> None:
    assert given(order("1 A W1 released 2")).when(to(LYON)).event(DeliveryAddressChanged).address == LYON


def test_units_given_to_the_floor_leave_with_the_truck_that_was_promised_also_to_another_address() -> None:
    released = released_from(order("1 A W1 reserved 2"))
    assert released.delivery.promise is not None
    delivery = given(released).when(to(LYON)).event(DeliveryAddressChanged).delivery
    assert delivery is not None
    assert delivery.promise is not None
    assert delivery.promise.trucks == released.delivery.promise.trucks
    assert delivery.promised_date == delivery.promise.date


def test_units_given_to_the_floor_that_missed_their_truck_are_promised_with_the_next_one() -> None:
    released = released_from(order("1 A W1 reserved 2"))
    late = facts({"A@W1": 9}, now=CUTOFF)
    delivery = given(released).when(to(LYON, source=late)).event(DeliveryAddressChanged).delivery
    assert delivery is not None
    assert delivery.promise is not None
    assert [truck.at for truck in delivery.promise.trucks] == [CUTOFF + timedelta(days=1)]


@pytest.mark.parametrize("stage", ["picked", "intercepted"])
def test_what_is_not_packed_yet_goes_to_the_new_address(stage: str) -> None:
    before = order("1 A W1 reserved 1", f"2 B W1 {stage} 1")
    event = given(before).when(to(LYON)).event(DeliveryAddressChanged)
    assert (event.address, event.moves) == (LYON, ())


@pytest.mark.parametrize("stage", ["packed", "shipped", "delivered", "returned", "lost"])
def test_packed_units_stand_against_it(stage: str) -> None:
    touched = order("1 A W1 reserved 1", f"2 B W1 {stage} 1")
    given(touched).when(to(LYON)).then_refused(UnitsAlreadyTouched, number=touched.number, line=2, stage=stage)


def test_an_order_that_is_collected_has_no_address_to_change() -> None:
    collected = order(
        "1 A S1 reserved 1",
        delivery={
            "method": "store-pickup",
            "address": None,
            "pickup_point": "S1",
            "price_minor": 0,
            "promised_date": None,
        },
    )
    given(collected).when(to(LYON)).then_refused(GoesToPickupPoint, param="address", number=collected.number)


def test_a_canceled_order_goes_nowhere() -> None:
    canceled = order("1 A W1 canceled 2")
    given(canceled).when(to(LYON)).then_refused(OrderAlreadyCanceled, number=canceled.number)
