"""What a batch of commands knows: typed keys, the state behind them, and each command's own overlay on it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, LiteralString, NamedTuple, TypeVar, cast
from uuid import UUID

import msgspec

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)


class Key(msgspec.Struct, Generic[S_co], frozen=True, order=True, gc=False):
    """Names one piece of state, such as an order or the stock of one SKU at one location; its type names the kind."""


class Read(NamedTuple):
    """A key that a command only looks at: it is loaded with the locked ones, but never locked."""

    key: Key[Any]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in the past tense; its JSON is what the event log stores under the name of its class."""


class Statement(NamedTuple):
    """One SQL statement with its named parameters; stores describe statements, the bus runs them."""

    sql: LiteralString
    parameters: Mapping[str, object]


class Change(NamedTuple):
    """One piece of state before and after a batch; ``before`` is ``None`` for what is new."""

    key: Any
    before: Any
    after: Any


class NeedsChanged(Exception):
    """A decision reached for state that its command did not name, so it must run again with ``keys`` named too."""

    def __init__(self, keys: Iterable[Key[Any]]) -> None:
        super().__init__()
        self.keys = frozenset(keys)


class State:
    """The state of a batch as one command sees it: what earlier commands left, overlaid with its own changes.

    ``moment`` is about when it is decided, for those who have to guess what will be needed; decisions have their own.
    """

    __slots__ = ("_base", "_own", "moment")

    def __init__(self, base: dict[Key[Any], object], *, moment: datetime | None = None) -> None:
        self._base = base
        self._own: dict[Key[Any], object] = {}
        self.moment = moment

    def find(self, key: Key[S]) -> S | None:
        """Returns the state behind ``key``, ``None`` when there is none; raises ``NeedsChanged`` when not loaded."""
        own = self._own
        if own and key in own:
            return cast("S | None", own[key])
        try:
            return cast("S | None", self._base[key])
        except KeyError:
            raise NeedsChanged((key,)) from None

    def knows(self, key: Key[Any]) -> bool:
        """Tells whether ``key`` was named, so that ``find`` will not raise."""
        return key in self._own or key in self._base

    def put(self, key: Key[S], value: S) -> None:
        """Overlays ``key`` for this command and, once the command is accepted, for those after it."""
        self._own[key] = value

    def changed(self) -> Iterable[Key[Any]]:
        """Returns the keys this command has overlaid."""
        return self._own.keys()

    def fork(self) -> "State":
        """Returns a state that begins as this one and keeps to itself what is put into it."""
        return State({**self._base, **self._own})

    def keep(self) -> None:
        """Hands this command's changes to the commands after it."""
        self._base.update(self._own)


Evolver = Callable[[UUID, Any, State], Iterable[tuple[Key[Any], object]]]
"""``evolve(stream, event, state)`` yields each key the event changes with its new state; pure."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """How the bus locks, loads, evolves and saves one kind of key; the areas' stores fill it in, the bus runs it.

    A kind without ``lock`` is a fact, read once per batch and never locked, or stands under the lock of another kind,
    after which it is loaded. ``locked`` names the key of each row the lock returned; a key that exists when it is
    loaded and was not locked counts as busy: ``lock`` skipped a row that others hold, or the row came into being after
    it. ``lock_waiting`` is the lock of the side lane where ``lock`` skips.
    """

    key: type[Key[Any]]
    rank: int = 0
    lock: Callable[[Sequence[Any]], Statement] | None = None
    lock_waiting: Callable[[Sequence[Any]], Statement] | None = None
    locked: Callable[[Any], Key[Any]] | None = None
    create: Callable[[Sequence[Any]], Statement] | None = None
    load: Callable[[Sequence[Any]], Statement]
    read: Callable[[Iterator[Any]], Iterable[tuple[Any, Any]]]
    save: Callable[[Sequence[Change]], Iterable[Statement]] | None = None
    consequences: Callable[[Any, Any], msgspec.Struct] | None = None
