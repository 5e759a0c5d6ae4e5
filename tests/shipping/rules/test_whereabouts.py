"""Distances, and about where a place is when the directory does not know it."""

import csv
import gzip
from collections import defaultdict
from pathlib import Path
from statistics import mean

import pytest

from aftercart.inventory.model import Coordinates
from aftercart.shipping.model import PostcodeKey
from aftercart.shipping.rules.prefectures import DEPARTMENTS
from aftercart.shipping.rules.whereabouts import approximate_coordinates, distance_km, postcode_key

LA_POSTE = Path(__file__).parents[4] / "shared" / "data" / "laposte-hexasmal.csv.gz"


def coordinates(latitude: float, longitude: float) -> Coordinates:
    return Coordinates(latitude=latitude, longitude=longitude)


def test_distances_are_those_of_an_atlas() -> None:
    paris, lyon, new_york = coordinates(48.8566, 2.3522), coordinates(45.764, 4.8357), coordinates(40.7128, -74.006)
    assert distance_km(paris, paris) == 0
    assert distance_km(paris, lyon) == pytest.approx(391.5, abs=1)
    assert distance_km(paris, new_york) == pytest.approx(5_837, abs=5)
    assert distance_km(coordinates(0, 179.5), coordinates(0, -179.5)) == pytest.approx(111.2, abs=0.1)
    assert distance_km(coordinates(90, 0), coordinates(-90, 0)) == pytest.approx(20_015, abs=1)


@pytest.mark.parametrize(
    ("country", "postcode", "near"),
    [
        ("FR", "69003", (45.76, 4.84)),
        ("FR", "20200", (42.70, 9.45)),  # Bastia
        ("FR", "20000", (41.92, 8.74)),  # Ajaccio
        ("FR", "97400", (-20.88, 55.45)),
        ("RE", "97400", (-20.88, 55.45)),
        ("RE", "", (-20.88, 55.45)),
        ("MC", "98000", (43.74, 7.42)),
        ("FR", "00000", (46.60, 2.40)),  # no such department: the middle of France
        ("DE", "80331", (52.52, 13.40)),
    ],
)
def test_an_unknown_postcode_is_about_at_its_prefecture_or_capital(
    country: str, postcode: str, near: tuple[float, float]
) -> None:
    assert approximate_coordinates(country, postcode) == coordinates(*near)


def test_far_from_france_nobody_knows() -> None:
    assert approximate_coordinates("JP", "154-0023") is None


def test_french_postcodes_are_known_by_one_name() -> None:
    assert postcode_key("RE", "97400") == postcode_key("FR", "97400") == PostcodeKey("FR", "97400")
    assert postcode_key("BE", "1000") == PostcodeKey("BE", "1000")


def test_every_prefecture_lies_in_its_department() -> None:
    if not LA_POSTE.exists():
        pytest.skip(f"the directory of La Poste is not there: no {LA_POSTE.name} in shared/data beside the checkout")
    communes: defaultdict[str, list[Coordinates]] = defaultdict(list)
    with gzip.open(LA_POSTE, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text, delimiter=";"):
            place = row["coordonnees_gps"].strip()
            if place:
                digits = 3 if row["Code_postal"][:2] in {"20", "97", "98"} else 2
                communes[row["Code_postal"][:digits]].append(coordinates(*map(float, place.split(","))))
    del communes["987"]  # its islands have no coordinates there
    assert len(communes) > 100
    for beginning, places in communes.items():
        here = coordinates(*DEPARTMENTS[beginning])
        assert min(distance_km(here, there) for there in places) < 6, beginning
        middle = coordinates(mean(one.latitude for one in places), mean(one.longitude for one in places))
        assert distance_km(here, middle) < 160, beginning
