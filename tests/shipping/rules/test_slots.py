"""A scheduled method offers hours of a day, some days ahead and with some notice."""

from datetime import datetime

import msgspec
import pytest
from tests.shipping.words import PARIS_TIME, VAN, at

from aftercart.shipping.model import DeliveryMethod
from aftercart.shipping.rules.slots import find_slot, offered_slots

MONDAY = at("Mon 2026-03-02 10:00")


def offered(method: DeliveryMethod, now: datetime, region: str = "FR") -> list[str]:
    slots = [one.slot for one in offered_slots(method, region, now)]
    return [
        f"{one.starts_at.astimezone(PARIS_TIME):%a %d %H:%M}-{one.ends_at.astimezone(PARIS_TIME):%H:%M}"
        for one in slots
    ]


def test_slots_are_offered_from_after_the_notice_to_some_days_ahead() -> None:
    near = msgspec.structs.replace(VAN, slot_ahead_days_max=1)
    assert offered(near, MONDAY) == ["Mon 02 18:00-20:00", "Tue 03 08:00-10:00", "Tue 03 18:00-20:00"]
    assert offered(near, at("Mon 2026-03-02 16:00"))[0] == "Mon 02 18:00-20:00"
    assert offered(near, at("Mon 2026-03-02 16:01"))[0] == "Tue 03 08:00-10:00"


def test_no_slot_is_on_a_sunday_or_a_holiday_of_the_place() -> None:
    days = {one[4:6] for one in offered(VAN, at("Tue 2026-12-22 10:00"))}
    assert days & {"25", "26", "27"} == {"26"}
    assert "26" not in {one[4:6] for one in offered(VAN, at("Tue 2026-12-22 10:00"), "FR-57")}


def test_slots_keep_their_local_hour_when_clocks_change() -> None:
    assert "Mon 30 08:00-10:00" in offered(VAN, at("Fri 2026-03-27 10:00"))


@pytest.mark.parametrize(
    ("starts", "found"),
    [
        ("Mon 2026-03-02 18:00", True),
        ("Mon 2026-03-16 18:00", True),  # two weeks ahead
        ("Tue 2026-03-17 08:00", False),
        ("Mon 2026-03-02 08:00", False),  # over
        ("Sun 2026-03-08 08:00", False),
        ("Tue 2026-03-03 08:30", False),
    ],
)
def test_the_slot_that_starts_at_a_moment_is_found(starts: str, *, found: bool) -> None:
    slot = find_slot(VAN, "FR", starts_at=at(starts), now=MONDAY)
    assert (slot is not None) is found
    every = {one.slot.starts_at for one in offered_slots(VAN, "FR", MONDAY)}
    assert (at(starts) in every) is found


def test_every_offered_slot_is_found() -> None:
    for one in offered_slots(VAN, "FR", MONDAY):
        assert find_slot(VAN, "FR", starts_at=one.slot.starts_at, now=MONDAY) == one
