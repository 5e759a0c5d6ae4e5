"""The slots of a scheduled method: hours of a day in which a delivery comes, with room for so many orders."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec

from aftercart.shipping.model import DeliveryMethod, Slot
from aftercart.shipping.rules.calendars import ONE_DAY, delivers_on
from aftercart.shipping.rules.local_time import local_day, moment_of


class OfferedSlot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A slot that can be booked, and for how many orders in all."""

    slot: Slot
    capacity: int


def offered_slots(method: DeliveryMethod, region: str, now: datetime) -> Iterator[OfferedSlot]:
    """Yields the slots that may be booked at ``now`` in a region, earliest first, full or not."""
    first = local_day(now, method.timezone)
    for number in range(method.slot_ahead_days_max + 1):
        yield from _slots_of_day(method, region, first + number * ONE_DAY, now)


def find_slot(method: DeliveryMethod, region: str, *, starts_at: datetime, now: datetime) -> OfferedSlot | None:
    """Returns the slot that starts at a moment, or ``None`` when none may be booked then."""
    day = local_day(starts_at, method.timezone)
    if day > local_day(now, method.timezone) + method.slot_ahead_days_max * ONE_DAY:
        return None
    return next((one for one in _slots_of_day(method, region, day, now) if one.slot.starts_at == starts_at), None)


def _slots_of_day(method: DeliveryMethod, region: str, day: date, now: datetime) -> Iterator[OfferedSlot]:
    if not delivers_on(method, region, day):
        return
    not_before = now + timedelta(minutes=method.slot_notice_minutes_min)
    weekday = day.isoweekday()
    for template in sorted((one for one in method.slots if one.weekday == weekday), key=lambda one: one.starts):
        starts_at = moment_of(day, template.starts, method.timezone)
        if starts_at >= not_before:
            slot = Slot(starts_at=starts_at, ends_at=moment_of(day, template.ends, method.timezone))
            yield OfferedSlot(slot=slot, capacity=template.capacity)
