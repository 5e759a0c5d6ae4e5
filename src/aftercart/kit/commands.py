"""What travels through the command bus: a command with its context, its handler, the decision, and the answer."""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from aftercart.kit.ids import Ids
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Event, Evolver, Key, Kind, Read, State, Statement


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A wish in the imperative; the same object whoever asks: API, page, deadline or reaction."""


C = TypeVar("C", bound=Command)


class Lane(enum.Enum):
    """Who waits for the answer."""

    INTERACTIVE = "interactive"  # a person or a shop's checkout
    BACKGROUND = "background"  # bulk work, reactions, deadlines


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks: a name for the audit trail, a role for permissions; a customer reaches only ``order_id``."""

    name: str
    role: str
    order_id: UUID | None = None


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a call that is not the wish itself.

    ``recalled`` says that ``command_id`` may have been used before (it was made from an idempotency key), so its
    outcome is looked up first. ``fingerprint`` is a digest of the wish: the same id with another one is refused.
    """

    command_id: UUID
    actor: Actor
    now: datetime
    ids: Ids
    fingerprint: str = ""
    recalled: bool = False
    expected_version: int | None = None
    quote: str | None = None
    lane: Lane = Lane.INTERACTIVE


class UpsertResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of every upsert: how many entries were new, changed, or already as described."""

    created: int
    updated: int
    unchanged: int


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided: events for one stream whose last ``seq`` is ``version``, and the result to remember.

    ``root`` is the key whose state before and after the caller is shown. No events: the wish was already true.
    """

    stream: UUID
    version: int
    events: tuple[Event, ...]
    result: msgspec.Struct
    root: Key[Any] | None = None


class Scout(msgspec.Struct, Generic[C], frozen=True, kw_only=True):
    """Finds by an unlocked read which keys a command needs; what it finds may be stale, so decisions check again."""

    ask: Callable[[Sequence[C], State], Statement | None]
    read: Callable[[Sequence[C], Sequence[Any], State], Iterable[Iterable[Key[Any] | Read]]]


def _no_keys(_command: Any) -> tuple[Key[Any], ...]:
    return ()


def _no_needs(_command: Any, _facts: State) -> tuple[Key[Any], ...]:
    return ()


def _one(_command: Any) -> int:
    return 1


def _no_root(_command: Any) -> None:
    return None


class Handler(msgspec.Struct, Generic[C], frozen=True, kw_only=True):
    """How one command is carried out: the facts and keys it needs, and the pure decision.

    ``weight`` is counted against the batch's limit of lines. ``create`` names rows to be made with zeros if absent; a
    row that turns out to be absent only when it is changed costs another attempt.
    """

    command: type[C]
    decide: Callable[[C, State, Context], Decision]
    facts: Callable[[C], Iterable[Key[Any]]] = _no_keys
    needs: Callable[[C, State], Iterable[Key[Any] | Read]] = _no_needs
    create: Callable[[C, State], Iterable[Key[Any]]] = _no_needs
    scout: Scout[C] | None = None
    root: Callable[[C], Key[Any] | None] = _no_root
    weight: Callable[[C], int] = _one


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller gets: the result as JSON, and (unless ``replayed``) the root's state before and after."""

    result: bytes
    replayed: bool = False
    before: Any = None
    after: Any = None


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a command would do if it were submitted now; ``quote`` guards the submit against other consequences."""

    before: Any
    after: Any
    consequences: msgspec.Struct | None
    quote: str | None


class Registry(msgspec.Struct, frozen=True, kw_only=True):
    """The bus's whole knowledge of the business, put together in ``app.py``.

    ``authorize`` raises the refusal for an actor who may not give this command to this root.
    """

    handlers: Mapping[type[Command], Handler[Any]]
    kinds: Mapping[type[Key[Any]], Kind]
    evolvers: Mapping[type[Event], Sequence[Evolver]]
    authorize: Callable[[Actor, Command, Key[Any] | None], None]
    policy_version: int = 1


class QuoteChanged(Refusal):
    """The consequences are no longer those that were quoted; the new ones are in ``consequences`` and ``quote``."""

    def __init__(self, *, quote: str | None, consequences: msgspec.Struct | None) -> None:
        super().__init__(param="quote", quote=quote, consequences=consequences)


class VersionMismatch(Refusal):
    """The caller insisted on a version that is not the current one."""

    status = 412

    def __init__(self, *, expected: int, current: int) -> None:
        super().__init__(param="If-Match", expected=expected, current=current)


class IdempotencyKeyInFlight(Refusal):
    """The first call with this key has not been answered yet."""

    def __init__(self) -> None:
        super().__init__(param="Idempotency-Key")


class IdempotencyKeyReused(Refusal):
    """The key was used before for another wish."""

    status = 422

    def __init__(self) -> None:
        super().__init__(param="Idempotency-Key")


class Overloaded(Refusal):
    """Too much is waiting, the database is away, or this kind of command keeps failing: try again later."""

    status = 503

    def __init__(self, *, retry_after_seconds: int, cause: str) -> None:
        super().__init__(retry_after_seconds=retry_after_seconds, cause=cause)


class Fault(Exception):
    """Something is broken on our side; it was logged with the command's id and nothing was changed."""

    def __init__(self, *, command_id: UUID) -> None:
        super().__init__(f"command {command_id} failed; see the log")
        self.command_id = command_id
