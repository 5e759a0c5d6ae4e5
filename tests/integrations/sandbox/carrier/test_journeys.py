"""A parcel travels from Monday to Saturday, arrives when its method says, and meets what its recipient asks for."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.integrations.sandbox.carrier.parcels import TO_A_POINT, request

from aftercart.integrations.sandbox.carrier.journal import Bought
from aftercart.integrations.sandbox.carrier.journeys import announcement, journey
from aftercart.integrations.sandbox.carrier.terms import terms_for
from aftercart.integrations.sandbox.carrier.tracking_numbers import tracking_number

FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
SUNDAY = 7


def bought(parcel: int = 1, **changes: Any) -> Bought:
    number = tracking_number(parcel, service="CB", country="FR")
    return Bought(request=request(**changes), tracking_number=number, price_minor=520, at=FRIDAY)


def statuses(**changes: Any) -> list[str]:
    return [step.event.status.value for step in journey(bought(**changes), FRIDAY)]


ROUND = "out_for_delivery"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ["in_transit", ROUND, "delivered"]),
        ({"marks": "+failed"}, ["in_transit", ROUND, "failed", ROUND, "delivered"]),
        ({"marks": "+returned"}, ["in_transit", ROUND, "failed", "returned"]),
        ({"marks": "+lost"}, ["in_transit"]),
        ({"marks": "+messy"}, [ROUND, "delivered", "in_transit", "delivered"]),
        (TO_A_POINT, ["in_transit", "available_at_point", "delivered"]),
        (TO_A_POINT | {"marks": "+returned"}, ["in_transit", "available_at_point", "returned"]),
    ],
)
def test_a_parcel_meets_what_its_recipient_asks_for(changes: dict[str, Any], told: list[str]) -> None:
    assert statuses(**changes) == told


@pytest.mark.parametrize("changes", [{}, {"method": "chronopost-express"}, TO_A_POINT])
def test_parcels_arrive_on_the_days_their_method_says(changes: dict[str, Any]) -> None:
    terms = terms_for(request(**changes))
    days: set[int] = set()
    for parcel in range(100):
        arrived = journey(bought(parcel, **changes), FRIDAY)[1].event.at.date()
        assert arrived.isoweekday() != SUNDAY
        between = (arrived - FRIDAY.date()).days
        days.add(between - 1 if between >= 2 else between)  # one Sunday lies between
    assert days == set(range(terms.days_min, terms.days_max + 1))


def test_a_late_parcel_comes_a_week_later() -> None:
    on_time, late = journey(bought(), FRIDAY)[-1], journey(bought(marks="+late"), FRIDAY)[-1]
    assert (late.due_at - on_time.due_at).days == 7


def test_what_is_told_late_happened_earlier_and_what_comes_twice_is_one_event() -> None:
    steps = journey(bought(marks="+messy"), FRIDAY)
    _, delivered, in_transit, again = steps
    assert in_transit.event.at < delivered.event.at == in_transit.due_at
    assert again == delivered
    assert [step.due_at for step in steps] == sorted(step.due_at for step in steps)


def test_the_events_of_a_parcel_have_names_of_their_own() -> None:
    for one in (bought(marks="+failed"), bought(**TO_A_POINT), bought(marks="+returned")):
        ids = [step.event.event_id for step in (announcement(one), *journey(one, FRIDAY))]
        assert len(set(ids)) == len(ids)
