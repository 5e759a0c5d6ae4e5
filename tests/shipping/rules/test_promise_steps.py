"""The steps of a promise say what happened to it: why a truck is a later one, and which days did not count."""

from datetime import datetime

import msgspec
import pytest
from tests.shipping.words import COLISSIMO, COLLECT, LYON, RELAY, VAN, Place, at, on, place, point, to

from aftercart.shipping.model import Promise, StepKind, StepReason
from aftercart.shipping.rules.promise import Origin, promise_for
from aftercart.shipping.rules.trucks import next_truck

CLOSED_TUESDAY = place("W", closed_dates=(on("Tue 2026-03-03"),))


def promised(location: Place, placed: str, *, truck: str | None = None) -> Promise:
    now = at(placed)
    origins = (Origin(location=location, ready_at=now),)

    def truck_of(origin: Origin) -> datetime:
        return next_truck(origin.location, now) if truck is None else at(truck)

    return promise_for(method=COLISSIMO, destination=to("75002"), origins=origins, now=now, truck_of=truck_of)


@pytest.mark.parametrize(
    ("location", "placed", "truck", "why", "passed"),
    [
        (LYON, "Mon 2026-03-02 10:00", None, None, []),
        (LYON, "Mon 2026-03-02 14:00", None, StepReason.AFTER_CUTOFF, []),
        (LYON, "Sun 2026-03-01 10:00", None, StepReason.CLOSED, []),
        (LYON, "Thu 2026-04-30 15:00", None, StepReason.AFTER_CUTOFF, ["Fri 2026-05-01"]),
        (LYON, "Fri 2026-05-01 10:00", None, StepReason.CLOSED, ["Fri 2026-05-01"]),
        (CLOSED_TUESDAY, "Mon 2026-03-02 15:00", None, StepReason.AFTER_CUTOFF, ["Tue 2026-03-03"]),
        (LYON, "Mon 2026-03-02 10:00", "Tue 2026-03-03 14:00", StepReason.TRUCK_FULL, []),
        (LYON, "Mon 2026-03-02 15:00", "Wed 2026-03-04 14:00", StepReason.TRUCK_FULL, []),
        (LYON, "Sat 2026-03-07 15:00", "Tue 2026-03-10 14:00", StepReason.TRUCK_FULL, []),
        (LYON, "Mon 2026-03-02 15:00", "Tue 2026-03-03 14:00", StepReason.AFTER_CUTOFF, []),
    ],
)
def test_a_later_truck_has_its_reason(
    location: Place, placed: str, truck: str | None, why: StepReason | None, passed: list[str]
) -> None:
    step = promised(location, placed, truck=truck).steps[1]
    assert (step.kind, step.why, step.passed) == (StepKind.TRUCK, why, tuple(on(day) for day in passed))


def test_steps_are_kept_short_and_read_back_as_they_were() -> None:
    promise = promised(LYON, "Thu 2026-04-30 15:00")
    stored = msgspec.json.encode(promise)
    assert len(stored) < 450
    assert msgspec.json.decode(stored, type=Promise) == promise


def kinds(promise: Promise) -> list[str]:
    return [step.kind.value for step in promise.steps]


def test_every_way_of_delivery_has_its_steps() -> None:
    now = at("Thu 2026-03-05 10:00")
    here = (Origin(location=LYON, ready_at=now),)
    supplied = (Origin(location=LYON, ready_at=at("Mon 2026-03-09 08:00")),)
    relay = promise_for(
        method=RELAY, destination=to("75002"), origins=here, now=now, point=point("Mo-Sa 09:00-19:00; We off")
    )
    van = promise_for(method=VAN, destination=to("75002"), origins=here, now=now, slot=at("Mon 2026-03-09 08:00"))
    pickup = promise_for(method=COLLECT, destination=to("75002"), origins=here, now=now)
    both = promise_for(method=COLISSIMO, destination=to("75002"), origins=(*here, *supplied), now=now)
    assert kinds(relay) == ["stock", "truck", "transit", "point"]
    assert kinds(van) == ["stock", "truck", "transit", "slot"]
    assert kinds(pickup) == ["stock", "store"]
    assert kinds(both) == ["stock", "truck", "transit", "supply", "truck", "transit", "last_parcel"]
    assert [truck.location for truck in both.trucks] == ["LYON", "LYON"]


def test_the_promise_names_the_version_of_the_method_it_was_made_with() -> None:
    now = at("Mon 2026-03-02 10:00")
    changed = msgspec.structs.replace(COLISSIMO, version=7)
    origins = (Origin(location=LYON, ready_at=now),)
    assert promise_for(method=changed, destination=to("75002"), origins=origins, now=now).method_version == 7
