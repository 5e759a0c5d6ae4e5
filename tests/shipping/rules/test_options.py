"""A cart is offered every method, the cheapest first, and told why others cannot be had."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from tests.shipping.words import COLISSIMO, COLLECT, EXPRESS, LYON, RELAY, VAN, at, on, place, to

from aftercart.shipping.model import DeliveryMethod, FreeFrom, Ineligible, Zone, slot_resource
from aftercart.shipping.rules.options import Cart, DeliveryOption, OriginsOf, options_for
from aftercart.shipping.rules.promise import Origin

NOW = at("Mon 2026-03-02 10:00")
STORE = place("S1", kind="store", pickups=True, cutoff="17:00")
CART = Cart(destination=to("69003"), weight_grams=900, value_minor=5_000, currency="EUR")
NOTHING_BOOKED: Mapping[tuple[str, datetime], tuple[int, ...]] = {}


def from_lyon(method: DeliveryMethod) -> tuple[Origin, ...] | Ineligible:
    return (Origin(location=STORE if method is COLLECT else LYON, ready_at=NOW),)


def options(
    *methods: DeliveryMethod,
    cart: Cart = CART,
    origins_of: OriginsOf = from_lyon,
    booked: Mapping[tuple[str, datetime], tuple[int, ...]] = NOTHING_BOOKED,
) -> list[DeliveryOption]:
    found = options_for(
        methods, cart, origins_of=origins_of, booked_of=lambda resource, at: booked.get((resource, at), ()), now=NOW
    )
    return list(found)


def changed(**changes: Any) -> Cart:
    return msgspec.structs.replace(CART, **changes)


def test_the_cheapest_comes_first_and_of_equals_the_earliest() -> None:
    slow = msgspec.structs.replace(VAN, code="a-slow-van", slot_notice_minutes_min=5_000)
    found = options(EXPRESS, COLISSIMO, slow, VAN, RELAY, COLLECT)
    assert [one.method.code for one in found] == [
        "store-pickup",
        "mondial-relay-point",
        "van",
        "a-slow-van",
        "colissimo-home",
        "chronopost-express",
    ]
    assert [one.price_minor for one in found] == [0, 400, 500, 500, 600, 1500]
    assert all(one.ineligible is None and one.promise is not None for one in found)
    assert found[0].store == "S1"


def test_what_cannot_be_had_comes_last_and_says_why() -> None:
    found = options(COLISSIMO, EXPRESS, RELAY, VAN, cart=changed(destination=to("97400"), weight_grams=5_000))
    assert [(one.method.code, one.ineligible) for one in found] == [
        ("chronopost-express", None),
        ("colissimo-home", Ineligible.NOT_IN_ZONE),
        ("mondial-relay-point", Ineligible.NOT_IN_ZONE),
        ("van", Ineligible.NOT_IN_ZONE),
    ]
    (one,) = options(COLISSIMO, cart=changed(currency="CHF"))
    assert (one.ineligible, one.price_minor, one.promise) == (Ineligible.WRONG_CURRENCY, None, None)


def test_a_method_that_is_not_active_is_not_offered_at_all() -> None:
    assert options(msgspec.structs.replace(COLISSIMO, active=False)) == []


def test_what_is_missing_to_free_delivery_can_be_told() -> None:
    generous = msgspec.structs.replace(COLISSIMO, free_from=(FreeFrom(zone=Zone.FRANCE, value_minor=6_000),))
    (one,) = options(generous)
    assert (one.price_minor, one.free_from_minor) == (600, 6_000)
    (one,) = options(generous, cart=changed(value_minor=6_000))
    assert (one.price_minor, one.free_from_minor) == (0, 6_000)


def test_without_stock_there_is_a_reason_and_with_waiting_units_no_promise() -> None:
    (one,) = options(COLISSIMO, origins_of=lambda _: Ineligible.OUT_OF_STOCK)
    assert (one.ineligible, one.price_minor) == (Ineligible.OUT_OF_STOCK, None)
    (one,) = options(COLISSIMO, origins_of=lambda _: ())
    assert (one.ineligible, one.price_minor, one.promise) == (None, 600, None)
    (one,) = options(VAN, origins_of=lambda _: ())
    assert (one.ineligible, one.slots) == (Ineligible.OUT_OF_STOCK, ())


def test_the_slots_that_are_free_and_can_be_reached_are_listed_and_the_first_one_is_promised() -> None:
    booked = {(slot_resource("van"), at("Tue 2026-03-03 08:00")): (2,)}
    (one,) = options(VAN, booked=booked)
    assert one.slots[0].starts_at == at("Tue 2026-03-03 18:00")  # Monday cannot be reached, Tuesday morning is taken
    assert len(one.slots) == 23
    assert one.promise is not None
    assert (one.promise.date, one.promise.slot) == (on("Tue 2026-03-03"), one.slots[0])


def test_a_method_whose_slots_are_all_taken_says_so() -> None:
    brief = msgspec.structs.replace(VAN, slot_ahead_days_max=1)
    slots = ("Tue 2026-03-03 08:00", "Tue 2026-03-03 18:00")
    booked = {(slot_resource("van"), at(start)): (2,) for start in slots}
    (one,) = options(brief, booked=booked)
    assert (one.ineligible, one.slots) == (Ineligible.NO_FREE_SLOT, ())


def test_the_zone_of_what_is_collected_is_that_of_the_store() -> None:
    domestic = msgspec.structs.replace(COLLECT, rates=COLLECT.rates[:1])
    (one,) = options(domestic, cart=changed(destination=to("BE 1000")), origins_of=from_store)
    assert (one.ineligible, one.price_minor) == (None, 0)


def from_store(_method: DeliveryMethod) -> tuple[Origin, ...] | Ineligible:
    return (Origin(location=STORE, ready_at=NOW),)
