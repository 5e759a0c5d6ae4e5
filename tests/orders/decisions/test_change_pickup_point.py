"""An order is collected elsewhere, at another point of the same network or in another store."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.scenario import ORDER_ID, PLACES, facts, location, moves, order
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.change_pickup_point import ChangePickupPoint, change_pickup_point
from aftercart.orders.events import PickupPointChanged
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order
from aftercart.orders.rules.change_refusals import GoesToAddress, UnitsAlreadyTouched
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.stock_for_lines import NotInStore
from aftercart.sourcing.rules.candidates import candidate_for_pickup

S2 = location("S2", kind="store", pickups=True, ships=False)


def at(point: str, source: Facts | None = None) -> Callable[[Order], tuple[PickupPointChanged, ...]]:
    command = ChangePickupPoint(order_id=ORDER_ID, pickup_point=point)
    seen = facts({"A@W1": 9}) if source is None else source
    return lambda order: change_pickup_point(command, order, facts=seen)


def collected(*ledger: str, method: str = "mondial-relay-point", point: str = "P1") -> Order:
    agreed: dict[str, Any] = {
        "method": method,
        "address": None,
        "pickup_point": point,
        "price_minor": 400,
        "promised_date": None,
    }
    before = order(*ledger)
    return order(*ledger, delivery=agreed, release_at=before.release_at)


def test_the_goods_are_collected_elsewhere_for_the_same_price() -> None:
    before = collected("1 A W1 reserved 1")
    event = given(before).when(at("P2")).event(PickupPointChanged)
    after = evolve(before, event, order_id=ORDER_ID)
    assert (event.previous, event.pickup_point, event.name) == ("P1", "P2", "P2")
    assert (after.delivery.pickup_point, after.total_minor) == ("P2", before.total_minor)
    assert after.units == before.units


def test_the_same_point_changes_nothing() -> None:
    given(collected("1 A W1 reserved 1")).when(at("P1")).then()


def test_another_store_serves_from_its_own_shelves() -> None:
    shop = facts({"A@S2": 2}, candidates=(candidate_for_pickup("S2"),), locations=(*PLACES, S2))
    before = collected("1 A S1 reserved 2", method="store-pickup", point="S1")
    event = given(before).when(at("S2", shop)).event(PickupPointChanged)
    assert event.moves == moves("1 A S1>S2 reserved>reserved 2")
    assert event.name == "Place S2"


def test_another_store_without_the_goods_is_refused() -> None:
    shop = facts({"A@S2": 1}, candidates=(candidate_for_pickup("S2"),), locations=(*PLACES, S2))
    before = collected("1 A S1 reserved 2", method="store-pickup", point="S1")
    given(before).when(at("S2", shop)).then_refused(NotInStore, param="pickup_point", store="S2")


@pytest.mark.parametrize("point", ["W1", "NOWHERE"])
def test_a_place_where_nothing_is_collected_is_refused(point: str) -> None:
    before = collected("1 A S1 reserved 2", method="store-pickup", point="S1")
    given(before).when(at(point)).then_refused(Invalid, param="pickup_point", got=point)


def test_an_order_that_goes_to_an_address_has_no_point_to_change() -> None:
    given(order("1 A W1 reserved 1")).when(at("P2")).then_refused(GoesToAddress)


def test_packed_units_stand_against_it() -> None:
    given(collected("1 A W1 packed 1")).when(at("P2")).then_refused(UnitsAlreadyTouched, line=1)


def test_what_is_only_picked_goes_to_the_new_point_when_it_is_packed() -> None:
    event = given(collected("1 A W1 picked 1")).when(at("P2")).event(PickupPointChanged)
    assert (event.pickup_point, event.moves) == ("P2", ())
