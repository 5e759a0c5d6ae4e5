"""Connections to PostgreSQL: one pool per process, with the limits every connection must have."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, LiteralString, Self

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from aftercart.kit.state import Statement

Connection = AsyncConnection[tuple[Any, ...]]
Row = tuple[Any, ...]

CLOSE_SECONDS_MAX: Final = 2.0
_OPTIONS: Final = (
    "-c timezone=UTC -c synchronous_commit=on -c jit=off"
    " -c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
)


class Database:
    """A pool of connections to one merchant's database.

    Open it with ``async with``; ``transaction`` is for the bus and the loops, ``rows`` for single reads.
    """

    def __init__(self, url: str, *, connections_max: int = 12, name: str = "aftercart") -> None:
        self.url = url
        self._pool = AsyncConnectionPool(
            url,
            open=False,
            min_size=2,
            max_size=connections_max,
            timeout=5,
            reconnect_timeout=1,
            kwargs={"options": _OPTIONS, "application_name": name, "prepare_threshold": 0},
            configure=_configure,
        )

    async def __aenter__(self) -> Self:
        await self._pool.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close(timeout=CLOSE_SECONDS_MAX)

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        """Lends a connection in its own transaction: committed at the end, rolled back on an exception."""
        canceled = _times_canceled()
        async with self._pool.connection() as connection:
            # The pool waits by `asyncio.wait_for`, which in Python 3.11 loses a cancellation that comes together with
            # the connection: a loop would go on for ever, and nothing that waits for its end would end either.
            if _times_canceled() > canceled:
                raise asyncio.CancelledError
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[Connection]:
        """Lends a connection whose statements all see one moment and may not write."""
        async with self.connection() as connection:
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection

    async def rows(self, sql: LiteralString, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Returns the rows of one read, in its own transaction; a connection lost while idle is replaced once."""
        try:
            return await self._rows(sql, parameters)
        except psycopg.OperationalError:
            await self._pool.check()
            return await self._rows(sql, parameters)

    async def run(self, statement: Statement) -> list[Row]:
        """Runs one statement in its own transaction and returns its rows, if it has any."""
        async with self.connection() as connection:
            cursor = await connection.execute(statement.sql, statement.parameters)
            return await cursor.fetchall() if cursor.description else []

    async def forget_broken_connections(self) -> None:
        """Replaces the pool's connections that the server has dropped."""
        await self._pool.check()

    async def _rows(self, sql: LiteralString, parameters: Mapping[str, object] | None) -> list[Row]:
        async with self.connection() as connection:
            # A lone read needs no transaction: without BEGIN and COMMIT it costs one round trip instead of three.
            await connection.set_autocommit(True)
            try:
                cursor = await connection.execute(sql, parameters)
                return await cursor.fetchall()
            finally:
                if not connection.broken:
                    await connection.set_autocommit(False)


async def _configure(connection: Connection) -> None:
    connection.prepare_threshold = 0


def _times_canceled() -> int:
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()
