"""Deciding one command in memory: the single way a command is decided, for previews and commits alike."""

import hashlib
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from aftercart.kit.commands import Command, Context, Decision, Handler, Registry, VersionMismatch
from aftercart.kit.state import Key, Read, State

PUT_BACKS_MAX: Final = 8
"""How often a command may find that it needs other state than it named, before it is told to come back later."""
_encode_deterministic: Final = msgspec.json.Encoder(order="deterministic").encode


class Job:
    """One command on its way through the bus: ``keys`` are what it locks, ``reads`` what it only looks at.

    ``extra_keys`` are needs that were found out too late in an earlier attempt; ``absent_keys`` are those of them that
    name rows which do not exist yet and are about to be changed.
    """

    __slots__ = ("absent_keys", "attempts", "command", "context", "extra_keys", "handler", "keys", "put_backs", "reads")

    def __init__(self, command: Command, context: Context, handler: Handler[Any]) -> None:
        self.command = command
        self.context = context
        self.handler = handler
        self.attempts = 0
        self.put_backs = 0
        self.extra_keys: frozenset[Key[Any]] = frozenset()
        self.absent_keys: frozenset[Key[Any]] = frozenset()
        self.keys: set[Key[Any]] = set()
        self.reads: set[Key[Any]] = set()

    def name(self, needs: Iterable[Key[Any] | Read]) -> None:
        """Adds to what the command locks and reads."""
        for need in needs:
            if isinstance(need, Read):
                self.reads.add(need.key)
            else:
                self.keys.add(need)


def decide(registry: Registry, job: Job, base: dict[Key[Any], object]) -> tuple[Decision, object, object, State]:
    """Decides one command on an overlay of ``base``: ``(decision, root before, root after, overlay)``.

    The one way a command is decided, for previews and commits alike. Raises ``Refusal`` or ``NeedsChanged``.
    """
    context, command = job.context, job.command
    root = job.handler.root(command)
    registry.authorize(context.actor, command, root)
    overlay = State(base)
    if context.expected_version is not None and root is not None:
        current = getattr(overlay.find(root), "version", None)
        if current is not None and current != context.expected_version:
            raise VersionMismatch(expected=context.expected_version, current=current)
    decision: Decision = job.handler.decide(command, overlay, context)
    before = overlay.find(decision.root) if decision.root is not None and overlay.knows(decision.root) else None
    for event in decision.events:
        for evolve in registry.evolvers[type(event)]:
            for key, value in tuple(evolve(decision.stream, event, overlay)):
                overlay.put(key, value)
    after = overlay.find(decision.root) if decision.root is not None else None
    return decision, before, after, overlay


def quote(
    registry: Registry, decision: Decision, *, before: object, after: object
) -> tuple[msgspec.Struct | None, str | None]:
    """Returns what the decision means for people, and a digest of it that is the same for the same consequences."""
    describe = None if decision.root is None else registry.kinds[type(decision.root)].consequences
    if describe is None:
        return None, None
    consequences = describe(before, after)
    return consequences, hashlib.blake2b(_encode_deterministic(consequences), digest_size=12).hexdigest()
