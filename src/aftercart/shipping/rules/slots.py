"""The slots of a scheduled method: hours of a day in which a delivery comes, with room for so many orders."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

import msgspec

from aftercart.shipping.model import DeliveryMethod, Slot, SlotTemplate
from aftercart.shipping.rules.calendars import ONE_DAY, delivers_on
from aftercart.shipping.rules.local_time import local_day, moment_of


class OfferedSlot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A slot that can be booked, and for how many orders in all."""

    slot: Slot
    capacity: int


def offered_slots(method: DeliveryMethod, region: str, now: datetime) -> Iterator[OfferedSlot]:
    """Yields the slots that may be booked at ``now`` in a region, earliest first, full or not."""
    first = local_day(now, method.timezone)
    not_before = now + timedelta(minutes=method.slot_notice_minutes_min)
    for number in range(method.slot_ahead_days_max + 1):
        for offered in _slots_of_day(method, region, first + number * ONE_DAY):
            if offered.slot.starts_at >= not_before:
                yield offered


def find_slot(method: DeliveryMethod, region: str, *, starts_at: datetime, now: datetime) -> OfferedSlot | None:
    """Returns the slot that starts at a moment, or ``None`` when none may be booked then."""
    day = local_day(starts_at, method.timezone)
    if day > local_day(now, method.timezone) + method.slot_ahead_days_max * ONE_DAY:
        return None
    if starts_at < now + timedelta(minutes=method.slot_notice_minutes_min):
        return None
    return next((one for one in _slots_of_day(method, region, day) if one.slot.starts_at == starts_at), None)


def _slots_of_day(method: DeliveryMethod, region: str, day: date) -> tuple[OfferedSlot, ...]:
    return _slots_on(method.slots, method.timezone, day) if delivers_on(method, region, day) else ()


@lru_cache(maxsize=16_384)
def _slots_on(templates: tuple[SlotTemplate, ...], timezone: str, day: date) -> tuple[OfferedSlot, ...]:
    weekday = day.isoweekday()
    of_day = sorted((one for one in templates if one.weekday == weekday), key=lambda one: one.starts)
    return tuple(
        OfferedSlot(
            slot=Slot(starts_at=moment_of(day, one.starts, timezone), ends_at=moment_of(day, one.ends, timezone)),
            capacity=one.capacity,
        )
        for one in of_day
    )
