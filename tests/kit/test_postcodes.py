"""A country's postcodes are those it has, not every row of digits."""

import pytest

from aftercart.kit.postcodes import find_country_rules


@pytest.mark.parametrize(
    ("written", "postcode"),
    [
        ("75001", "75001"),
        ("01 000", "01000"),
        ("20 090", "20090"),
        ("97110", "97110"),
        ("98000", "98000"),
        ("00000", None),
        ("00123", None),
        ("96000", None),
        ("99999", None),
    ],
)
def test_a_french_postcode_begins_with_a_department(written: str, postcode: str | None) -> None:
    rules = find_country_rules("FR")
    assert rules is not None
    assert rules.format_postcode(written) == postcode
