"""Delivery methods are described, changed version by version, and refused with the field that cannot be."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from tests.shipping.words import COLISSIMO, COLLECT, RELAY, VAN
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.shipping.decisions.upsert_delivery_methods import UpsertDeliveryMethods, upsert_delivery_methods
from aftercart.shipping.events import DeliveryMethodsUpserted
from aftercart.shipping.model import DeliveryMethod

Known = Mapping[str, DeliveryMethod]
NOTHING: Known = {}


def described(method: DeliveryMethod, **changes: object) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(method)
    del told["version"]
    return told | changes


def upsert(*methods: dict[str, Any]) -> UpsertDeliveryMethods:
    return msgspec.convert({"methods": list(methods)}, UpsertDeliveryMethods)


def decide(*methods: dict[str, Any]) -> Callable[[Known], tuple[DeliveryMethodsUpserted, ...]]:
    return lambda known: upsert_delivery_methods(upsert(*methods), known.get)[0]


def in_version(method: DeliveryMethod, version: int) -> DeliveryMethod:
    return msgspec.structs.replace(method, version=version)


def test_new_methods_begin_at_version_one() -> None:
    given(NOTHING).when(decide(described(VAN))).then(DeliveryMethodsUpserted(methods=(in_version(VAN, 1),)))


def test_a_built_in_method_that_is_described_otherwise_gets_version_one_and_counts_as_changed() -> None:
    cheap = described(COLISSIMO, rates=[{"zone": "france", "price_minor": 490}], transit=[COLISSIMO_TO_FRANCE])
    events, result = upsert_delivery_methods(upsert(cheap), {COLISSIMO.code: COLISSIMO}.get)
    assert (result.created, result.updated, result.unchanged) == (0, 1, 0)
    assert [(one.code, one.version, len(one.rates)) for one in events[0].methods] == [("colissimo-home", 1, 1)]


COLISSIMO_TO_FRANCE = {"zone": "france", "days_min": 2, "days_max": 3}


def test_methods_that_are_as_described_change_nothing() -> None:
    given({VAN.code: VAN}).when(decide(described(VAN))).then()
    untidy = described(VAN, delivery_days=[6, 5, 4, 3, 2, 1])
    given({VAN.code: VAN}).when(decide(untidy)).then()


def test_a_changed_method_gets_the_next_version_and_the_others_are_not_mentioned() -> None:
    known = {VAN.code: in_version(VAN, 4), RELAY.code: RELAY}
    changed = msgspec.structs.replace(VAN, carrier="their van", version=5)
    outcome = given(known).when(decide(described(RELAY), described(VAN, carrier="their van")))
    outcome.then(DeliveryMethodsUpserted(methods=(changed,)))


FRANCE: dict[str, object] = {"zone": "france", "price_minor": 600}
EUROPE: dict[str, object] = {"zone": "europe", "price_minor": 900}
LIGHT: dict[str, object] = {**FRANCE, "weight_grams_max": 1_000}
SLOT: dict[str, object] = {"weekday": 1, "starts": "08:00", "ends": "10:00", "capacity": 5}


@pytest.mark.parametrize(
    ("method", "changes", "param"),
    [
        (VAN, {"code": RELAY.code}, "code"),
        (VAN, {"currency": "QQQ"}, "currency"),
        (VAN, {"timezone": "Europe/Atlantis"}, "timezone"),
        (VAN, {"delivery_days": [1, 1]}, "delivery_days"),
        (VAN, {"rates": [FRANCE, FRANCE]}, "rates[1].weight_grams_max"),
        (VAN, {"rates": [FRANCE, LIGHT]}, "rates[1].weight_grams_max"),
        (VAN, {"rates": [LIGHT, {**LIGHT, "value_minor_min": 1}]}, "rates[1].weight_grams_max"),
        (VAN, {"free_from": [{"zone": "europe", "value_minor": 1}]}, "free_from[0].zone"),
        (VAN, {"free_from": [{"zone": "france", "value_minor": 1}] * 2}, "free_from[1].zone"),
        (VAN, {"transit": []}, "transit"),
        (VAN, {"rates": [FRANCE, EUROPE]}, "transit"),
        (VAN, {"transit": [{"zone": "world", "days_min": 1, "days_max": 1}]}, "transit[0].zone"),
        (VAN, {"transit": [{"zone": "france", "days_min": 2, "days_max": 1}]}, "transit[0].days_max"),
        (COLLECT, {"transit": [COLISSIMO_TO_FRANCE]}, "transit"),
        (VAN, {"network": "mondial-relay"}, "network"),
        (RELAY, {"code": "other", "network": None}, "network"),
        (VAN, {"slots": []}, "slots"),
        (COLISSIMO, {"slots": [SLOT]}, "slots"),
        (VAN, {"slots": [{**SLOT, "weekday": 7}]}, "slots[0].weekday"),
        (VAN, {"slots": [SLOT, SLOT]}, "slots[1].starts"),
        (VAN, {"slots": [{**SLOT, "ends": "08:00"}]}, "slots[0].ends"),
    ],
)
def test_a_method_that_cannot_be_is_refused_with_its_field(
    method: DeliveryMethod, changes: dict[str, object], param: str
) -> None:
    outcome = given(NOTHING).when(decide(described(RELAY), described(method, **changes)))
    outcome.then_refused(Invalid, param=f"methods[1].{param}")


def test_rates_of_which_each_can_count_are_taken() -> None:
    dear_first = [{**FRANCE, "value_minor_min": 10_000}, LIGHT, {**FRANCE, "weight_grams_max": 2_000}, FRANCE]
    assert given(NOTHING).when(decide(described(VAN, rates=dear_first))).event(DeliveryMethodsUpserted)


@pytest.mark.parametrize(
    "changes",
    [
        {"rates": []},
        {"rates": [{**FRANCE, "price_minor": -1}]},
        {"rates": [{**FRANCE, "zone": "moon"}]},
        {"delivery_days": []},
        {"slots": [{**SLOT, "starts": "8:00"}]},
        {"names": {"en": "Van"}},
        {"weight_grams_max": 0},
    ],
)
def test_fields_of_another_form_do_not_reach_the_decision(changes: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        upsert(described(VAN, **changes))
