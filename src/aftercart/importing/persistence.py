"""Asking again for a while when the database is away, or an earlier run is still committing."""

import asyncio
from datetime import datetime
from typing import Final
from uuid import UUID

from aftercart.kit.commands import Actor, Answer, Command, IdempotencyKeyInFlight, Overloaded
from aftercart.shop import Shop

_PATIENCE: Final = 5
_PAUSE_SECONDS: Final = 1.0


async def submit_patiently(
    shop: Shop, command: Command, actor: Actor, *, now: datetime, command_id: UUID | None = None
) -> Answer:
    """Submits a command of the past; raises what the shop raises, ``Overloaded`` only after some attempts."""
    for _ in range(_PATIENCE):
        try:
            return await shop.submit(command, actor, command_id=command_id, now=now)
        except (Overloaded, IdempotencyKeyInFlight):
            await asyncio.sleep(_PAUSE_SECONDS)
    return await shop.submit(command, actor, command_id=command_id, now=now)
