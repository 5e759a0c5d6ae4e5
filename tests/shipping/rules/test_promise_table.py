"""The golden table of promises: what was ordered when, with which truck it leaves, and between which days it arrives.

All times are local to the place that serves the order. The table was made by hand, with a calendar.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from tests.shipping.words import (
    COLISSIMO,
    COLLECT,
    EXPRESS,
    LYON,
    RELAY,
    SAME_DAY,
    VAN,
    at,
    on,
    place,
    point,
    to,
)

from aftercart.inventory.model import Location
from aftercart.kit.refusal import Refusal
from aftercart.shipping.model import Ineligible, Promise, floor_resource
from aftercart.shipping.rules.promise import (
    Origin,
    SlotFull,
    SlotNotOffered,
    SlotNotReachable,
    promise_for,
)
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable
from aftercart.shipping.rules.work import truck_with_room

METHODS: Final = {
    "colissimo": COLISSIMO,  # 2 to 3 days, Monday to Saturday
    "express": EXPRESS,  # the next day, Monday to Friday; 1 to 2 to Europe, 2 to 4 to the world
    "relay": RELAY,  # 3 to 5 days, Monday to Saturday
    "collect": COLLECT,
    "same-day": SAME_DAY,
    "van": VAN,  # the next day, Monday to Saturday, 08:00 to 10:00 and 18:00 to 20:00
}
DAILY: Final = (1, 2, 3, 4, 5, 6, 7)
PLACES: Final[Mapping[str, Location]] = {
    "LYON": LYON,
    "METZ": place("METZ", postcode="57000"),
    "TOURS": place("TOURS", postcode="37000", closed_dates=(on("Fri 2026-05-15"),)),
    "RENNES": place("RENNES", postcode="35000", working_days=(1, 2, 3, 4, 5, 6), cutoff="16:00"),
    "NICE": place("NICE", postcode="06000", working_days=DAILY, cutoff="12:00"),
    "RUNGIS": place("RUNGIS", postcode="94150", working_days=DAILY, cutoff="02:30"),
    "REUNION": place("REUNION", postcode="97400", working_days=(1, 2, 3, 4, 5, 6), timezone="Indian/Reunion"),
    "MARAIS": place("MARAIS", postcode="75003", kind="store", working_days=(2, 3, 4, 5, 6), cutoff="17:00"),
    "BUSY": place("BUSY", hourly_capacity_orders=10),  # Monday and Tuesday, 2 and 3 March, are booked to the last order
}
FULL: Final = {
    (floor_resource("BUSY"), at("Mon 2026-03-02 14:00")): (10,) * 6,
    (floor_resource("BUSY"), at("Tue 2026-03-03 14:00")): (10,) * 6,
}

TABLE: Final = """
colissimo | LYON    | 75002       | Mon 2026-03-02 10:00 | Mon 2026-03-02 14:00 | Wed 2026-03-04 | Thu 2026-03-05 | any Monday
colissimo | LYON    | 75002       | Mon 2026-03-02 13:59 | Mon 2026-03-02 14:00 | Wed 2026-03-04 | Thu 2026-03-05 | the last minute
colissimo | LYON    | 75002       | Mon 2026-03-02 14:00 | Tue 2026-03-03 14:00 | Thu 2026-03-05 | Fri 2026-03-06 | the cut-off itself is too late
colissimo | LYON    | 75002       | Fri 2026-03-06 15:00 | Mon 2026-03-09 14:00 | Wed 2026-03-11 | Thu 2026-03-12 | Friday after the cut-off
colissimo | LYON    | 75002       | Sat 2026-03-07 09:00 | Mon 2026-03-09 14:00 | Wed 2026-03-11 | Thu 2026-03-12 | Saturday
colissimo | LYON    | 75002       | Thu 2026-03-05 10:00 | Thu 2026-03-05 14:00 | Sat 2026-03-07 | Mon 2026-03-09 | Saturday counts, Sunday does not
express   | LYON    | 75002       | Mon 2026-03-02 10:00 | Mon 2026-03-02 14:00 | Tue 2026-03-03 | Tue 2026-03-03 | the next day
express   | LYON    | 75002       | Fri 2026-03-06 10:00 | Fri 2026-03-06 14:00 | Mon 2026-03-09 | Mon 2026-03-09 | express does not work on Saturday
express   | LYON    | 75002       | Fri 2026-03-06 18:00 | Mon 2026-03-09 14:00 | Tue 2026-03-10 | Tue 2026-03-10 | express on Friday evening
express   | LYON    | 75002       | Sat 2026-03-07 11:00 | Mon 2026-03-09 14:00 | Tue 2026-03-10 | Tue 2026-03-10 | express on Saturday
relay     | LYON    | 75002       | Mon 2026-03-02 10:00 | Mon 2026-03-02 14:00 | Thu 2026-03-05 | Sat 2026-03-07 | to a point not chosen yet
relay     | LYON    | 75002       | Wed 2026-03-04 10:00 | Wed 2026-03-04 14:00 | Sat 2026-03-07 | Tue 2026-03-10 | over a Sunday
same-day  | LYON    | 69003       | Mon 2026-03-02 10:00 | Mon 2026-03-02 14:00 | Mon 2026-03-02 | Mon 2026-03-02 | on the day itself
same-day  | LYON    | 69003       | Fri 2026-03-06 15:00 | Mon 2026-03-09 14:00 | Mon 2026-03-09 | Mon 2026-03-09 | on the day of the truck
colissimo | RENNES  | 75002       | Sat 2026-03-07 10:00 | Sat 2026-03-07 16:00 | Tue 2026-03-10 | Wed 2026-03-11 | a place that works on Saturday
colissimo | NICE    | 75002       | Sun 2026-03-08 10:00 | Sun 2026-03-08 12:00 | Wed 2026-03-11 | Thu 2026-03-12 | the carrier takes it on Monday
colissimo | LYON    | 75002       | Fri 2026-03-27 13:00 | Fri 2026-03-27 14:00 | Mon 2026-03-30 | Tue 2026-03-31 | clocks go forward on the way
colissimo | LYON    | 75002       | Fri 2026-03-27 14:30 | Mon 2026-03-30 14:00 | Wed 2026-04-01 | Thu 2026-04-02 | clocks go forward before the truck
colissimo | RUNGIS  | 75002       | Sat 2026-03-28 21:00 | Sun 2026-03-29 03:30 | Wed 2026-04-01 | Thu 2026-04-02 | 02:30 does not exist that night
colissimo | LYON    | 75002       | Fri 2026-10-23 14:30 | Mon 2026-10-26 14:00 | Wed 2026-10-28 | Thu 2026-10-29 | clocks go back before the truck
colissimo | RUNGIS  | 75002       | Sat 2026-10-24 21:00 | Sun 2026-10-25 02:30 | Wed 2026-10-28 | Thu 2026-10-29 | 02:30 comes twice, the first counts
colissimo | LYON    | 75002       | Thu 2026-04-30 10:00 | Thu 2026-04-30 14:00 | Mon 2026-05-04 | Tue 2026-05-05 | 1 May on the way
colissimo | LYON    | 75002       | Thu 2026-04-30 15:00 | Mon 2026-05-04 14:00 | Wed 2026-05-06 | Thu 2026-05-07 | no truck on 1 May
colissimo | LYON    | 75002       | Fri 2026-05-01 10:00 | Mon 2026-05-04 14:00 | Wed 2026-05-06 | Thu 2026-05-07 | ordered on 1 May
express   | LYON    | 75002       | Thu 2026-04-30 10:00 | Thu 2026-04-30 14:00 | Mon 2026-05-04 | Mon 2026-05-04 | express over 1 May
relay     | LYON    | 75002       | Mon 2026-05-04 10:00 | Mon 2026-05-04 14:00 | Thu 2026-05-07 | Mon 2026-05-11 | 8 May on the way
express   | LYON    | 75002       | Wed 2026-05-13 10:00 | Wed 2026-05-13 14:00 | Fri 2026-05-15 | Fri 2026-05-15 | Ascension on the way
colissimo | LYON    | 75002       | Wed 2026-05-13 15:00 | Fri 2026-05-15 14:00 | Mon 2026-05-18 | Tue 2026-05-19 | no truck on Ascension
colissimo | TOURS   | 75002       | Wed 2026-05-13 15:00 | Mon 2026-05-18 14:00 | Wed 2026-05-20 | Thu 2026-05-21 | the bridge after Ascension, closed
express   | LYON    | 75002       | Fri 2026-05-22 15:00 | Tue 2026-05-26 14:00 | Wed 2026-05-27 | Wed 2026-05-27 | Pentecost Monday
colissimo | LYON    | 75002       | Mon 2026-07-13 10:00 | Mon 2026-07-13 14:00 | Thu 2026-07-16 | Fri 2026-07-17 | 14 July
colissimo | LYON    | 75002       | Thu 2026-08-13 10:00 | Thu 2026-08-13 14:00 | Mon 2026-08-17 | Tue 2026-08-18 | 15 August, a Saturday
colissimo | LYON    | 75002       | Tue 2026-11-10 15:00 | Thu 2026-11-12 14:00 | Sat 2026-11-14 | Mon 2026-11-16 | 11 November
colissimo | LYON    | 57000       | Tue 2026-03-31 10:00 | Tue 2026-03-31 14:00 | Thu 2026-04-02 | Sat 2026-04-04 | Good Friday in Moselle
colissimo | LYON    | 75002       | Tue 2026-03-31 10:00 | Tue 2026-03-31 14:00 | Thu 2026-04-02 | Fri 2026-04-03 | Good Friday elsewhere
colissimo | METZ    | 75002       | Thu 2026-04-02 15:00 | Tue 2026-04-07 14:00 | Thu 2026-04-09 | Fri 2026-04-10 | Easter in Moselle, no truck for four days
colissimo | LYON    | 75002       | Thu 2026-04-02 15:00 | Fri 2026-04-03 14:00 | Tue 2026-04-07 | Wed 2026-04-08 | Easter elsewhere
colissimo | LYON    | 57000       | Wed 2026-12-23 10:00 | Wed 2026-12-23 14:00 | Mon 2026-12-28 | Tue 2026-12-29 | 26 December in Moselle
colissimo | LYON    | 67000       | Wed 2026-12-23 10:00 | Wed 2026-12-23 14:00 | Mon 2026-12-28 | Tue 2026-12-29 | 26 December in Alsace
colissimo | LYON    | 75002       | Wed 2026-12-23 10:00 | Wed 2026-12-23 14:00 | Sat 2026-12-26 | Mon 2026-12-28 | Christmas week elsewhere
express   | LYON    | 75002       | Thu 2026-12-24 10:00 | Thu 2026-12-24 14:00 | Mon 2026-12-28 | Mon 2026-12-28 | express on Christmas Eve
colissimo | LYON    | 75002       | Thu 2026-12-24 15:00 | Mon 2026-12-28 14:00 | Wed 2026-12-30 | Thu 2026-12-31 | Christmas Eve after the cut-off
colissimo | LYON    | 75002       | Wed 2026-12-30 15:00 | Thu 2026-12-31 14:00 | Mon 2027-01-04 | Tue 2027-01-05 | New Year on the way
colissimo | LYON    | 75002       | Thu 2026-12-31 14:30 | Mon 2027-01-04 14:00 | Wed 2027-01-06 | Thu 2027-01-07 | New Year's Eve after the cut-off
colissimo | LYON    | 75002       | Mon 2028-02-28 10:00 | Mon 2028-02-28 14:00 | Wed 2028-03-01 | Thu 2028-03-02 | over a leap day
express   | LYON    | 75002       | Mon 2028-02-28 10:00 | Mon 2028-02-28 14:00 | Tue 2028-02-29 | Tue 2028-02-29 | on a leap day
colissimo | LYON    | 20000       | Mon 2026-03-02 10:00 | Mon 2026-03-02 14:00 | Wed 2026-03-04 | Thu 2026-03-05 | Corsica is France
colissimo | LYON    | MC 98000    | Fri 2026-01-23 10:00 | Fri 2026-01-23 14:00 | Mon 2026-01-26 | Wed 2026-01-28 | Saint Devote in Monaco
colissimo | LYON    | 06000       | Fri 2026-01-23 10:00 | Fri 2026-01-23 14:00 | Mon 2026-01-26 | Tue 2026-01-27 | Nice, beside it
express   | LYON    | 97400       | Mon 2026-03-02 10:00 | Mon 2026-03-02 14:00 | Wed 2026-03-04 | Fri 2026-03-06 | overseas is the world
express   | LYON    | RE 97400    | Mon 2026-03-02 10:00 | Mon 2026-03-02 14:00 | Wed 2026-03-04 | Fri 2026-03-06 | by whichever country code
express   | LYON    | 97110       | Tue 2026-05-26 10:00 | Tue 2026-05-26 14:00 | Fri 2026-05-29 | Tue 2026-06-02 | Guadeloupe has a holiday of its own
express   | REUNION | 97410       | Fri 2026-12-18 15:00 | Sat 2026-12-19 14:00 | Wed 2026-12-23 | Mon 2026-12-28 | the carrier takes it on Monday, four hours ahead
colissimo | LYON    | DE 10115    | Wed 2026-09-30 10:00 | Wed 2026-09-30 14:00 | Fri 2026-10-02 | Mon 2026-10-05 | Germany's holiday
express   | LYON    | GB SW1A 1AA | Thu 2026-04-30 10:00 | Thu 2026-04-30 14:00 | Fri 2026-05-01 | Tue 2026-05-05 | 1 May is no holiday in Britain, 4 May is
express   | LYON    | US 10001    | Thu 2026-07-02 10:00 | Thu 2026-07-02 14:00 | Tue 2026-07-07 | Thu 2026-07-09 | 4 July, kept on 3 July
collect   | MARAIS  | 75003       | Sat 2026-03-07 10:00 | Sat 2026-03-07 17:00 | Sat 2026-03-07 | Sat 2026-03-07 | collected on the same day
collect   | MARAIS  | 75003       | Sat 2026-03-07 18:00 | Tue 2026-03-10 17:00 | Tue 2026-03-10 | Tue 2026-03-10 | a store closed on Monday
collect   | MARAIS  | 75003       | Mon 2026-03-09 10:00 | Tue 2026-03-10 17:00 | Tue 2026-03-10 | Tue 2026-03-10 | ordered on that Monday
collect   | MARAIS  | 75003       | Thu 2026-04-30 18:00 | Sat 2026-05-02 17:00 | Sat 2026-05-02 | Sat 2026-05-02 | a store on 1 May
colissimo | BUSY    | 75002       | Mon 2026-03-02 10:00 | Wed 2026-03-04 14:00 | Fri 2026-03-06 | Sat 2026-03-07 | two full trucks
colissimo | BUSY    | 75002       | Tue 2026-03-03 15:00 | Wed 2026-03-04 14:00 | Fri 2026-03-06 | Sat 2026-03-07 | after the full trucks
"""  # noqa: E501 - a table

SUPPLIED: Final = """
colissimo | LYON    | 75002       | Mon 2026-03-02 10:00 | Mon 2026-03-16 14:00 | Wed 2026-03-18 | Thu 2026-03-19 | LYON Mon 2026-03-16 08:00
colissimo | LYON    | 75002       | Mon 2026-03-02 10:00 | Mon 2026-03-16 14:00 | Wed 2026-03-18 | Thu 2026-03-19 | LYON Fri 2026-03-13 18:00
colissimo | LYON    | 75002       | Mon 2026-03-02 10:00 | Mon 2026-05-04 14:00 | Wed 2026-05-06 | Thu 2026-05-07 | LYON Fri 2026-05-01 08:00
colissimo | LYON    | 75002       | Thu 2026-04-02 15:00 | Fri 2026-04-03 14:00 | Thu 2026-04-09 | Fri 2026-04-10 | METZ Thu 2026-04-02 15:00
express   | LYON    | 75002       | Mon 2026-03-02 10:00 | Mon 2026-03-02 14:00 | Wed 2026-03-11 | Wed 2026-03-11 | METZ Tue 2026-03-10 08:00
"""  # noqa: E501 - a table
"""Where goods wait for a supply, or come from a second place; the last column says when they are where."""

AT_POINTS: Final = """
relay     | LYON    | 75002       | Thu 2026-03-05 10:00 | Thu 2026-03-05 14:00 | Mon 2026-03-09 | Thu 2026-03-12 | Mo-Sa 09:00-19:00; We off
relay     | LYON    | 75002       | Thu 2026-03-05 10:00 | Thu 2026-03-05 14:00 | Tue 2026-03-10 | Wed 2026-03-11 | Tu-Sa 10:00-12:00,14:00-18:00
relay     | LYON    | 75002       | Thu 2026-03-05 10:00 | Thu 2026-03-05 14:00 | Mon 2026-03-09 | Wed 2026-03-11 | 24/7
relay     | LYON    | 75002       | Thu 2026-07-30 10:00 | Thu 2026-07-30 14:00 | Tue 2026-09-01 | Tue 2026-09-01 | Mo-Sa 09:00-19:00; Aug off
relay     | LYON    | 57000       | Mon 2026-03-30 10:00 | Mon 2026-03-30 14:00 | Thu 2026-04-02 | Tue 2026-04-07 | Mo-Sa 09:00-19:00
"""  # noqa: E501 - a table
"""At a pickup point that was chosen, with its opening hours; the last one is in Moselle before Easter."""

SLOTS: Final = """
van       | LYON    | 69003       | Mon 2026-03-02 10:00 | Wed 2026-03-04 08:00 | 0 | Wed 2026-03-04
van       | LYON    | 69003       | Mon 2026-03-02 10:00 | Tue 2026-03-03 08:00 | 1 | Tue 2026-03-03
van       | LYON    | 69003       | Mon 2026-03-02 10:00 | Tue 2026-03-03 08:00 | 2 | slot_full
van       | LYON    | 69003       | Mon 2026-03-02 10:00 | Mon 2026-03-02 18:00 | 0 | slot_not_reachable
van       | LYON    | 69003       | Mon 2026-03-02 15:00 | Tue 2026-03-03 18:00 | 0 | slot_not_reachable
van       | LYON    | 69003       | Mon 2026-03-02 10:00 | Sun 2026-03-08 08:00 | 0 | slot_not_offered
van       | LYON    | 69003       | Mon 2026-03-02 10:00 | Tue 2026-03-03 09:00 | 0 | slot_not_offered
van       | LYON    | 69003       | Mon 2026-03-02 10:00 | Tue 2026-03-17 08:00 | 0 | slot_not_offered
van       | LYON    | 69003       | Thu 2026-04-30 10:00 | Fri 2026-05-01 08:00 | 0 | slot_not_offered
van       | LYON    | 69003       | Mon 2026-03-02 06:30 | Mon 2026-03-02 08:00 | 0 | slot_not_offered
van       | LYON    | 69003       | Thu 2026-03-26 10:00 | Mon 2026-03-30 08:00 | 0 | Mon 2026-03-30
"""
"""A slot that was chosen, how many others have it, and the promise or the refusal."""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def promised(row: list[str], *, ready: Mapping[str, datetime] | None = None, **options: Any) -> Promise:
    method, code, destination, placed, *_ = row
    serving = PLACES[code]
    now = at(placed, ZoneInfo(serving.timezone))
    origins = [Origin(location=serving, ready_at=now)]
    for other, ready_at in (ready or {}).items():
        if other == code:
            origins = []
        origins.append(Origin(location=PLACES[other], ready_at=ready_at))

    def truck_of(origin: Origin) -> datetime:
        return truck_with_room(
            origin.location, origin.ready_at, lambda resource, truck: FULL.get((resource, truck), ())
        )

    return promise_for(
        method=METHODS[method], destination=to(destination), origins=origins, now=now, truck_of=truck_of, **options
    )


def expect(promise: Promise, row: list[str]) -> None:
    _, code, _, _, truck, earliest, latest, *_ = row
    zone = ZoneInfo(PLACES[code].timezone)
    shown = f"{promise.trucks[0].at.astimezone(zone):%a %Y-%m-%d %H:%M}"
    dates = f"{promise.earliest_date:%a %Y-%m-%d}", f"{promise.date:%a %Y-%m-%d}"
    assert (shown, *dates) == (truck, earliest, latest)


@pytest.mark.parametrize("row", rows(TABLE), ids=lambda row: f"{row[-1]} ({row[0]})")
def test_the_promise_is_that_of_the_table(row: list[str]) -> None:
    expect(promised(row), row)


@pytest.mark.parametrize("row", rows(SUPPLIED), ids=lambda row: row[-1])
def test_the_promise_waits_for_supply_and_for_the_last_parcel(row: list[str]) -> None:
    code, _, ready = row[-1].partition(" ")
    promise = promised(row, ready={code: at(ready)})
    expect(promise, row)


@pytest.mark.parametrize("row", rows(AT_POINTS), ids=lambda row: row[-1])
def test_a_parcel_is_promised_for_a_day_on_which_its_point_opens(row: list[str]) -> None:
    expect(promised(row, point=point(row[-1], postcode=row[2])), row)


@pytest.mark.parametrize("row", rows(SLOTS), ids=lambda row: f"{row[4]} at {row[3]}, {row[-1]}")
def test_a_slot_is_promised_or_refused(row: list[str]) -> None:
    *_, slot, booked, expected = row
    refusals: dict[str, type[Refusal]] = {one.code: one for one in (SlotFull, SlotNotReachable, SlotNotOffered)}
    if expected in refusals:
        with pytest.raises(refusals[expected]) as refused:
            promised(row, slot=at(slot), slot_booked=int(booked))
        assert (refused.value.param, refused.value.values["slot_at"]) == ("delivery.slot", at(slot))
    else:
        promise = promised(row, slot=at(slot), slot_booked=int(booked))
        assert promise.earliest_date == promise.date == on(expected)
        assert promise.slot is not None
        assert promise.slot.starts_at == at(slot)


def test_the_table_is_long_enough_to_be_trusted() -> None:
    assert sum(len(rows(table)) for table in (TABLE, SUPPLIED, AT_POINTS, SLOTS)) >= 80


@pytest.mark.parametrize(("method", "destination"), [("colissimo", "97400"), ("relay", "US 10001"), ("van", "BE 1000")])
def test_where_a_method_does_not_go_nothing_is_promised(method: str, destination: str) -> None:
    with pytest.raises(DeliveryMethodNotAvailable) as refused:
        promised([method, "LYON", destination, "Mon 2026-03-02 10:00"])
    assert refused.value.ineligible is Ineligible.NOT_IN_ZONE


def test_a_point_that_never_opens_gets_no_promise() -> None:
    with pytest.raises(DeliveryMethodNotAvailable) as refused:
        promised(["relay", "LYON", "75002", "Mon 2026-03-02 10:00"], point=point("off"))
    assert (refused.value.ineligible, refused.value.param) == (Ineligible.POINT_CLOSED, "delivery.pickup_point")
