"""Telling stories about decisions: given a state, when something is decided, then this happened or was refused."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import msgspec

from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Event
from aftercart.orders.events import OrderChanged
from aftercart.orders.model import Order

S = TypeVar("S")

Decide = Callable[[Order], Iterable[Event]]
"""A decision on an order, with everything else it looks at."""


def _told(event: Event, example: Event) -> Event:
    if not (isinstance(event, OrderChanged) and isinstance(example, OrderChanged)):
        return event
    return msgspec.structs.replace(
        event,
        delivery=example.delivery and event.delivery,
        awaited=example.awaited and event.awaited,
        bookings=example.bookings and event.bookings,
    )


class Outcome:
    """What a decision came to: its events, or its refusal."""

    def __init__(self, events: tuple[Event, ...], refusal: Refusal | None) -> None:
        self._events = events
        self._refusal = refusal

    def then(self, *expected: Event) -> None:
        """Expects exactly these events; none says that the wish was already true.

        Of the outlook (promise, what is awaited, bookings) only what the expected events tell is compared.
        """
        assert self._refusal is None, self._refusal
        told = (_told(event, example) for event, example in zip(self._events, expected, strict=False))
        assert (*told, *self._events[len(expected) :]) == expected

    def then_refused(self, refusal: type[Refusal], **expected: object) -> None:
        """Expects this refusal; ``param`` and the values named must be as expected."""
        assert self._refusal is not None, self._events
        assert type(self._refusal) is refusal, self._refusal
        told = {**self._refusal.values, "param": self._refusal.param}
        assert {name: told[name] for name in expected} == expected

    def event(self, kind: type[S]) -> S:
        """Returns the only event, for stories that look at a part of it."""
        assert self._refusal is None, self._refusal
        (event,) = self._events
        assert isinstance(event, kind)
        return event


class Given(Generic[S]):
    """A state before a decision."""

    def __init__(self, state: S) -> None:
        self._state = state

    def when(self, decide: Callable[[S], Event | Iterable[Event]]) -> Outcome:
        """Decides on the state; a refusal is an outcome like any other."""
        try:
            decided = decide(self._state)
        except Refusal as refusal:
            return Outcome((), refusal)
        return Outcome((decided,) if isinstance(decided, Event) else tuple(decided), None)


def given(state: S) -> Given[S]:
    """Begins a story with what is so."""
    return Given(state)
