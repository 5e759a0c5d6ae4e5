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
    working_hours,
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
lateness = st.floats(1, 3)
"""The same, when the release is late: others did not wait."""


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


def all_but_own(given: Order, there: Floors) -> Taken:
    """Returns hours of the order's trucks that others have taken, all but those the order has kept for itself."""
    taken: Taken = {}
    for code, truck in trucks_of(given).items():
        capacity = there[code].hourly_capacity_orders
        if capacity is not None:
            own = Counter({one.hour: one.quantity for one in given.bookings if one.resource == floor_resource(code)})
            taken[code, truck] = Counter(dict.fromkeys(working_hours(there[code], truck), capacity)) - own
    return taken


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
def test_the_first_truck_that_can_be_reached_is_promised(scene: Scene, rule: ReleaseRule) -> None:
    now, there, taken = scene
    source = known(there, taken, rule, now)
    new = placed("1 A W1 reserved 1", "2 A W2 reserved 1", source=source)
    assert trucks_of(new) == {code: first_truck(floor, taken, after=now) for code, floor in there.items()}
    assert_released_in_time(new, there, taken, rule, now)
    assert looked_at(new, new, known(there, with_own(new, taken), rule, now)) == new


@given(scenes("W1", "W2"), rules, st.lists(patience, min_size=1, max_size=4))
def test_an_edit_before_the_release_moves_no_truck_and_no_date(
    scene: Scene, rule: ReleaseRule, edits: list[float]
) -> None:
    now, there, taken = scene
    edited = first = placed("1 A W1 reserved 2", "2 A W2 reserved 1", source=known(there, taken, rule, now))
    for number, waited in enumerate(edits):
        assert edited.release_at is not None
        now += (edited.release_at - now) * waited
        taken = all_but_own(edited, there)
        source = known(there, with_own(edited, taken), rule, now)
        words = GiftMessageAdded(line=None, message=f"Thought {number}")
        edited = evolve(edited, settle(edited, words, source, change=ChangeKind.ADD_GIFT_MESSAGE), order_id=ORDER_ID)
        assert edited.delivery == first.delivery
        assert_released_in_time(edited, there, taken, rule, now)
        assert looked_at(edited, edited, known(there, with_own(edited, taken), rule, now)) == edited


@given(scenes("W1", "W2"), rules, lateness)
def test_an_edit_of_an_order_whose_release_is_late_keeps_every_truck_that_can_still_be_reached(
    scene: Scene, rule: ReleaseRule, waited: float
) -> None:
    now, there, taken = scene
    first = placed("1 A W1 reserved 2", "2 A W2 reserved 1", source=known(there, taken, rule, now))
    assert first.release_at is not None
    now += (first.release_at - now) * waited
    taken = all_but_own(first, there)
    words = GiftMessageAdded(line=None, message="A late thought")
    settled = settle(first, words, known(there, with_own(first, taken), rule, now), change=ChangeKind.ADD_GIFT_MESSAGE)
    edited = evolve(first, settled, order_id=ORDER_ID)
    assert trucks_of(edited) == {
        code: truck
        if can_be_reached(there[code], truck, taken, after=now)
        else first_truck(there[code], taken, after=now)
        for code, truck in trucks_of(first).items()
    }
    assert (edited.delivery == first.delivery) == (trucks_of(edited) == trucks_of(first))
    assert_released_in_time(edited, there, taken, rule, now)


@given(scenes("W1"), rules, st.integers(0, 4 * 24 * 60), st.data())
def test_a_hold_that_is_lifted_keeps_the_truck_unless_it_cannot_be_reached_any_more(
    scene: Scene, rule: ReleaseRule, minutes: int, data: st.DataObject
) -> None:
    now, there, taken = scene
    w1 = there["W1"]
    new = placed("1 A W1 reserved 1", source=known(there, taken, rule, now))
    stop = OrderHeld(hold=HoldReason.MANUAL, since=now, expires_at=None, note=None)
    held = evolve(new, settle(new, stop, known(there, with_own(new, taken), rule, now)), order_id=ORDER_ID)
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


@given(scenes("W1", "W2"), rules, st.integers(0, 9))
def test_parts_leave_with_the_first_trucks_after_the_rest_comes_and_once_a_split_is_accepted_without_it(
    scene: Scene, rule: ReleaseRule, days: int
) -> None:
    now, there, taken = scene
    expected = now.date() + timedelta(days=days + 1)
    supply = Incoming(reference="PO-1", expected_date=expected, quantity=9)
    source = known(there, taken, rule, now, supply)
    waits = placed("1 A W1 reserved 1", "2 B W1 backordered 1", "3 A W2 reserved 1", source=source)
    assert (waits.release_at, waits.bookings) == (None, ())
    comes = max(opening(there["W1"], expected), now)
    assert trucks_of(waits) == {code: first_truck(floor, taken, after=comes) for code, floor in there.items()}
    split = looked_at(waits, msgspec.structs.replace(waits, split_accepted=True), source)
    next_ones = {(code, first_truck(floor, taken, after=now)) for code, floor in there.items()}
    assert split.delivery.promise is not None
    left = {(truck.location, truck.at) for truck in split.delivery.promise.trucks}
    assert left == next_ones | {("W1", trucks_of(waits)["W1"])}
    assert split.release_at is not None
    assert now <= split.release_at <= min(at for _, at in next_ones)
    counted = {code for code, floor in there.items() if floor.hourly_capacity_orders is not None}
    booked = {(one.resource.removeprefix("floor:"), one.at) for one in split.bookings}
    assert booked == {(code, at) for code, at in next_ones if code in counted}
    assert split.delivery.promised_date is not None
    assert waits.delivery.promised_date is not None
    assert split.delivery.promised_date <= waits.delivery.promised_date
    assert looked_at(split, split, known(there, with_own(split, taken), rule, now, supply)) == split
