"""Keeping the shop's loops still while the past is played: reactions and deadlines would act at today's time."""

import asyncio
import time
from typing import Final, Self
from uuid import uuid4

from aftercart.kit.database import Database
from aftercart.kit.leases import LEASE_SECONDS, release_lease, seize_lease, take_lease

IMPORT_LEASE: Final = "import"
LOOPS: Final = ("reactions", "deadlines")
PATIENCE_SECONDS: Final = LEASE_SECONDS + 2.0
"""How long an import waits for another one to end: one that was killed keeps its lease for some seconds."""
_ASKED_EVERY_SECONDS: Final = 0.5
_RENEWED_EVERY_SECONDS: Final = 3


class AnotherImportRuns(Exception):
    """Another process imports into this database at the moment."""

    def __init__(self) -> None:
        super().__init__("another import runs on this database: it must end first")


class StillLoops:
    """Holds the leases of the loops as long as it is renewed; ``async with`` takes them and gives them back.

    One import at a time: raises ``AnotherImportRuns`` on entry, and later when another one took over after this
    one had been silent for long.
    """

    def __init__(self, database: Database, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._database = database
        self._patience_seconds = patience_seconds
        self._holder = uuid4()
        self._renewed_at = 0.0

    async def __aenter__(self) -> Self:
        given_up_at = time.monotonic() + self._patience_seconds
        while True:
            try:
                await self._take()
            except AnotherImportRuns:
                if time.monotonic() >= given_up_at:
                    raise
                await asyncio.sleep(_ASKED_EVERY_SECONDS)
            else:
                return self

    async def __aexit__(self, *_: object) -> None:
        for name in (*LOOPS, IMPORT_LEASE):
            await release_lease(self._database, name=name, holder=self._holder)

    async def renew(self) -> None:
        """Renews the leases when it is time to; call it between any two steps."""
        if time.monotonic() - self._renewed_at > _RENEWED_EVERY_SECONDS:
            await self._take()

    async def _take(self) -> None:
        self._renewed_at = time.monotonic()
        database, holder = self._database, self._holder
        if await take_lease(database, name=IMPORT_LEASE, holder=holder) is None:
            raise AnotherImportRuns
        for name in LOOPS:
            await seize_lease(database, name=name, holder=holder)
