"""Release never breaks a promise: whatever the calendar, the hands and the rule, an edit in time keeps the truck."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.orders.floors_on_paper import (
    HOUR,
    Taken,
    bookings_of_others,
    can_be_reached,
    first_truck,
    floors,
    free_hours,
    moments,
    opening,
)
from tests.scenario import BACKORDERS, ORDER_ID, facts, order

from aftercart.inventory.model import Incoming, Location, Stock
from aftercart.orders.events import GiftMessageAdded, HoldLifted, OrderHeld
from aftercart.orders.evolve import evolve
from aftercart.orders.model import DEFAULT_POLICY, ChangeKind, HoldReason, Order, ReleaseMode, ReleaseRule
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.outlook import outlook_of
from aftercart.shipping.model import floor_resource

Floors = Mapping[str, Location]

rules = st.builds(ReleaseRule, mode=st.sampled_from(ReleaseMode), minutes=st.sampled_from([0, 20, 30, 90, 600]))
patience = st.floats(0, 0.999)
"""How much of the time until the release has passed when somebody thinks of something else."""


class Scene(NamedTuple):
    """Floors at a moment, and what others have taken of their trucks."""

    now: datetime
    there: Floors
    taken: Taken


@st.composite
def scenes(draw: st.DrawFn, *codes: str) -> Scene:
    now = draw(moments())
    there = {code: draw(floors(code, around=now)) for code in codes}
    taken: Taken = {}
    for floor in there.values():
        taken |= draw(bookings_of_others(floor, around=now))
    return Scene(now, there, taken)


def known(there: Floors, taken: Taken, rule: ReleaseRule, now: datetime, *incoming: Incoming) -> Facts:
    def booked(resource: str, at: datetime) -> tuple[int, ...]:
        hours = taken.get((resource.removeprefix("floor:"), at), Counter[int]())
        return tuple(hours[hour] for hour in range(max(hours, default=-1) + 1))

    def stock_of(sku: str, code: str) -> Stock | None:
        return Stock(sku=sku, location=code, incoming=incoming) if (sku, code) == ("B", "W1") else None

    return facts(
        {},
        now=now,
        locations=tuple(there.values()),
        policy=msgspec.structs.replace(DEFAULT_POLICY, release=(rule,)),
        booked=booked,
        stock_of=stock_of,
        channel=BACKORDERS,
    )


def placed(*ledger: str, source: Facts) -> Order:
    bare = order(*ledger, awaited=(), bookings=(), placed_at=source.now)
    delivery = msgspec.structs.replace(bare.delivery, promise=None, promised_date=None)
    return looked_at(None, msgspec.structs.replace(bare, delivery=delivery), source)


def looked_at(before: Order | None, after: Order, source: Facts) -> Order:
    outlook = outlook_of(before, after, after.holds, source, now=source.now)
    return msgspec.structs.replace(
        after,
        delivery=outlook.delivery,
        awaited=outlook.awaited,
        bookings=outlook.bookings,
        release_at=outlook.release_at,
    )


def trucks_of(given: Order) -> dict[str, datetime]:
    assert given.delivery.promise is not None
    return {truck.location: truck.at for truck in given.delivery.promise.trucks}


def with_own(given: Order, taken: Taken) -> Taken:
    """Returns what is taken of all hours once the order has its own."""
    all_of_it = {place: Counter(hours) for place, hours in taken.items()}
    for one in given.bookings:
        hours = all_of_it.setdefault((one.resource.removeprefix("floor:"), one.at), Counter())
        hours[one.hour] += one.quantity
    return all_of_it


def releases(given: Order, there: Floors, taken: Taken, rule: ReleaseRule, now: datetime) -> Iterator[datetime]:
    """Yields when each floor gets the order, having checked that it has one free hour of it before the truck."""
    for code, truck in trucks_of(given).items():
        own = [one for one in given.bookings if one.resource == floor_resource(code)]
        if there[code].hourly_capacity_orders is None:
            assert own == []
            wished = {
                ReleaseMode.IMMEDIATELY: now,
                ReleaseMode.AFTER_GRACE: now + timedelta(minutes=rule.minutes),
                ReleaseMode.UNTIL_CUTOFF: truck - timedelta(minutes=rule.minutes),
            }[rule.mode]
            # A grace that ends after the truck has left is none: then it is half an hour before it.
            too_late = rule.mode is ReleaseMode.AFTER_GRACE and wished >= truck
            yield max(truck - timedelta(minutes=30) if too_late else wished, now)
            continue
        ((at, hour, quantity),) = [(one.at, one.hour, one.quantity) for one in own]
        assert (at, quantity) == (truck, 1)
        assert hour in free_hours(there[code], truck, taken, after=now)
        begins, ends = truck - (hour + 1) * HOUR, truck - hour * HOUR
        grace = now + timedelta(minutes=rule.minutes)
        in_time = rule.mode is ReleaseMode.AFTER_GRACE and grace < ends
        yield now if rule.mode is ReleaseMode.IMMEDIATELY else max(begins, grace if in_time else now)


def assert_released_in_time(given: Order, there: Floors, taken: Taken, rule: ReleaseRule, now: datetime) -> None:
    assert given.release_at is not None
    assert now <= given.release_at <= min(trucks_of(given).values())
    assert given.release_at == min(releases(given, there, taken, rule, now))
    for (code, _), hours in with_own(given, taken).items():
        capacity = there[code].hourly_capacity_orders
        assert capacity is not None
        assert max(hours.values(), default=0) <= capacity


@given(scenes("W1", "W2"), rules)
def test_the_first_truck_that_can_be_reached_is_promised_and_the_release_is_in_time_for_it(
    scene: Scene, rule: ReleaseRule
) -> None:
    now, there, taken = scene
    source = known(there, taken, rule, now)
    new = placed("1 A W1 reserved 1", "2 A W2 reserved 1", source=source)
    assert trucks_of(new) == {code: first_truck(floor, taken, after=now) for code, floor in there.items()}
    assert_released_in_time(new, there, taken, rule, now)
    assert looked_at(new, new, source) == new


@given(scenes("W1", "W2"), rules, st.lists(patience, min_size=1, max_size=4))
def test_an_edit_before_the_release_moves_no_truck_and_no_date(
    scene: Scene, rule: ReleaseRule, edits: list[float]
) -> None:
    now, there, taken = scene
    edited = first = placed("1 A W1 reserved 2", "2 A W2 reserved 1", source=known(there, taken, rule, now))
    for number, waited in enumerate(edits):
        assert edited.release_at is not None
        now += (edited.release_at - now) * waited
        # Others take all that the order has not kept for itself.
        full = {place: Counter({hour: _all_of(there[place[0]]) for hour in hours}) for place, hours in taken.items()}
        taken = {place: hours - _own(edited, place) for place, hours in full.items()}
        source = known(there, taken, rule, now)
        words = GiftMessageAdded(line=None, message=f"Thought {number}")
        edited = evolve(edited, settle(edited, words, source, change=ChangeKind.ADD_GIFT_MESSAGE), order_id=ORDER_ID)
        assert edited.delivery == first.delivery
        assert_released_in_time(edited, there, taken, rule, now)
        assert looked_at(edited, edited, source) == edited


@given(scenes("W1"), rules, st.integers(0, 4 * 24 * 60), st.data())
def test_a_hold_that_is_lifted_keeps_the_truck_unless_it_cannot_be_reached_any_more(
    scene: Scene, rule: ReleaseRule, minutes: int, data: st.DataObject
) -> None:
    now, there, taken = scene
    w1 = there["W1"]
    new = placed("1 A W1 reserved 1", source=known(there, taken, rule, now))
    stop = OrderHeld(hold=HoldReason.MANUAL, since=now, expires_at=None, note=None)
    held = evolve(new, settle(new, stop, known(there, taken, rule, now)), order_id=ORDER_ID)
    assert (held.release_at, held.bookings, held.delivery) == (None, (), new.delivery)
    later = now + timedelta(minutes=minutes)
    taken = data.draw(bookings_of_others(w1, around=now))
    source = known(there, taken, rule, later)
    lifted = evolve(held, settle(held, HoldLifted(hold=HoldReason.MANUAL), source), order_id=ORDER_ID)
    (truck,) = trucks_of(new).values()
    stays = can_be_reached(w1, truck, taken, after=later)
    assert trucks_of(lifted) == {"W1": truck if stays else first_truck(w1, taken, after=later)}
    assert (lifted.delivery == new.delivery) == stays
    assert_released_in_time(lifted, there, taken, rule, later)


@given(scenes("W1"), rules, st.integers(0, 9))
def test_what_waits_leaves_with_the_first_truck_after_it_comes_and_what_is_there_may_go_ahead(
    scene: Scene, rule: ReleaseRule, days: int
) -> None:
    now, there, taken = scene
    w1 = there["W1"]
    expected = now.date() + timedelta(days=days + 1)
    source = known(there, taken, rule, now, Incoming(reference="PO-1", expected_date=expected, quantity=9))
    waits = placed("1 A W1 reserved 1", "2 B W1 backordered 1", source=source)
    assert (waits.release_at, waits.bookings) == (None, ())
    assert trucks_of(waits) == {"W1": first_truck(w1, taken, after=max(opening(w1, expected), now))}
    split = looked_at(waits, msgspec.structs.replace(waits, split_accepted=True), source)
    assert (split.delivery.promised_date, trucks_of(split)) == (waits.delivery.promised_date, trucks_of(waits))
    next_one = first_truck(w1, taken, after=now)
    assert split.release_at is not None
    assert now <= split.release_at <= next_one
    assert [one.at for one in split.bookings] == ([] if w1.hourly_capacity_orders is None else [next_one])
    assert looked_at(split, split, source) == split


def _all_of(floor: Location) -> int:
    assert floor.hourly_capacity_orders is not None
    return floor.hourly_capacity_orders


def _own(given: Order, place: tuple[str, datetime]) -> Counter[int]:
    code, truck = place
    kept = (one for one in given.bookings if (one.resource, one.at) == (floor_resource(code), truck))
    return Counter({one.hour: one.quantity for one in kept})
