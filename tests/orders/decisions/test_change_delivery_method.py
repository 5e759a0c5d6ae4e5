"""An order is brought another way: priced, promised and served anew, and back again for the same money."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from tests.scenario import (
    BACKORDERS,
    LYON,
    NOW,
    ORDER_ID,
    PARIS,
    booked_on,
    facts,
    location,
    moves,
    order,
    released_from,
    units,
)
from tests.story import given

from aftercart.inventory.model import Stage
from aftercart.kit.refusal import Invalid
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod, change_delivery_method
from aftercart.orders.events import DeliveryMethodChanged
from aftercart.orders.evolve import evolve
from aftercart.orders.model import ChangeKind, ChangeRule, ChangeUntil, Fee, Order, Policy
from aftercart.orders.rules.change_refusals import ChangeNotOffered, UnitsAlreadyTouched
from aftercart.orders.rules.facts import Asker, Facts
from aftercart.orders.rules.stock_for_lines import NotInStore
from aftercart.orders.rules.totals import totals_of
from aftercart.shipping.model import (
    Booking,
    DeliveryMethod,
    Ineligible,
    MethodKind,
    Names,
    PickupPoint,
    Rate,
    SlotTemplate,
    Transit,
    Zone,
)
from aftercart.shipping.rules.defaults import DEFAULTS_BY_CODE
from aftercart.shipping.rules.promise import SlotFull, SlotNotOffered, SlotNotReachable
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable
from aftercart.sourcing.rules.candidates import candidate_for_pickup

VAN = DeliveryMethod(
    code="van",
    kind=MethodKind.SCHEDULED_SLOT,
    carrier="our van",
    names=Names(en="our van", fr="notre camionnette"),
    currency="EUR",
    rates=(Rate(zone=Zone.FRANCE, price_minor=1200),),
    transit=(Transit(zone=Zone.FRANCE, days_min=1, days_max=1),),
    slots=tuple(SlotTemplate(weekday=day, starts="18:00", ends="20:00", capacity=2) for day in range(1, 7)),
)
METHODS = {**DEFAULTS_BY_CODE, "van": VAN}
ON_WEDNESDAY = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
POINT = PickupPoint(
    network="mondial-relay",
    code="P1",
    name="Le Fil",
    address=PARIS,
    latitude=48.86,
    longitude=2.34,
    opening_hours="Mo-Fr 09:00-19:00",
    active=True,
    version=1,
)
STORE_TAKES = location("S1", kind="store", pickups=True)


Decided = Callable[[Order], tuple[DeliveryMethodChanged, ...]]


def by(method: str, *, source: Facts | None = None, **wish: Any) -> Decided:
    wished = {"order_id": ORDER_ID, "method": method, **wish}
    command = msgspec.convert(wished, ChangeDeliveryMethod, from_attributes=True)
    seen = facts({"A@W1": 9, "A@S1": 9}, methods=METHODS) if source is None else source
    return lambda order: change_delivery_method(command, order, facts=seen)


def after(before: Order, decide: Decided) -> Order:
    return evolve(before, given(before).when(decide).event(DeliveryMethodChanged), order_id=ORDER_ID)


def test_express_costs_its_tariff_and_comes_the_next_day() -> None:
    before = order("1 A W1 reserved 1")
    changed = after(before, by("chronopost-express"))
    assert (before.delivery.price_minor, changed.delivery.price_minor) == (0, 1500 - 600)
    assert (before.delivery.promised_date, changed.delivery.promised_date) == (date(2026, 3, 5), date(2026, 3, 3))
    assert changed.units == before.units
    assert changed.total_minor == before.total_minor + 900


def test_there_and_back_moves_no_money_and_no_date() -> None:
    before = order("1 A W1 reserved 2", "2 B W1 reserved 1")
    there = after(before, by("mondial-relay-point", pickup_point="P1"))
    back = after(there, by("colissimo-home", address=PARIS))
    assert totals_of(back) == totals_of(before)
    assert back.delivery == before.delivery


def test_an_order_that_is_changed_early_keeps_its_truck() -> None:
    before = order("1 A W1 reserved 1")
    changed = after(before, by("chronopost-express"))
    assert changed.delivery.promise is not None
    assert before.delivery.promise is not None
    assert changed.delivery.promise.trucks == before.delivery.promise.trucks
    assert changed.release_at == before.release_at


def test_the_same_way_changes_nothing() -> None:
    given(order("1 A W1 reserved 1")).when(by("colissimo-home")).then()
    given(order("1 A W1 reserved 1")).when(by("colissimo-home", address=PARIS)).then()


def test_a_method_may_be_chosen_with_another_address() -> None:
    changed = after(order("1 A W1 reserved 1"), by("chronopost-express", address=LYON))
    assert changed.delivery.address == LYON


def ruled(*rules: ChangeRule) -> Facts:
    policy = Policy(changes=rules)
    return facts({"A@W1": 9}, methods=METHODS, asker=Asker.CUSTOMER, policy=policy)


@pytest.mark.parametrize("method", ["colissimo-home", "chronopost-express"])
def test_another_address_needs_leave_to_change_the_address_too(method: str) -> None:
    closed = ruled(ChangeRule(change=ChangeKind.CHANGE_DELIVERY_ADDRESS, until=ChangeUntil.NEVER))
    before = order("1 A W1 reserved 1")
    elsewhere = by(method, address=LYON, source=closed)
    given(before).when(elsewhere).then_refused(ChangeNotOffered, change="change_delivery_address")
    assert after(before, by("chronopost-express", address=PARIS, source=closed)).delivery.address == PARIS


def test_another_address_costs_its_fee_too() -> None:
    costly = ruled(
        ChangeRule(change=ChangeKind.CHANGE_DELIVERY_METHOD, fee_minor=100),
        ChangeRule(change=ChangeKind.CHANGE_DELIVERY_ADDRESS, fee_minor=250),
    )
    before = order("1 A W1 reserved 1")
    both = after(before, by("chronopost-express", address=LYON, source=costly))
    assert both.fees == (Fee(change="change_delivery_method", amount_minor=350),)
    only_method = after(before, by("chronopost-express", source=costly))
    assert only_method.fees == (Fee(change="change_delivery_method", amount_minor=100),)


def test_from_a_point_to_the_door_only_the_method_changes() -> None:
    closed = ruled(ChangeRule(change=ChangeKind.CHANGE_DELIVERY_ADDRESS, until=ChangeUntil.NEVER))
    collected = after(order("1 A W1 reserved 1"), by("mondial-relay-point", pickup_point="P1", source=closed))
    assert after(collected, by("colissimo-home", address=LYON, source=closed)).delivery.address == LYON


def test_another_point_of_the_same_method_needs_leave_to_change_the_point_too() -> None:
    closed = ruled(ChangeRule(change=ChangeKind.CHANGE_PICKUP_POINT, until=ChangeUntil.NEVER))
    collected = after(order("1 A W1 reserved 1"), by("mondial-relay-point", pickup_point="P1", source=closed))
    elsewhere = by("mondial-relay-point", pickup_point="P2", source=closed)
    given(collected).when(elsewhere).then_refused(ChangeNotOffered, change="change_pickup_point")


def test_a_point_of_a_known_network_is_looked_up() -> None:
    known = facts({"A@W1": 9}, points={("mondial-relay", "P1"): POINT}, directories=frozenset({"mondial-relay"}))
    before = order("1 A W1 reserved 1")
    assert after(before, by("mondial-relay-point", pickup_point="P1", source=known)).delivery.pickup_point == "P1"
    refused = by("mondial-relay-point", pickup_point="P2", source=known)
    given(before).when(refused).then_refused(Invalid, param="pickup_point", got="P2")


def test_a_point_takes_the_goods_on_a_day_it_is_open() -> None:
    weekdays = facts({"A@W1": 9}, points={("mondial-relay", "P1"): POINT}, directories=frozenset({"mondial-relay"}))
    # Three to five days from Monday end on Saturday, when the point is closed.
    changed = after(order("1 A W1 reserved 1"), by("mondial-relay-point", pickup_point="P1", source=weekdays))
    assert changed.delivery.promised_date == date(2026, 3, 9)


def test_what_is_collected_in_a_store_comes_from_its_shelves() -> None:
    in_store = facts({"A@W1": 9, "A@S1": 2}, candidates=(candidate_for_pickup("S1"),))
    before = order("1 A W1 reserved 2")
    event = given(before).when(by("store-pickup", pickup_point="S1", source=in_store)).event(DeliveryMethodChanged)
    assert event.moves == moves("1 A W1>S1 reserved>reserved 2")
    assert event.sourcing is not None
    assert event.sourcing.chosen == ("S1",)
    changed = evolve(before, event, order_id=ORDER_ID)
    assert (changed.delivery.price_minor, changed.delivery.address) == (0, None)
    assert changed.delivery.promised_date == date(2026, 3, 2)


def test_a_store_without_the_goods_is_refused() -> None:
    empty = facts({"A@W1": 9, "A@S1": 1}, candidates=(candidate_for_pickup("S1"),))
    refused = by("store-pickup", pickup_point="S1", source=empty)
    given(order("1 A W1 reserved 2")).when(refused).then_refused(NotInStore, param="pickup_point", store="S1")


def test_a_slot_is_taken_and_given_back() -> None:
    before = order("1 A W1 reserved 1")
    taken = Booking(resource="slot:van", at=ON_WEDNESDAY, hour=0, quantity=1)
    there = after(before, by("van", slot=ON_WEDNESDAY))
    assert there.bookings == (taken,)
    assert (there.delivery.slot_at, there.delivery.promised_date) == (ON_WEDNESDAY, date(2026, 3, 4))
    assert after(there, by("colissimo-home")).bookings == ()


@pytest.mark.parametrize(
    ("booked", "slot", "refusal"),
    [
        (2, ON_WEDNESDAY, SlotFull),
        (0, ON_WEDNESDAY.replace(hour=16), SlotNotOffered),
        (0, datetime(2026, 3, 2, 17, 0, tzinfo=UTC), SlotNotReachable),
    ],
)
def test_a_slot_that_cannot_be_had_is_refused(booked: int, slot: datetime, refusal: type[SlotFull]) -> None:
    full = facts({"A@W1": 9}, methods=METHODS, booked=booked_on({slot: (booked,)} if booked else {}))
    given(order("1 A W1 reserved 1")).when(by("van", slot=slot, source=full)).then_refused(refusal, method="van")


@pytest.mark.parametrize("stage", ["released", "picked"])
def test_a_slot_that_is_full_is_refused_to_units_on_the_floor_too(stage: str) -> None:
    full = facts({"A@W1": 9}, methods=METHODS, booked=booked_on({ON_WEDNESDAY: (2,)}))
    released = released_from(order("1 A W1 reserved 1"))
    lying = msgspec.structs.replace(released, units=units(f"1 A W1 {stage} 1"))
    given(lying).when(by("van", slot=ON_WEDNESDAY, source=full)).then_refused(SlotFull, method="van")


def test_what_is_picked_is_promised_anew_on_its_new_way() -> None:
    released = released_from(order("1 A W1 reserved 1"))
    picked = msgspec.structs.replace(released, units=units("1 A W1 picked 1"))
    wishes = [after(one, by("chronopost-express")).delivery for one in (released, picked)]
    assert wishes[0] == wishes[1]
    assert wishes[1].promise not in {None, released.delivery.promise}


def test_a_slot_is_not_taken_for_goods_of_which_nobody_knows_when_they_are_there() -> None:
    waiting = order("1 A W1 backordered 1")
    empty = facts(methods=METHODS, channel=BACKORDERS)
    given(waiting).when(by("van", slot=ON_WEDNESDAY, source=empty)).then_refused(
        DeliveryMethodNotAvailable, method="van", ineligible=Ineligible.OUT_OF_STOCK.value
    )


@pytest.mark.parametrize(
    ("method", "wish", "param"),
    [
        ("drone", {}, "method"),
        ("van", {}, "slot"),
        ("colissimo-home", {"slot": ON_WEDNESDAY}, "slot"),
        ("colissimo-home", {"pickup_point": "P1"}, "pickup_point"),
        ("store-pickup", {}, "pickup_point"),
        ("store-pickup", {"pickup_point": "W1"}, "pickup_point"),
        ("store-pickup", {"pickup_point": "S1", "address": PARIS}, "address"),
        ("chronopost-express", {"address": msgspec.structs.replace(PARIS, postcode="x")}, "address.postcode"),
    ],
)
def test_a_place_that_does_not_go_with_the_method_is_refused_by_its_name(
    method: str, wish: dict[str, Any], param: str
) -> None:
    given(order("1 A W1 reserved 1")).when(by(method, **wish)).then_refused(Invalid, param=param)


def test_a_method_that_does_not_go_there_or_bear_that_is_refused() -> None:
    oslo = msgspec.structs.replace(PARIS, postcode="H2X 1Y4", city="Montréal", country="CA")
    refused = by("colissimo-home", address=oslo)
    before = after(order("1 A W1 reserved 1"), by("chronopost-express", address=oslo))
    given(before).when(refused).then_refused(DeliveryMethodNotAvailable, ineligible=Ineligible.NOT_IN_ZONE.value)
    heavy = order("1 A W1 reserved 61")
    given(heavy).when(by("chronopost-express")).then_refused(
        DeliveryMethodNotAvailable, param="method", ineligible=Ineligible.TOO_HEAVY.value
    )


def test_what_is_picked_goes_the_new_way_when_it_is_packed() -> None:
    picked = order("1 A W1 reserved 1", "2 B W1 picked 1")
    event = given(picked).when(by("chronopost-express")).event(DeliveryMethodChanged)
    assert (event.method, event.moves) == ("chronopost-express", ())


@pytest.mark.parametrize("stage", [Stage.PACKED, Stage.SHIPPED])
def test_packed_units_stand_against_it(stage: Stage) -> None:
    touched = order("1 A W1 reserved 1", f"2 B W1 {stage.value} 1")
    given(touched).when(by("chronopost-express")).then_refused(UnitsAlreadyTouched, line=2)


def test_a_later_hour_misses_the_truck_and_the_promise_says_so() -> None:
    evening = NOW.replace(hour=16)
    late = facts({"A@W1": 9}, now=evening)
    changed = after(order("1 A W1 reserved 1"), by("chronopost-express", source=late))
    assert changed.delivery.promised_date == date(2026, 3, 4)
