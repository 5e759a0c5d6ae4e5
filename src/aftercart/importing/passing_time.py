"""Letting time pass in the past: what falls due happens at its due time, and what events ask for right after them."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from aftercart.app import EVENTS
from aftercart.deadlines import DEADLINES, find_next_due
from aftercart.importing.persistence import submit_patiently
from aftercart.kit.commands import Command, IdempotencyKeyInFlight, Overloaded
from aftercart.kit.database import Database
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.permissions import SYSTEM
from aftercart.reactions import REACTIONS
from aftercart.shop import Shop
from aftercart.worker.clockwork import DUE_MAX

AT_ONCE: Final = 256
"""How many commands of the shop's own are under way together."""
_TYPES: Final = tuple(event.__name__ for event in REACTIONS)


class DeadlineStuck(Exception):
    """A deadline is due, is refused, and stays due: time cannot go on."""

    def __init__(self, command: Command, *, due_at: datetime) -> None:
        super().__init__(f"{command} is due at {due_at.isoformat()}, was refused, and is due all the same")


class PassingTime:
    """Fires deadlines and runs reactions as the shop's own loops do, but at the time of the past.

    Whoever uses it holds the leases of those loops, and lets nothing else be under way while time passes.
    """

    def __init__(self, shop: Shop, *, reacted_to: int) -> None:
        """``reacted_to`` is the position in the event log up to which reactions have run."""
        self.refused: Counter[str] = Counter()
        self._shop = shop
        self._reacted_to = reacted_to
        self._stuck: set[Command] = set()

    async def pass_until(self, at: datetime) -> datetime | None:
        """Fires all that falls due until ``at``, in order; returns when the next deadline after that is due."""
        while (due_at := await find_next_due(self._shop.database)) is not None and due_at <= at:
            await self._fire(due_at)
        return due_at

    async def react(self) -> None:
        """Runs what the events since the last time ask for, each at the time of its event."""
        database = self._shop.database
        rows = await database.rows(_FIND_NEWS, {"after": self._reacted_to, "types": list(_TYPES)})
        for position, stream, name, data, at in rows:
            event_type = EVENTS[name]
            event = msgspec.json.decode(data, type=event_type)
            await self._submit_all(await REACTIONS[event_type](database, stream, event), now=at)
            self._reacted_to = position

    async def _fire(self, due_at: datetime) -> None:
        due = [
            command
            for deadline in DEADLINES.values()
            for command in await deadline(self._shop.database, due_at, DUE_MAX)
        ]
        for command in due:
            if command in self._stuck:
                raise DeadlineStuck(command, due_at=due_at)
        self._stuck = await self._submit_all(due, now=due_at)
        if not all(isinstance(command, ReleaseOrder) for command in due):
            await self.react()

    async def _submit_all(self, commands: Sequence[Command], *, now: datetime) -> set[Command]:
        """Submits commands in their order; returns those that were refused, as somebody changed the order meanwhile."""
        refused: set[Command] = set()
        for start in range(0, len(commands), AT_ONCE):
            chunk = commands[start : start + AT_ONCE]
            answers = await asyncio.gather(*(self._is_done(command, now) for command in chunk))
            refused.update(command for command, done in zip(chunk, answers, strict=True) if not done)
        return refused

    async def _is_done(self, command: Command, now: datetime) -> bool:
        try:
            await submit_patiently(self._shop, command, SYSTEM, now=now)
        except (Overloaded, IdempotencyKeyInFlight):
            raise
        except Refusal as refusal:
            self.refused[refusal.code] += 1
            return False
        return True


async def find_last_receipt(database: Database, *, importer: str) -> int:
    """Returns the position before the last goods that ``importer`` unloaded: from there on reactions may be missing.

    Without any, it is the end of the event log.
    """
    ((position,),) = await database.rows(_FIND_LAST_RECEIPT, {"actor": importer})
    return position


_FIND_NEWS: Final = """
    SELECT position, stream, type, data::text, at
    FROM kit.event_log
    WHERE position > %(after)s AND type = ANY(%(types)s)
    ORDER BY position
"""

_FIND_LAST_RECEIPT: Final = """
    SELECT coalesce(
        (SELECT min(position) - 1 FROM kit.event_log WHERE type = 'StockReceived' AND actor = %(actor)s
            AND at = (SELECT max(at) FROM kit.event_log WHERE type = 'StockReceived' AND actor = %(actor)s)),
        (SELECT max(position) FROM kit.event_log),
        0)
"""
