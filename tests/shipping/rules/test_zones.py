"""Zones and public holidays follow from country and postcode."""

from datetime import date

import pytest

from aftercart.shipping.model import Zone
from aftercart.shipping.rules.public_holidays import public_holidays
from aftercart.shipping.rules.zones import holiday_region, neighbors_of, postal_country, zone_of


@pytest.mark.parametrize(
    ("country", "postcode", "zone", "region"),
    [
        ("FR", "75002", Zone.FRANCE, "FR"),
        ("FR", "20000", Zone.FRANCE, "FR"),  # Corsica
        ("FR", "57000", Zone.FRANCE, "FR-57"),
        ("FR", "67000", Zone.FRANCE, "FR-6AE"),
        ("FR", "68100", Zone.FRANCE, "FR-6AE"),
        ("FR", "98000", Zone.FRANCE, "MC"),  # Monaco, as the French post writes it
        ("MC", "98000", Zone.FRANCE, "MC"),
        ("FR", "97110", Zone.WORLD, "FR-971"),
        ("FR", "97133", Zone.WORLD, "FR-BL"),  # Saint-Barthélemy kept a postcode of Guadeloupe
        ("FR", "97150", Zone.WORLD, "FR-MF"),
        ("FR", "97400", Zone.WORLD, "FR-974"),
        ("RE", "97400", Zone.WORLD, "FR-974"),
        ("GP", "97110", Zone.WORLD, "FR-971"),
        ("PM", "97500", Zone.WORLD, "FR-PM"),
        ("NC", "98800", Zone.WORLD, "FR-NC"),
        ("FR", "98800", Zone.WORLD, "FR-NC"),
        ("DE", "10115", Zone.EUROPE, "DE"),
        ("GB", "SW1A 1AA", Zone.EUROPE, "GB"),
        ("CH", "3000", Zone.EUROPE, "CH"),
        ("AD", "AD500", Zone.EUROPE, "AD"),
        ("NO", "0150", Zone.EUROPE, "NO"),
        ("US", "10001", Zone.WORLD, "US"),
        ("TR", "34000", Zone.WORLD, "TR"),
        ("AE", "", Zone.WORLD, "AE"),
    ],
)
def test_a_place_has_its_zone_and_its_holidays(country: str, postcode: str, zone: Zone, region: str) -> None:
    assert (zone_of(country, postcode), holiday_region(country, postcode)) == (zone, region)
    assert public_holidays(region, 2026)


def test_moselle_and_alsace_have_two_days_more_than_the_rest_of_france() -> None:
    more = {date(2026, 4, 3), date(2026, 12, 26)}
    for region in ("FR-57", "FR-6AE", "FR-67", "FR-68"):
        assert public_holidays(region, 2026) - public_holidays("FR", 2026) == more
    assert len(public_holidays("FR", 2026)) == 11


def test_an_unknown_part_has_its_countrys_holidays_and_an_unknown_country_none() -> None:
    assert public_holidays("FR-99", 2026) == public_holidays("FR", 2026)
    assert public_holidays("QQ", 2026) == frozenset()
    assert public_holidays("IN", 2050)  # of these years only some days are known


def test_french_territories_and_monaco_share_the_french_post() -> None:
    assert [postal_country(code) for code in ("FR", "RE", "MC", "BE")] == ["FR", "FR", "FR", "BE"]
    assert {"FR", "MC", "GP"} <= set(neighbors_of("MC"))
    assert neighbors_of("BE") == ("BE",)
