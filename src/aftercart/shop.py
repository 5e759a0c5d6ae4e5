"""A running shop: one bus on one database, with its clock, ids and surroundings; what every door is given."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from aftercart.app import registry
from aftercart.kit.clock import Clock, SystemClock
from aftercart.kit.command_bus import CommandBus
from aftercart.kit.commands import Actor, Answer, Command, Context, Lane, Preview
from aftercart.kit.database import Database
from aftercart.kit.ids import Ids, RandomIds
from aftercart.kit.outcomes import command_id_of_key, fingerprint_of

SECRET_BYTES: Final = 32


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """The world around a shop: its name, where its customers find it, their time zone, what proves who they are.

    From ``secret`` come the tokens of links, the codes and the keys that sign webhooks. ``private_webhooks`` allows
    webhooks within the shop's own network, which only development wants.
    """

    secret: bytes
    name: str = "Aftercart"
    public_url: str = "http://localhost:8000"
    zone: ZoneInfo = ZoneInfo("Europe/Paris")
    private_webhooks: bool = False


def _by_itself() -> Surroundings:
    return Surroundings(secret=secrets.token_bytes(SECRET_BYTES))


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """The bus and what it stands on. Doors call ``submit`` and ``preview``; reads go to ``database``."""

    bus: CommandBus
    database: Database
    clock: Clock
    ids: Ids
    surroundings: Surroundings = msgspec.field(default_factory=_by_itself)

    async def submit(
        self,
        command: Command,
        actor: Actor,
        *,
        key: str | None = None,
        command_id: UUID | None = None,
        quote: str | None = None,
        expected_version: int | None = None,
        lane: Lane = Lane.INTERACTIVE,
        now: datetime | None = None,
    ) -> Answer:
        """Carries a command out for ``actor``; see ``CommandBus.submit`` for what it raises.

        ``key`` is the caller's idempotency key, ``command_id`` an id made from what caused the command; with either
        the command happens once however often it is submitted.
        """
        context = self._context(
            command, actor, key=key, command_id=command_id, quote=quote, version=expected_version, lane=lane, now=now
        )
        return await self.bus.submit(command, context)

    async def preview(
        self,
        command: Command,
        actor: Actor,
        *,
        quote: str | None = None,
        expected_version: int | None = None,
        now: datetime | None = None,
    ) -> Preview:
        """Returns what the command would do now, and changes nothing."""
        context = self._context(command, actor, quote=quote, version=expected_version, now=now)
        return await self.bus.preview(command, context)

    def _context(
        self,
        command: Command,
        actor: Actor,
        *,
        key: str | None = None,
        command_id: UUID | None = None,
        quote: str | None = None,
        version: int | None = None,
        lane: Lane = Lane.INTERACTIVE,
        now: datetime | None = None,
    ) -> Context:
        at = now or self.clock.now()
        if key is not None:
            command_id = command_id_of_key(actor.name, key)
        return Context(
            command_id=command_id or self.ids.new_id(at),
            actor=actor,
            now=at,
            ids=self.ids,
            fingerprint=fingerprint_of(command),
            recalled=command_id is not None,
            expected_version=version,
            quote=quote,
            lane=lane,
        )


@asynccontextmanager
async def open_shop(
    url: str,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    surroundings: Surroundings | None = None,
    concurrency: int = 2,
) -> AsyncGenerator[Shop]:
    """Opens the database at ``url`` (migrated already) and starts a bus on it; stops both at the end.

    Without ``surroundings`` the shop has a secret of its own: links and codes it makes are understood by it alone.
    """
    async with (
        Database(url) as database,
        CommandBus(registry(), database, concurrency=concurrency) as bus,
    ):
        yield Shop(
            bus=bus,
            database=database,
            clock=clock or SystemClock(),
            ids=ids or RandomIds(),
            surroundings=surroundings or _by_itself(),
        )
