"""What is to be expected of an order from now on: what it waits for, its promise, its hours at the floor, its release.

The one place that looks ahead. An order that is changed keeps its trucks as long as they can still be reached, so an
edit never breaks a promise.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

import msgspec

from aftercart.inventory.model import UNWANTED_STAGES, Stage
from aftercart.orders.model import Awaited, Delivery, Hold, Order
from aftercart.orders.rules.awaited import awaited_by
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.promising import (
    origins_of,
    promised,
    ready_times,
    same_way,
    trucks_for,
    with_released,
)
from aftercart.orders.rules.readiness import has_waiting_units, ready_units
from aftercart.orders.rules.release import release_rule_for, work_for
from aftercart.shipping.model import Booking, floor_resource, slot_resource
from aftercart.shipping.rules.work import BookedOf

_OPEN_TO_MORE: Final = frozenset({Stage.RELEASED, Stage.PICKED})
_ON_THE_FLOOR: Final = frozenset({Stage.RELEASED, Stage.PICKED, Stage.PACKED})


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """The delivery with its promise, what is awaited, the hours and the slot that are kept, and the release."""

    delivery: Delivery
    awaited: tuple[Awaited, ...]
    bookings: tuple[Booking, ...]
    release_at: datetime | None


def outlook_of(
    before: Order | None,
    after: Order,
    holds: tuple[Hold, ...],
    facts: Facts,
    *,
    now: datetime,
    news: Iterable[Awaited] = (),
) -> Outlook:
    """Returns the outlook of ``after``, which is ``before`` with a change; ``news`` is newly
    awaited.

    Raises the refusals of ``promise_for`` when the delivery is new and cannot be had.
    """
    awaited = awaited_by(before, after, facts, now=now, news=news)
    booked_of = _without_own(facts.booked, () if before is None else before.bookings)
    ready_at = ready_times(after, awaited, facts, now=now)
    origins = origins_of(after, ready_at, facts)
    trucks = trucks_for(before, after, origins, awaited, facts, now=now, booked_of=booked_of)
    if before is not None and not same_way(before.delivery, after.delivery) and (origins or not ready_at):
        origins, trucks = with_released(before, after, origins, trucks, facts, now=now)
    delivery = after.delivery
    if ready_at or origins:
        delivery = promised(before, after, origins, trucks, facts, now=now, booked_of=booked_of)
    bookings = [*_of_the_floor(before, after), *_of_the_slot(delivery)]
    release_at: datetime | None = None
    if not holds and (after.split_accepted or not has_waiting_units(after)):
        rule = release_rule_for(facts.policy.release, after)
        kept = {(one.resource, one.at) for one in bookings}
        in_preparation = {entry.location for entry in after.units if entry.stage in _OPEN_TO_MORE}
        for code in sorted({entry.location for entry in ready_units(after)}):
            resource, truck = floor_resource(code), trucks.of_ready(code)
            plan = work_for(rule, facts.location(code), truck, booked_of(resource, truck), now=now)
            # What joins goods that are being prepared goes with them, or would cost a parcel of its own.
            due_at = now if code in in_preparation else plan.release_at
            release_at = due_at if release_at is None else min(release_at, due_at)
            if plan.hour is not None and (resource, truck) not in kept:
                bookings.append(Booking(resource=resource, at=truck, hour=plan.hour, quantity=1))
    return Outlook(delivery=delivery, awaited=awaited, bookings=tuple(bookings), release_at=release_at)


def _of_the_floor(before: Order | None, after: Order) -> Iterator[Booking]:
    """Yields the hours of work that has been handed over, and is still to be done.

    Those of work that is to come at the same location are not among them: they are booked anew.
    """
    if before is None:
        return
    lay, lies = _on_the_floor(before), _on_the_floor(after)
    was_ready, is_ready = ({floor_resource(one.location) for one in ready_units(order)} for order in (before, after))
    for one in before.bookings:
        floor = one.resource
        now_handed_over = floor not in is_ready and lies[floor] > lay[floor]
        if lies[floor] and (one.handed_over or floor not in was_ready or now_handed_over):
            yield msgspec.structs.replace(one, handed_over=one.handed_over or floor in is_ready)


def _on_the_floor(order: Order) -> Counter[str]:
    units: Counter[str] = Counter()
    for entry in order.units:
        if entry.stage in _ON_THE_FLOOR:
            units[floor_resource(entry.location)] += entry.quantity
    return units


def _of_the_slot(delivery: Delivery) -> Iterator[Booking]:
    if delivery.slot_at is not None:
        yield Booking(resource=slot_resource(delivery.method), at=delivery.slot_at, hour=0, quantity=1)


def is_over(order: Order) -> bool:
    """Tells whether nothing of an order is wanted any more."""
    return all(entry.stage in UNWANTED_STAGES for entry in order.units)


def over(order: Order) -> Outlook:
    """Returns the outlook of an order of which nothing is wanted: nothing is kept for it."""
    return Outlook(delivery=order.delivery, awaited=(), bookings=(), release_at=None)


def _without_own(booked: BookedOf, own: Iterable[Booking]) -> BookedOf:
    """Returns what others have booked: an order does not stand in its own way."""
    mine = {(one.resource, one.at, one.hour): one.quantity for one in own}

    def booked_of(resource: str, at: datetime) -> tuple[int, ...]:
        hours = booked(resource, at)
        if not mine:
            return hours
        return tuple(orders - mine.get((resource, at, hour), 0) for hour, orders in enumerate(hours))

    return booked_of
