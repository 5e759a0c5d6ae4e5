"""What stories about the bus need: a toy shop on a database, buses, a gate that holds rows, and patient eyes."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, Final, LiteralString
from uuid import UUID, uuid5

import psycopg
from psycopg import AsyncConnection
from tests.kit.toy import toy_registry
from tests.kit.toy_store import SCHEMA

from aftercart.kit import command_bus
from aftercart.kit.batch import Batch
from aftercart.kit.command_bus import CommandBus
from aftercart.kit.commands import Actor, Answer, Command, Context, Lane, Registry
from aftercart.kit.database import Database
from aftercart.kit.ids import SeededIds
from aftercart.kit.outcomes import fingerprint_of

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IDS: Final = SeededIds(7)
ADA: Final = Actor(name="ada", role="admin")
WATCHED: Final = "bus-under-test"
PATIENCE_SECONDS: Final = 20.0
_BOXES: Final = UUID("01934a3e-0000-7000-8000-000000000000")


def box(number: int) -> UUID:
    """Returns the id of a box; a box has the same id in every story."""
    return uuid5(_BOXES, str(number))


def context(command: Command, *, command_id: UUID | None = None, actor: Actor = ADA, **changes: Any) -> Context:
    """Returns the context of a call; with ``command_id`` it is one that may have been made before."""
    return Context(
        command_id=command_id or IDS.new_id(NOW),
        actor=actor,
        now=NOW,
        ids=IDS,
        fingerprint=fingerprint_of(command),
        recalled=command_id is not None,
        **changes,
    )


class Eyes:
    """A connection of the story's own, in autocommit: it looks, and holds nothing."""

    def __init__(self, connection: AsyncConnection[tuple[Any, ...]]) -> None:
        self._connection = connection

    async def see(self, sql: LiteralString, **parameters: object) -> list[tuple[Any, ...]]:
        """Returns the rows of a look at the database."""
        return await (await self._connection.execute(sql, parameters)).fetchall()

    async def do(self, sql: LiteralString) -> None:
        """Does something to the database that has no rows to show."""
        await self._connection.execute(sql)

    async def number(self, sql: LiteralString, **parameters: object) -> int:
        """Returns the one number that a look finds."""
        return (await self.see(sql, **parameters))[0][0]

    async def until(self, sql: LiteralString, number: int, **parameters: object) -> None:
        """Looks again and again until it sees this number; the story fails when that takes too long."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self.number(sql, **parameters) != number:
                pass

    async def until_waiting(self, number: int) -> None:
        """Looks until so many connections of the buses wait for a lock."""
        await self.until(_WAITING, number, name=WATCHED)

    async def units(self) -> tuple[int, int]:
        """Returns how many units are on shelves and in boxes."""
        on_shelves = await self.number("SELECT coalesce(sum(units), 0)::integer FROM toy.shelves")
        return on_shelves, await self.number("SELECT coalesce(sum(units), 0)::integer FROM toy.contents")


_WAITING: Final = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = %(name)s AND wait_event_type = 'Lock'
"""


def set_up(url: str) -> None:
    """Makes the toy's tables; deadlocks are noticed quickly there."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SCHEMA)
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET deadlock_timeout = '20ms'".encode())


@asynccontextmanager
async def eyes(url: str) -> AsyncGenerator[Eyes]:
    """Opens a connection that looks."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        yield Eyes(connection)


@asynccontextmanager
async def gate(url: str, *statements: LiteralString, **parameters: object) -> AsyncGenerator[None]:
    """Holds what the statements lock or write; leaving commits."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        for statement in statements:
            await connection.execute(statement, parameters)
        yield


@asynccontextmanager
async def open_bus(
    url: str, registry: Registry | None = None, *, concurrency: int = 1, bus: type[CommandBus] = CommandBus
) -> AsyncGenerator[CommandBus]:
    """Opens a bus on the toy business; with one batch at a time, what is submitted together goes together."""
    async with (
        Database(url, name=WATCHED) as database,
        bus(registry or toy_registry(), database, concurrency=concurrency) as opened,
    ):
        yield opened


def later(work: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
    """Starts a call without waiting for its answer."""
    return asyncio.create_task(work)


def call(bus: CommandBus, command: Command, **changes: Any) -> asyncio.Task[Answer]:
    """Submits a command without waiting for its answer."""
    return later(bus.submit(command, context(command, **changes)))


async def together(bus: CommandBus, *commands: Command, lane: Lane = Lane.INTERACTIVE) -> list[Answer | BaseException]:
    """Submits commands at the same moment and returns all answers, refusals and faults among them."""
    return await asyncio.gather(*(call(bus, command, lane=lane) for command in commands), return_exceptions=True)


class Run:
    """One batch that was run: its jobs' commands, and the fault it ended with, if any."""

    def __init__(self, batch: Batch) -> None:
        jobs = batch._jobs  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self.commands = [job.command for job in jobs]
        self.lanes = [job.context.lane for job in jobs]
        self.fault: BaseException | None = None


@contextmanager
def watching(*, over: type[Batch] = Batch) -> Generator[list[Run]]:
    """Watches every batch that any bus runs, made as ``over`` instead of as ``Batch``."""
    runs: list[Run] = []

    class Watched(over):
        async def run(self, database: Database) -> None:
            run = Run(self)
            runs.append(run)
            try:
                await super().run(database)
            except BaseException as fault:
                run.fault = fault
                raise

    command_bus.Batch = Watched
    try:
        yield runs
    finally:
        command_bus.Batch = Batch
