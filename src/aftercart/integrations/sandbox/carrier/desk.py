"""The carrier's desk: sells labels, takes them back, takes parcels, and tells what becomes of them."""

import heapq
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, assert_never

from aftercart.integrations.sandbox.carrier.journal import (
    Bought,
    Entry,
    Faulted,
    HandedOver,
    Journal,
    Told,
    Voided,
)
from aftercart.integrations.sandbox.carrier.journeys import Planned, announcement, journey
from aftercart.integrations.sandbox.carrier.marks import Mark, marks_of
from aftercart.integrations.sandbox.carrier.terms import price_minor, require_takeable, terms_for
from aftercart.integrations.sandbox.carrier.tracking_numbers import tracking_number
from aftercart.kit.clock import Clock
from aftercart.shipping.ports import (
    LabelRefusedByCarrier,
    LabelRefusedReason,
    LabelRequest,
    ParcelHandedOver,
    TrackingEvent,
    UnknownParcel,
)

EVENTS_MAX: Final = 500
"""How many events are told at once."""

Call = Literal["buy", "void"]


class Desk:
    """One carrier; it knows what its journal says. Its methods raise what the port ``Carrier`` says they do."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._bought: dict[str, Bought] = {}
        self._by_number: dict[str, Bought] = {}
        self._voided: set[str] = set()
        self._handed_over: set[str] = set()
        self._faulted: set[tuple[str, str, Mark]] = set()
        self._told: list[TrackingEvent] = []
        self._plans: list[Planned] = []
        self._waiting: list[tuple[datetime, int]] = []
        for entry in journal.entries:
            self._learn(entry)
        told = {entry.plan for entry in journal.entries if isinstance(entry, Told)}
        self._waiting = [one for one in self._waiting if one[1] not in told]
        heapq.heapify(self._waiting)

    def buy(self, request: LabelRequest) -> Bought:
        """Returns the sale of ``request.key``, made now unless it was before."""
        sold = self._bought.get(request.key)
        if request.key in self._voided:
            raise LabelRefusedByCarrier("key", LabelRefusedReason.VOIDED)
        if sold is not None and sold.request != request:
            raise LabelRefusedByCarrier("key", LabelRefusedReason.KEY_REUSED)
        if sold is not None:
            return sold
        require_takeable(request)
        number = tracking_number(
            len(self._by_number), service=terms_for(request).service, country=request.sender.country
        )
        bought = Bought(request=request, tracking_number=number, price_minor=price_minor(request), at=self._clock.now())
        self._write(bought)
        return bought

    def find(self, key: str) -> Bought | None:
        """Returns what was sold under a key and not given back."""
        return None if key in self._voided else self._bought.get(key)

    def void(self, key: str) -> None:
        """Gives a label back, or keeps a key from ever being used."""
        bought = self._bought.get(key)
        if bought is not None and bought.tracking_number in self._handed_over:
            raise ParcelHandedOver(key)
        if key not in self._voided:
            self._write(Voided(key=key, at=self._clock.now()))

    def hand_over(self, tracking_numbers: Sequence[str]) -> None:
        """Takes all of these parcels, or none of them."""
        for number in tracking_numbers:
            bought = self._by_number.get(number)
            if bought is None or bought.request.key in self._voided:
                raise UnknownParcel(number)
        new = tuple(number for number in dict.fromkeys(tracking_numbers) if number not in self._handed_over)
        if new:
            self._write(HandedOver(tracking_numbers=new, at=self._clock.now()))

    def events(self, after: int) -> tuple[Sequence[TrackingEvent], int]:
        """Returns the events told after so many, and how many that makes; they never change their order."""
        now = self._clock.now()
        due: list[Told] = []
        while self._waiting and self._waiting[0][0] <= now:
            _, number = heapq.heappop(self._waiting)
            event = self._plans[number].event
            if self._by_number[event.tracking_number].request.key not in self._voided:
                due.append(Told(plan=number, event=event))
        self._write(*due)
        told = self._told[after : after + EVENTS_MAX]
        return told, after + len(told)

    def takes_fault(self, mark: Mark, call: Call, key: str) -> bool:
        """Tells whether a fault that the recipient asks for is still to happen to this call, and notes that it does."""
        bought = self._bought.get(key)
        if bought is None or mark not in marks_of(bought.request.recipient):
            return False
        return self._is_first(mark, call, key)

    def fails_once(self, request: LabelRequest) -> bool:
        """Tells whether a sale is to fail before it is made, and notes that it does."""
        return Mark.FAIL_ONCE in marks_of(request.recipient) and self._is_first(Mark.FAIL_ONCE, "buy", request.key)

    def _is_first(self, mark: Mark, call: Call, key: str) -> bool:
        if (call, key, mark) in self._faulted:
            return False
        self._write(Faulted(call=call, key=key, mark=mark))
        return True

    def _write(self, *entries: Entry) -> None:
        self._journal.write(entries)
        for entry in entries:
            self._learn(entry)

    def _learn(self, entry: Entry) -> None:
        match entry:
            case Bought():
                self._bought[entry.request.key] = entry
                self._by_number[entry.tracking_number] = entry
                self._plan(announcement(entry))
            case Voided():
                self._voided.add(entry.key)
            case HandedOver():
                self._handed_over.update(entry.tracking_numbers)
                for number in entry.tracking_numbers:
                    self._plan(*journey(self._by_number[number], entry.at))
            case Told():
                self._told.append(entry.event)
            case Faulted():
                self._faulted.add((entry.call, entry.key, entry.mark))
            case _:
                assert_never(entry)

    def _plan(self, *steps: Planned) -> None:
        for step in steps:
            heapq.heappush(self._waiting, (step.due_at, len(self._plans)))
            self._plans.append(step)
