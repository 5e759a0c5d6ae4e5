"""The directory learns where postcodes are, and is corrected."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from tests.story import given

from aftercart.inventory.model import Coordinates
from aftercart.kit.refusal import Invalid
from aftercart.shipping.decisions.upsert_postcodes import UpsertPostcodes, upsert_postcodes
from aftercart.shipping.events import PlacedPostcode, PostcodesUpserted
from aftercart.shipping.model import PostcodeKey

Known = Mapping[PostcodeKey, Coordinates]
NOTHING: Known = {}
LYON_3 = {"country": "FR", "postcode": "69003", "latitude": 45.7561, "longitude": 4.8523}
HERE = Coordinates(latitude=45.7561, longitude=4.8523)


def decide(*postcodes: dict[str, Any]) -> Callable[[Known], tuple[PostcodesUpserted, ...]]:
    command = msgspec.convert({"postcodes": list(postcodes)}, UpsertPostcodes)
    return lambda known: upsert_postcodes(command, known.get)[0]


def learned(country: str, postcode: str, coordinates: Coordinates) -> PostcodesUpserted:
    return PostcodesUpserted(postcodes=(PlacedPostcode(country=country, postcode=postcode, coordinates=coordinates),))


def test_a_new_postcode_is_learned() -> None:
    given(NOTHING).when(decide(LYON_3)).then(learned("FR", "69003", HERE))


def test_a_territory_is_kept_under_the_french_post() -> None:
    reunion = {**LYON_3, "country": "RE", "postcode": "97400"}
    given(NOTHING).when(decide(reunion)).then(learned("FR", "97400", HERE))


def test_what_is_known_changes_nothing_and_what_moved_is_corrected() -> None:
    known = {PostcodeKey("FR", "69003"): HERE}
    given(known).when(decide({**LYON_3, "latitude": 45.756_100_4})).then()
    moved = Coordinates(latitude=45.8, longitude=4.8523)
    given(known).when(decide({**LYON_3, "latitude": 45.8})).then(learned("FR", "69003", moved))


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({}, "postcodes[1].postcode"),
        ({"postcode": "6900"}, "postcodes[1].postcode"),
        ({"country": "GB", "postcode": "sw1a1aa"}, "postcodes[1].postcode"),
        ({"country": "ZZ"}, "postcodes[1].country"),
    ],
)
def test_a_postcode_that_cannot_be_is_refused_with_its_field(changes: dict[str, object], param: str) -> None:
    given(NOTHING).when(decide(LYON_3, {**LYON_3, **changes})).then_refused(Invalid, param=param)
