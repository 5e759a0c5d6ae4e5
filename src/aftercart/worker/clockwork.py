"""The clockwork: looks at the clock and gives the bus the commands that are due."""

import asyncio
from typing import Final
from uuid import uuid4

import structlog

from aftercart.deadlines import DEADLINES
from aftercart.kit.commands import Command, Lane
from aftercart.kit.leases import release_lease, take_lease
from aftercart.kit.refusal import Refusal
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop

log = structlog.get_logger(__name__)

LEASE: Final = "deadlines"


class Clockwork:
    """Fires deadlines while it holds their lease; a run under a simulated clock takes it away for that long."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._holder = uuid4()

    async def turn(self) -> int:
        """Fires what is due now and returns how many commands that were; 0 without the lease."""
        database = self._shop.database
        if await take_lease(database, name=LEASE, holder=self._holder) is None:
            return 0
        now = self._shop.clock.now()
        due = [command for deadline in DEADLINES.values() for command in await deadline(database, now)]
        await asyncio.gather(*(self._submit(command) for command in due))
        return len(due)

    async def release(self) -> None:
        """Lets another worker take over at once."""
        await release_lease(self._shop.database, name=LEASE, holder=self._holder)

    async def _submit(self, command: Command) -> None:
        try:
            await self._shop.submit(command, SYSTEM, lane=Lane.BACKGROUND)
        except Refusal as refusal:
            if refusal.status >= 500:
                raise
            log.info("deadline_refused", command=type(command).__name__, refusal=str(refusal))
