"""What became of promises: an order keeps its promise when it is handed over in time for its last truck.

Parts that leave earlier do not wait for the promised day: that is the day on which the last one arrives. A released
order is taken to make its truck, as the hours of the floor are booked with the promise.
"""

import enum
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import msgspec

from aftercart.importing.history import Life, Moment
from aftercart.orders.events import (
    DeliveryAddressChanged,
    DeliveryMethodChanged,
    LineAdded,
    LineQuantityChanged,
    LinesCanceled,
    OrderCanceled,
    PickupPointChanged,
    PromiseMoved,
    VariantSwapped,
)

CUSTOMERS_OWN: Final = frozenset(
    event.__name__
    for event in (
        DeliveryAddressChanged,
        DeliveryMethodChanged,
        PickupPointChanged,
        LineAdded,
        LineQuantityChanged,
        LinesCanceled,
        VariantSwapped,
    )
)
"""Changes that customers ask for, and of which they see the new day before they agree."""
_MOVED: Final = PromiseMoved.__name__
_CANCELED: Final = OrderCanceled.__name__


class Fate(enum.Enum):
    """What became of an order's promise."""

    KEPT = "kept"  # released in time for its truck
    BROKEN = "broken"  # the truck left without it
    MOVED = "moved"  # the shop told another day before the truck left
    OPEN = "open"  # its truck has not left yet, or nobody can say any more when it will
    WITHDRAWN = "withdrawn"  # canceled before the truck left: nothing is owed any more


class Cause(enum.Enum):
    """Why a truck left without an order."""

    ON_HOLD = "on_hold"  # something had to be settled first
    WAITING = "waiting"  # units were missing
    LATE = "late"  # nothing stood in its way, and yet it was not released


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The fate of a promise; ``days_later`` is how far the day moved since it was first told, 0 when it came nearer."""

    fate: Fate
    cause: Cause | None = None
    days_later: int = 0


class Promises(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders got a promise, and what became of them: ``kept``, ``broken``, ``moved`` and ``open`` add up.

    ``withdrawn`` were promised too, and canceled before their truck left. ``broken_by`` says why trucks left without
    them. ``delayed`` orders were in the end promised for a later day than at first, ``delayed_days`` in all.
    """

    orders: int
    promised: int
    kept: int
    broken: int
    moved: int
    open: int
    withdrawn: int
    broken_by: dict[str, int]
    delayed: int
    delayed_days: int


def promises_of(lives: Iterable[Life], *, now: datetime) -> Promises:
    """Returns what became of the promises of these orders by ``now``."""
    orders = 0
    outcomes: list[Outcome] = []
    for life in lives:
        orders += 1
        outcome = outcome_of(life.moments, now=now)
        if outcome is not None:
            outcomes.append(outcome)
    fates = Counter(outcome.fate for outcome in outcomes)
    causes = Counter(outcome.cause.value for outcome in outcomes if outcome.cause is not None)
    delays = [one.days_later for one in outcomes if one.days_later and one.fate is not Fate.WITHDRAWN]
    return Promises(
        orders=orders,
        promised=len(outcomes) - fates[Fate.WITHDRAWN],
        kept=fates[Fate.KEPT],
        broken=fates[Fate.BROKEN],
        moved=fates[Fate.MOVED],
        open=fates[Fate.OPEN],
        withdrawn=fates[Fate.WITHDRAWN],
        broken_by=dict(sorted(causes.items())),
        delayed=len(delays),
        delayed_days=sum(delays),
    )


def outcome_of(moments: Iterable[Moment], *, now: datetime) -> Outcome | None:
    """Returns what became of an order's promise by ``now``, ``None`` when it never got one."""
    course = _Course()
    for moment in moments:
        course.take(moment)
    return course.end(now)


class _Course:
    """One order, moment by moment. A customer's own change makes a new promise, which is then the one to keep."""

    def __init__(self) -> None:
        self._before: Moment | None = None
        self._leaves_at: datetime | None = None
        self._first: date | None = None
        self._last: date | None = None
        self._broken_by: Cause | None = None
        self._moved = False
        self._released = False
        self._canceled = False

    def take(self, moment: Moment) -> None:
        """Lets the truck leave that goes before this moment, and looks at what it changes."""
        self._let_leave(moment.at)
        if moment.delivery_changed:
            self._promise(moment)
        self._released = self._released or bool(moment.locations)
        self._canceled = self._canceled or moment.type == _CANCELED
        self._before = moment

    def end(self, now: datetime) -> Outcome | None:
        """Returns the outcome at the end, once the truck that goes until ``now`` has left."""
        self._let_leave(now)
        if self._first is None or self._last is None:
            return None
        later = max((self._last - self._first).days, 0)
        if self._broken_by is not None:
            return Outcome(fate=Fate.BROKEN, cause=self._broken_by, days_later=later)
        if self._canceled:
            return Outcome(fate=Fate.WITHDRAWN)
        if self._moved:
            return Outcome(fate=Fate.MOVED, days_later=later)
        return Outcome(fate=Fate.KEPT if self._released else Fate.OPEN, days_later=later)

    def _promise(self, moment: Moment) -> None:
        """Notes a new promise, or that there is none any more: then nobody can say when the order comes."""
        told, date = self._last, moment.promised_date
        self._leaves_at = max((truck.at for truck in moment.trucks), default=None)
        if told is not None and moment.type not in CUSTOMERS_OWN:
            self._moved = self._moved or moment.type == _MOVED or date is None or date > told
        if date is not None:
            self._first, self._last = self._first or date, date

    def _let_leave(self, until: datetime) -> None:
        before, leaves_at = self._before, self._leaves_at
        if before is None or leaves_at is None or self._released or self._canceled or leaves_at >= until:
            return
        self._broken_by = self._broken_by or _cause(before)


def _cause(left: Moment) -> Cause:
    """Returns why an order as ``left`` by its last event was not handed over in time."""
    if left.on_hold:
        return Cause.ON_HOLD
    return Cause.WAITING if left.release_at is None else Cause.LATE
