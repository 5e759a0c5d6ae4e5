"""The clockwork: looks at the clock and gives the bus the commands that are due."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import uuid4

import structlog

from aftercart.deadlines import DEADLINES
from aftercart.kit.commands import Command, Fault, Lane
from aftercart.kit.leases import release_lease, take_lease
from aftercart.kit.refusal import Refusal
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop

log = structlog.get_logger(__name__)

LEASE: Final = "deadlines"
DUE_MAX: Final = 200
"""How many of each kind of deadline are fired in one turn."""
AGAIN_MIN: Final = timedelta(minutes=1)
AGAIN_MAX: Final = timedelta(hours=1)


class _SetAside(NamedTuple):
    """A deadline that was fired and is due all the same: not again before ``until``, twice as long each time."""

    until: datetime
    wait: timedelta


class Clockwork:
    """Fires deadlines while it holds their lease; a run under a simulated clock takes it away for that long.

    One that fails, or leaves everything as it was, is set aside for a while: it costs the others neither their turn
    nor their place among those that are looked at.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._holder = uuid4()
        self._aside: dict[Command, _SetAside] = {}

    async def turn(self) -> int:
        """Fires what is due now and returns how many commands changed something; 0 without the lease.

        Raises ``Overloaded`` when the bus would not take all of them, once the others are answered.
        """
        database = self._shop.database
        if await take_lease(database, name=LEASE, holder=self._holder) is None:
            return 0
        now = self._shop.clock.now()
        limit = DUE_MAX + len(self._aside)
        due = [command for deadline in DEADLINES.values() for command in await deadline(database, now, limit)]
        fired = self._without_set_aside(due, now)
        answers = await asyncio.gather(*(self._fire(command) for command in fired), return_exceptions=True)
        for command, answer in zip(fired, answers, strict=True):
            if answer is False:
                self._set_aside(command, now)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return sum(answer is True for answer in answers)

    async def release(self) -> None:
        """Lets another worker take over at once."""
        await release_lease(self._shop.database, name=LEASE, holder=self._holder)

    async def _fire(self, command: Command) -> bool:
        """Returns whether the command changed something; a failure or a refusal is logged."""
        name = type(command).__name__
        try:
            answer = await self._shop.submit(command, SYSTEM, lane=Lane.BACKGROUND)
        except Refusal as refusal:
            if refusal.status >= 500:
                raise
            log.info("deadline_refused", command=name, refusal=str(refusal))
            return False
        except Fault as fault:
            log.error("deadline_failed", command=name, id=str(fault.command_id))  # noqa: TRY400 - the bus logged where
            return False
        return answer.before != answer.after

    def _without_set_aside(self, due: Iterable[Command], now: datetime) -> list[Command]:
        """Returns what is to be fired; what is not due any more is set aside no longer."""
        commands = tuple(dict.fromkeys(due))
        self._aside = {command: self._aside[command] for command in commands if command in self._aside}
        return [command for command in commands if command not in self._aside or self._aside[command].until <= now]

    def _set_aside(self, command: Command, now: datetime) -> None:
        before = self._aside.get(command)
        wait = AGAIN_MIN if before is None else min(before.wait * 2, AGAIN_MAX)
        self._aside[command] = _SetAside(now + wait, wait)
