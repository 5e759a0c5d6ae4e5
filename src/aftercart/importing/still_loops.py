"""Keeping the shop's loops still while the past is played: reactions and deadlines would act at today's time."""

import time
from typing import Final, Self
from uuid import uuid4

from aftercart.kit.database import Database
from aftercart.kit.leases import release_lease, seize_lease, take_lease

IMPORT_LEASE: Final = "import"
LOOPS: Final = ("reactions", "deadlines")
LEASE_SECONDS: Final = 30
_RENEWED_EVERY_SECONDS: Final = 3


class AnotherImportRuns(Exception):
    """Another process imports into this database at the moment."""

    def __init__(self) -> None:
        super().__init__("another import runs on this database: wait for its end, or stop it and wait half a minute")


class StillLoops:
    """Holds the leases of the loops as long as it is renewed; ``async with`` takes them and gives them back.

    One import at a time: raises ``AnotherImportRuns`` on entry, and later when another one took over after this
    one had been silent for long.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holder = uuid4()
        self._renewed_at = 0.0

    async def __aenter__(self) -> Self:
        await self._take()
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
        if await take_lease(database, name=IMPORT_LEASE, holder=holder, seconds=LEASE_SECONDS) is None:
            raise AnotherImportRuns
        for name in LOOPS:
            await seize_lease(database, name=name, holder=holder, seconds=LEASE_SECONDS)
