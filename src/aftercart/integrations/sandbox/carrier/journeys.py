"""What becomes of a parcel: planned when its label is bought and when it is handed over, told when its time has come.

The carrier works from Monday to Saturday; the same parcel always travels the same way.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

import msgspec

from aftercart.integrations.sandbox.carrier.journal import Bought
from aftercart.integrations.sandbox.carrier.marks import Mark, marks_of
from aftercart.integrations.sandbox.carrier.terms import terms_for
from aftercart.shipping.ports import TrackingEvent, TrackingStatus

_SUNDAY: Final = 7
_ROUND_STARTS: Final = time(6, 30, tzinfo=UTC)
_FIRST_STOP: Final = time(8, 0, tzinfo=UTC)
_ROUND_MINUTES: Final = 9 * 60
_RETURN_DAYS: Final = 5
_LATE_DAYS: Final = 6
_KEPT_DAYS: Final = 14


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """An event, and when the carrier will tell of it."""

    due_at: datetime
    event: TrackingEvent


def announcement(bought: Bought) -> Planned:
    """Returns what is told as soon as there is a label."""
    return _Journey(bought).step(TrackingStatus.ANNOUNCED, bought.at, place=None)


def journey(bought: Bought, handed_over_at: datetime) -> tuple[Planned, ...]:
    """Returns all that will happen to a parcel from its handover on, in the order in which it is told."""
    marks = marks_of(bought.request.recipient)
    one = _Journey(bought)
    steps = [one.step(TrackingStatus.IN_TRANSIT, handed_over_at, place=bought.request.sender.city)]
    if Mark.LOST in marks:
        return tuple(steps)
    days = one.days + (_LATE_DAYS if Mark.LATE in marks else 0)
    to_point = bought.request.pickup_point is not None
    steps += one.to_point(handed_over_at, days, marks) if to_point else one.to_door(handed_over_at, days, marks)
    return _messed_up(steps) if Mark.MESSY in marks else tuple(steps)


class _Journey:
    """The steps of one parcel; what differs between parcels is drawn from its tracking number."""

    def __init__(self, bought: Bought) -> None:
        request = bought.request
        terms = terms_for(request)
        drawn = hashlib.blake2b(bought.tracking_number.encode(), digest_size=8).digest()
        self._number = bought.tracking_number
        self._place = request.recipient.address.city if request.recipient.address else request.pickup_point
        self._minutes = int.from_bytes(drawn[:4]) % _ROUND_MINUTES
        self._pause = 1 + drawn[4] % 3
        self.days = terms.days_min + drawn[5] % (terms.days_max - terms.days_min + 1)

    def step(self, status: TrackingStatus, at: datetime, *, place: str | None) -> Planned:
        """Returns a step whose event is named after the parcel, the status and the day."""
        event_id = f"{self._number}-{status.value}-{at:%Y%m%d}"
        event = TrackingEvent(event_id=event_id, tracking_number=self._number, status=status, at=at, place=place)
        return Planned(due_at=at, event=event)

    def to_door(self, start: datetime, days: int, marks: frozenset[Mark]) -> list[Planned]:
        """Returns the last day of a parcel, and those after it when nobody was there."""
        steps = [self._round(start, days), self._stop(TrackingStatus.DELIVERED, start, days)]
        if marks & {Mark.FAILED, Mark.RETURNED}:
            steps[1] = self._stop(TrackingStatus.FAILED, start, days)
        if Mark.RETURNED in marks:
            steps.append(self._stop(TrackingStatus.RETURNED, start, days + _RETURN_DAYS))
        elif Mark.FAILED in marks:
            steps += [self._round(start, days + 1), self._stop(TrackingStatus.DELIVERED, start, days + 1)]
        return steps

    def to_point(self, start: datetime, days: int, marks: frozenset[Mark]) -> list[Planned]:
        """Returns the arrival at a point, and when the parcel was collected, or sent back as nobody came."""
        arrival = self._stop(TrackingStatus.AVAILABLE_AT_POINT, start, days)
        if Mark.RETURNED in marks:
            return [arrival, self._stop(TrackingStatus.RETURNED, start, days + _KEPT_DAYS)]
        return [arrival, self._stop(TrackingStatus.DELIVERED, start, days + self._pause)]

    def _round(self, start: datetime, days: int) -> Planned:
        at = datetime.combine(_day_after(start, days), _ROUND_STARTS)
        return self.step(TrackingStatus.OUT_FOR_DELIVERY, at, place=self._place)

    def _stop(self, status: TrackingStatus, start: datetime, days: int) -> Planned:
        at = datetime.combine(_day_after(start, days), _FIRST_STOP) + timedelta(minutes=self._minutes)
        return self.step(status, at, place=self._place)


def _day_after(start: datetime, days: int) -> datetime:
    """Returns the so-many-th working day of the carrier after a day."""
    day = start
    while days:
        day += timedelta(days=1)
        if day.isoweekday() != _SUNDAY:
            days -= 1
    return day


def _messed_up(steps: Sequence[Planned]) -> tuple[Planned, ...]:
    """Returns steps of which the first is told after the last, and the last twice."""
    first, last = steps[0], steps[-1]
    return (*steps[1:], msgspec.structs.replace(first, due_at=last.due_at), last)
