"""Processes of their own that work on one database at the same time."""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec
import psycopg
from tests.races.rush import Done

ROOT: Final = Path(__file__).parents[2]
_DEADLOCKS: Final = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


async def run_together(module: str, arguments: Iterable[Sequence[str]]) -> list[Done]:
    """Runs the module once for each of the ``arguments``, all at once, and returns what each of them did."""
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *given),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for given in arguments
    ]
    ended = await asyncio.gather(*(process.communicate() for process in started))
    assert [process.returncode for process in started] == [0] * len(started), ended
    return [msgspec.json.decode(output.splitlines()[-1], type=Done) for output, _ in ended]


def find_deadlocks_soon(url: str) -> None:
    """Lets the database look for deadlocks early: were it after a second, a short rush would hardly find one."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET deadlock_timeout = '20ms'".encode())


def deadlocks_in(url: str) -> int:
    """Returns how many deadlocks the database counted; processes that ended have told theirs."""
    with psycopg.connect(url) as connection:
        return connection.execute(_DEADLOCKS).fetchall()[0][0]
