"""The carrier takes what a carrier takes, and says which field keeps it from taking the rest."""

from typing import Any

import msgspec
import pytest
from tests.integrations.sandbox.carrier.parcels import LYON, PARIS, TO_A_POINT, TO_ADA, recipient, request

from aftercart.integrations.sandbox.carrier.terms import price_minor, require_takeable, terms_for
from aftercart.shipping.ports import LabelRefusedByCarrier, Recipient

BAD = "bad_address"


def refusal(**changes: Any) -> tuple[str, str]:
    with pytest.raises(LabelRefusedByCarrier) as refused:
        require_takeable(request(**changes))
    return refused.value.param, refused.value.reason.value


@pytest.mark.parametrize(
    "changes",
    [
        {},
        TO_A_POINT,
        TO_A_POINT | {"recipient": Recipient(name="Ada L", email="ada@example.org", address=PARIS)},
        {"recipient": recipient(line1="Le Bourg", postcode="20000", city="Ajaccio")},
        {"recipient": recipient(postcode="1000", city="Bruxelles", country="BE")},
        {"recipient": recipient(postcode="", city="Dubai", country="AE"), "method": "chronopost-express"},
        {"weight_grams": 30_000, "dimensions_mm": None},
        {"dimensions_mm": (100, 200, 1_000)},
        {"method": "our-own-vans", "carrier": "Our vans"},
        {"method": "our-own-points", "carrier": "Points"} | TO_A_POINT,
    ],
)
def test_what_can_be_brought_is_taken(changes: dict[str, Any]) -> None:
    require_takeable(request(**changes))


@pytest.mark.parametrize(
    ("changes", "param", "reason"),
    [
        ({"carrier": " "}, "carrier", "not_served"),
        ({"recipient": recipient(postcode="7500")}, "recipient.address.postcode", BAD),
        ({"recipient": recipient(postcode="99123")}, "recipient.address.postcode", BAD),
        ({"recipient": recipient(postcode="")}, "recipient.address.postcode", BAD),
        ({"recipient": recipient(postcode="75 002")}, "recipient.address.postcode", BAD),
        ({"recipient": recipient(country="ZZ")}, "recipient.address.country", BAD),
        ({"recipient": recipient(country="fr")}, "recipient.address.country", BAD),
        ({"recipient": recipient(city="")}, "recipient.address.city", BAD),
        ({"recipient": recipient(city="75")}, "recipient.address.city", BAD),
        ({"recipient": recipient(city="C" * 61)}, "recipient.address.city", BAD),
        ({"recipient": recipient(line1="12")}, "recipient.address.line1", BAD),
        ({"recipient": recipient(line1="1234")}, "recipient.address.line1", BAD),
        ({"recipient": recipient(line1="R" * 71)}, "recipient.address.line1", BAD),
        ({"recipient": recipient(line2="R" * 71)}, "recipient.address.line2", BAD),
        ({"recipient": recipient(name="!")}, "recipient.address.name", BAD),
        ({"recipient": msgspec.structs.replace(TO_ADA, name="42")}, "recipient.name", BAD),
        ({"recipient": msgspec.structs.replace(TO_ADA, name="N" * 71)}, "recipient.name", BAD),
        ({"recipient": msgspec.structs.replace(TO_ADA, address=None)}, "recipient.address", BAD),
        ({"sender": msgspec.structs.replace(LYON, postcode="1")}, "sender.postcode", BAD),
        ({"pickup_point": "FR-012345"}, "pickup_point", "unknown_point"),
        (TO_A_POINT | {"pickup_point": None}, "pickup_point", "unknown_point"),
        (TO_A_POINT | {"pickup_point": "where?"}, "pickup_point", "unknown_point"),
        (TO_A_POINT | {"pickup_point": "CLOSED-7"}, "pickup_point", "unknown_point"),
        (TO_A_POINT | {"recipient": Recipient(name="Ada L")}, "recipient.phone", "contact_missing"),
        (TO_A_POINT | {"recipient": Recipient(name="Ada L", phone="no")}, "recipient.phone", "contact_missing"),
        ({"recipient": recipient(postcode="97400", city="Saint-Denis")}, "recipient.address.country", "not_served"),
        ({"weight_grams": 30_001}, "weight_grams", "too_heavy"),
        ({"dimensions_mm": (100, 1_001, 100)}, "dimensions_mm", "too_large"),
        ({"dimensions_mm": (600, 600, 950)}, "dimensions_mm", "too_large"),
        ({"dimensions_mm": (0, 10, 10)}, "dimensions_mm", "too_large"),
        ({"marks": "+refuse"}, "recipient", "other"),
    ],
)
def test_what_cannot_be_brought_is_refused_with_its_field(changes: dict[str, Any], param: str, reason: str) -> None:
    assert refusal(**changes) == (param, reason)


def test_each_kilogram_that_was_begun_is_paid() -> None:
    prices = [price_minor(request(weight_grams=grams)) for grams in (1, 1_000, 1_001, 30_000)]
    terms = terms_for(request())
    per_kg = terms.price_minor_per_kg
    assert prices == [terms.price_minor + per_kg * kilograms for kilograms in (1, 1, 2, 30)]
