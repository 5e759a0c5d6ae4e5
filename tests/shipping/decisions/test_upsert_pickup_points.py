"""Pickup points are described, changed version by version, and refused with the field that cannot be."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from tests.shipping.words import point
from tests.story import given

from aftercart.kit.refusal import Invalid
from aftercart.shipping.decisions.upsert_pickup_points import UpsertPickupPoints, upsert_pickup_points
from aftercart.shipping.events import PickupPointsUpserted
from aftercart.shipping.model import PickupPoint, PickupPointKey

Known = Mapping[PickupPointKey, PickupPoint]
NOTHING: Known = {}
POINT = point("Mo-Sa 09:00-19:00; PH off")
KEY = PickupPointKey(POINT.network, POINT.code)


def described(**changes: object) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(POINT)
    del told["version"]
    return told | changes


def decide(*points: dict[str, Any]) -> Callable[[Known], tuple[PickupPointsUpserted, ...]]:
    command = msgspec.convert({"points": list(points)}, UpsertPickupPoints)
    return lambda known: upsert_pickup_points(command, known.get)[0]


def test_new_points_begin_at_version_one() -> None:
    other = msgspec.structs.replace(POINT, network="other")
    outcome = given(NOTHING).when(decide(described(), described(network="other")))
    outcome.then(PickupPointsUpserted(points=(POINT, other)))


def test_a_changed_point_gets_the_next_version() -> None:
    closed = msgspec.structs.replace(POINT, active=False, version=2)
    given({KEY: POINT}).when(decide(described(active=False))).then(PickupPointsUpserted(points=(closed,)))


def test_points_that_are_as_described_change_nothing() -> None:
    given({KEY: POINT}).when(decide(described())).then()
    untidy = {**described()["address"], "line1": " 1  rue Neuve"}
    given({KEY: POINT}).when(decide(described(address=untidy, latitude=48.860000004))).then()


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({}, "points[1].code"),
        ({"code": "2", "opening_hours": "from nine to five"}, "points[1].opening_hours"),
        ({"code": "2", "address": {**described()["address"], "postcode": "7500"}}, "points[1].address.postcode"),
    ],
)
def test_a_point_that_cannot_be_is_refused_with_its_field(changes: dict[str, object], param: str) -> None:
    given(NOTHING).when(decide(described(), described(**changes))).then_refused(Invalid, param=param)


@pytest.mark.parametrize("changes", [{"latitude": 91}, {"longitude": "east"}, {"opening_hours": "x" * 501}])
def test_fields_of_another_form_do_not_reach_the_decision(changes: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        decide(described(**changes))
