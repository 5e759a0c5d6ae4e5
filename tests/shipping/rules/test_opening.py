"""Opening hours as OpenStreetMap writes them say on which days a point opens."""

import pytest
from tests.shipping.words import on

from aftercart.shipping.rules.opening import CHARACTERS_MAX, is_opening_hours, opens_on

WEEK = [on(day) for day in ("Mon 2026-03-02", "Tue 2026-03-03", "Wed 2026-03-04", "Thu 2026-03-05", "Fri 2026-03-06")]
SATURDAY, SUNDAY = on("Sat 2026-03-07"), on("Sun 2026-03-08")


def open_days(text: str) -> str:
    return "".join(f"{day:%a}"[:2] for day in (*WEEK, SATURDAY, SUNDAY) if opens_on(text, "FR", day))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("24/7", "MoTuWeThFrSaSu"),
        ("Mo-Sa 09:00-19:00; We off", "MoTuThFrSa"),
        ("Mo-Fr 09:00-12:00,14:00-19:00; Sa 09:00-12:00", "MoTuWeThFrSa"),
        ("Tu-Fr 10:00-18:00; Mar 03 off", "WeThFr"),
        ("Mar 09-20 10:00-18:00", ""),
        ("off", ""),
        ('Mo-Fr 09:00-19:00 "by appointment"', "MoTuWeThFr"),
    ],
)
def test_a_point_opens_on_the_days_its_hours_say(text: str, days: str) -> None:
    assert is_opening_hours(text)
    assert open_days(text) == days


def test_public_holidays_are_those_of_the_country() -> None:
    hours = "Mo-Sa 09:00-19:00; PH off"
    assert [opens_on(hours, country, on("Tue 2026-07-14")) for country in ("FR", "RE", "BE")] == [False, False, True]
    assert opens_on(hours, "XK", on("Tue 2026-07-14"))  # a country whose holidays nobody knows


@pytest.mark.parametrize("text", ["", " ", "always", "Mo-Fr 9-17", "24/24", "Mo-Fr 09:00-19:00; " * 50])
def test_other_texts_are_no_opening_hours(text: str) -> None:
    assert not is_opening_hours(text)
    assert len(text) < CHARACTERS_MAX or not is_opening_hours(text.strip("; "))
