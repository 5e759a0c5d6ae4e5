"""What is to be expected of an order: its truck and promise, its hour at the floor, and until when minds may change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from tests.scenario import CUTOFF, NOW, PLACES, RELEASE, W1, booked_on, facts, location, order

from aftercart.orders.model import Awaited, Hold, HoldReason, Order, Policy, ReleaseMode, ReleaseRule
from aftercart.orders.rules.outlook import Outlook, outlook_of
from aftercart.shipping.model import Booking, Truck


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def look(after: Order, *, before: Order | None = None, holds: tuple[Hold, ...] = (), **changes: Any) -> Outlook:
    source = facts({}, **changes)
    return outlook_of(before, after, holds, source, now=source.now)


def with_rule(mode: ReleaseMode, minutes: int = 0) -> Policy:
    rule = ReleaseRule(mode=mode, minutes=minutes)
    return msgspec.structs.replace(facts().policy, release=(rule,))


def test_an_order_is_released_half_an_hour_before_its_truck_leaves() -> None:
    found = look(order("1 A W1 reserved 1"))
    assert (found.release_at, found.bookings) == (RELEASE, ())
    assert found.delivery.promise is not None
    assert found.delivery.promise.trucks == (Truck(location="W1", at=CUTOFF),)
    assert found.delivery.promised_date == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("mode", "minutes", "release_at"),
    [
        (ReleaseMode.IMMEDIATELY, 0, "2026-03-02T09:00"),
        (ReleaseMode.AFTER_GRACE, 45, "2026-03-02T09:45"),
        (ReleaseMode.AFTER_GRACE, 600, "2026-03-02T12:30"),  # a grace beyond the cut-off ends with the margin
        (ReleaseMode.UNTIL_CUTOFF, 60, "2026-03-02T12:00"),
    ],
)
def test_the_merchant_says_when_it_is_handed_over(mode: ReleaseMode, minutes: int, release_at: str) -> None:
    assert look(order("1 A W1 reserved 1"), policy=with_rule(mode, minutes)).release_at == utc(release_at)


def test_the_earliest_of_the_places_that_serve_the_order_counts() -> None:
    early = location("W2", cutoff="11:00")
    ledger = order("1 A W1 reserved 1", "2 A W2 reserved 1")
    assert look(ledger, locations=(W1, early)).release_at == utc("2026-03-02T09:30")


def test_a_hold_keeps_the_order_but_not_its_promise() -> None:
    hold = Hold(reason=HoldReason.MANUAL, since=NOW, expires_at=None)
    found = look(order("1 A W1 reserved 1"), holds=(hold,))
    assert (found.release_at, found.delivery.promised_date) == (None, date(2026, 3, 5))


def test_units_that_wait_keep_the_order_and_without_a_date_there_is_no_promise() -> None:
    found = look(order("1 A W1 reserved 1", "2 B W1 backordered 1"))
    assert (found.release_at, found.delivery.promise, found.delivery.promised_date) == (None, None, None)
    assert [(one.sku, one.expected_date) for one in found.awaited] == [("B", None)]


def test_a_customer_who_takes_two_parcels_gets_what_is_there_first() -> None:
    split = msgspec.structs.replace(order("1 A W1 reserved 1", "2 B W1 backordered 1"), split_accepted=True)
    assert look(split).release_at == RELEASE


def test_parts_that_leave_together_wait_for_the_last_one() -> None:
    supply = Awaited(sku="B", location="W2", expected_date=date(2026, 3, 9), reference="PO-1")
    whole = order("1 A W1 reserved 1", "2 B W2 backordered 1", awaited=(supply,))
    found = look(whole, before=whole).delivery.promise
    assert found is not None
    assert [(step.kind.value, step.location) for step in found.steps if step.location] == [
        *(("stock", "W1"), ("together", "W1"), ("truck", "W1")),
        *(("supply", "W2"), ("truck", "W2")),
    ]
    assert {truck.at for truck in found.trucks} == {CUTOFF + timedelta(days=7)}
    apart = msgspec.structs.replace(whole, split_accepted=True, delivery=look(whole, before=whole).delivery)
    split = look(apart, before=msgspec.structs.replace(apart, split_accepted=False))
    assert split.delivery.promise is not None
    assert [truck.at for truck in split.delivery.promise.trucks] == [CUTOFF, CUTOFF + timedelta(days=7)]
    assert (split.release_at, split.delivery.promised_date) == (RELEASE, found.date)


def waiting_for_b(*ledger: str, **changes: Any) -> Order:
    supply = Awaited(sku="B", location="W1", expected_date=date(2026, 3, 9), reference="PO-1")
    return msgspec.structs.replace(order(*ledger, awaited=(supply,)), split_accepted=True, **changes)


def test_what_is_there_goes_ahead_of_what_the_same_location_waits_for() -> None:
    before = waiting_for_b("1 A W1 reserved 1", "2 B W1 backordered 1")
    found = look(before, before=before)
    assert (found.release_at, found.delivery.promised_date) == (RELEASE, date(2026, 3, 12))
    assert found.delivery.promise is not None
    assert [step.kind.value for step in found.delivery.promise.steps] == [
        *("stock", "truck", "transit"),
        *("supply", "truck", "transit"),
        "last_parcel",
    ]
    assert [truck.at for truck in found.delivery.promise.trucks] == [CUTOFF, CUTOFF + timedelta(days=7)]
    settled = msgspec.structs.replace(before, delivery=found.delivery, bookings=found.bookings)
    assert look(settled, before=settled) == found


def test_what_went_ahead_leaves_the_promise_of_the_rest_alone() -> None:
    before = waiting_for_b("1 A W1 reserved 1", "2 B W1 backordered 1")
    told = look(before, before=before).delivery
    gone = waiting_for_b("1 A W1 released 1", "2 B W1 backordered 1", delivery=told)
    found = look(gone, before=msgspec.structs.replace(before, delivery=told))
    assert (found.delivery, found.release_at) == (told, None)


def test_what_goes_ahead_keeps_the_hour_it_has() -> None:
    busy = location("W1", hourly_capacity_orders=1)
    placed = waiting_for_b("1 A W1 reserved 1", "2 B W1 backordered 1")
    first = look(placed, before=placed, locations=(busy,))
    assert first.bookings == (Booking(resource="floor:W1", at=CUTOFF, hour=1, quantity=1),)
    full: dict[datetime, tuple[int, ...]] = {CUTOFF: (1,) * 12}
    before = msgspec.structs.replace(placed, delivery=first.delivery, bookings=first.bookings)
    assert look(before, before=before, locations=(busy,), booked=booked_on(full)) == first


def test_what_is_to_come_keeps_its_own_truck_not_that_of_what_was_handed_over() -> None:
    busy, tomorrow = location("W1", hourly_capacity_orders=1), CUTOFF + timedelta(days=1)
    handed_over = Booking(resource="floor:W1", at=tomorrow, hour=0, quantity=1, handed_over=True)
    to_come = Booking(resource="floor:W1", at=CUTOFF, hour=1, quantity=1)
    ledger = ("1 A W1 released 1", "2 A W1 reserved 1", "3 B W1 backordered 1")
    before = waiting_for_b(*ledger, bookings=(to_come, handed_over))
    assert set(look(before, before=before, locations=(busy,)).bookings) == {to_come, handed_over}


@pytest.mark.parametrize("ledger", ["1 A W1 shipped 1", "1 A W1 released 1"])
def test_nothing_left_to_release_has_no_release_time(ledger: str) -> None:
    assert look(order(ledger)).release_at is None


def test_an_hour_is_taken_where_hours_count_the_last_before_the_margin() -> None:
    busy = location("W1", hourly_capacity_orders=2)
    found = look(order("1 A W1 reserved 1"), locations=(busy,))
    assert found.bookings == (Booking(resource="floor:W1", at=CUTOFF, hour=1, quantity=1),)
    assert found.release_at == CUTOFF - timedelta(hours=2)


def test_a_full_hour_makes_it_an_earlier_one_and_a_full_truck_the_next_truck() -> None:
    busy = location("W1", hourly_capacity_orders=2)
    hours: dict[datetime, tuple[int, ...]] = {CUTOFF: (0, 2, 1)}
    found = look(order("1 A W1 reserved 1"), locations=(busy,), booked=booked_on(hours))
    assert found.bookings == (Booking(resource="floor:W1", at=CUTOFF, hour=2, quantity=1),)
    hours[CUTOFF] = (2,) * 12
    found = look(order("1 A W1 reserved 1"), locations=(busy,), booked=booked_on(hours))
    assert found.delivery.promise is not None
    assert found.delivery.promise.trucks == (Truck(location="W1", at=CUTOFF + timedelta(days=1)),)
    assert found.delivery.promised_date == date(2026, 3, 6)


def test_an_order_keeps_its_truck_though_it_is_full_of_others_and_itself() -> None:
    busy = location("W1", hourly_capacity_orders=1)
    before = order("1 A W1 reserved 1")
    first = outlook_of(None, before, (), facts({}, locations=(busy,)), now=NOW)
    placed = msgspec.structs.replace(
        before, delivery=first.delivery, bookings=first.bookings, release_at=first.release_at
    )
    full = facts({}, locations=(busy,), booked=booked_on({CUTOFF: (1,) * 12}))
    again = outlook_of(placed, placed, (), full, now=NOW + timedelta(minutes=30))
    assert (again.delivery, again.bookings, again.release_at) == (first.delivery, first.bookings, first.release_at)


def test_a_day_the_shop_promised_itself_is_told_as_long_as_it_can_be_kept() -> None:
    given = order("1 A W1 reserved 1").delivery
    generous = msgspec.structs.replace(
        given, promise=None, promised_date=date(2026, 3, 20), given_date=date(2026, 3, 20)
    )
    placed = order("1 A W1 reserved 1", delivery=generous)
    first = look(placed)
    assert (first.delivery.promised_date, first.delivery.given_date) == (date(2026, 3, 20), date(2026, 3, 20))
    assert first.delivery.promise is not None
    assert first.delivery.promise.date == date(2026, 3, 5)


def test_the_truck_that_has_left_is_not_waited_for() -> None:
    before = order("1 A W1 reserved 1")
    tuesday = look(before, before=before, now=CUTOFF)
    assert tuesday.delivery.promised_date == date(2026, 3, 6)
    assert tuesday.release_at == RELEASE + timedelta(days=1)


def test_places_are_known() -> None:
    assert {place.code for place in PLACES} == {"S1", "W1", "W2"}
