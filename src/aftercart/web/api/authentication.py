"""Who calls: the key in the header ``Authorization``, looked up once and remembered for some seconds."""

import asyncio
from typing import Final

from aftercart.access.queries import find_actor
from aftercart.kit.commands import Actor
from aftercart.kit.database import Database
from aftercart.web.api.refusals import Unauthenticated

REMEMBERED_SECONDS: Final = 30.0
"""How long a key that was taken back may still be used in this process."""
REMEMBERED_MAX: Final = 10_000
_SECRET_CHARACTERS_MAX: Final = 500


class Authentication:
    """Finds the actors behind keys. Only keys that exist are remembered, so a new key works at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[bytes, tuple[Actor, float]] = {}

    async def actor_of(self, header: bytes | None) -> Actor:
        """Returns who calls, from the value of ``Authorization``; raises ``Unauthenticated``."""
        if header is None:
            raise Unauthenticated
        now = asyncio.get_running_loop().time()
        known = self._known.get(header)
        if known is not None and known[1] > now:
            return known[0]
        actor = await self._look_up(header)
        if len(self._known) >= REMEMBERED_MAX:
            self._known.clear()
        self._known[header] = (actor, now + REMEMBERED_SECONDS)
        return actor

    async def _look_up(self, header: bytes) -> Actor:
        scheme, _, secret = header.decode("latin-1").partition(" ")
        secret = secret.strip()
        if scheme.lower() != "bearer" or not 0 < len(secret) <= _SECRET_CHARACTERS_MAX:
            raise Unauthenticated
        actor = await find_actor(self._database, secret)
        if actor is None:
            raise Unauthenticated
        return actor
