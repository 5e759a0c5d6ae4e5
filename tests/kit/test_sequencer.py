"""The feed shows every committed event once, in the order of its stream, whatever the order of the commits."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from aftercart.kit.database import Database
from aftercart.kit.event_log import LoggedEvent, append_statement
from aftercart.kit.sequencer import read_feed, sequence

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def logged(stream: UUID, seq: int) -> LoggedEvent:
    return LoggedEvent(
        stream=stream,
        seq=seq,
        type="Happened",
        data=msgspec.Raw(b"{}"),
        actor="test",
        cause=uuid4(),
        policy_version=1,
        at=NOW,
    )


@asynccontextmanager
async def open_transaction(url: str) -> AsyncGenerator[psycopg.AsyncConnection]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        yield connection


async def append(connection: psycopg.AsyncConnection, *events: LoggedEvent) -> None:
    statement = append_statement(events)
    await connection.execute(statement.sql, statement.parameters)


@pytest.mark.broken_on_purpose
async def test_an_event_committed_late_is_not_skipped(database_url: str) -> None:
    slow, fast = uuid4(), uuid4()
    async with Database(database_url) as database, open_transaction(database_url) as held:
        await append(held, logged(slow, 1))  # takes the lower position, commits last
        async with open_transaction(database_url) as other:
            await append(other, logged(fast, 1))
        assert await sequence(database) == 1
        first, _ = await read_feed(database, after=0, limit=10)
        await held.commit()
        assert await sequence(database) == 1
        second, _ = await read_feed(database, after=first[-1].offset, limit=10)
        assert [entry.stream for entry in first] == [fast]
        assert [entry.stream for entry in second] == [slow]
        # The control: a reader of the log by position would have passed the late event by.
        behind = "SELECT stream FROM kit.event_log WHERE position > %(seen)s"
        by_position = await database.rows(behind, {"seen": first[-1].position})
        assert slow not in {stream for (stream,) in by_position}


@pytest.mark.broken_on_purpose
async def test_many_writers_with_rollbacks_and_delays_lose_nothing_and_keep_every_stream_in_order(
    database_url: str,
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    streams = [uuid4() for _ in range(8)]
    locks = {stream: asyncio.Lock() for stream in streams}
    last = dict.fromkeys(streams, 0)
    writing = asyncio.Event()

    async def write(number: int) -> None:
        chance = random.Random(seed + number)
        async with open_transaction(database_url) as connection:
            for _ in range(40):
                stream = chance.choice(streams)
                async with locks[stream]:  # stands for the lock of the order
                    await append(connection, logged(stream, last[stream] + 1))
                    for _ in range(chance.randrange(3)):
                        await asyncio.sleep(0)
                    if chance.random() < 0.2:
                        await connection.rollback()
                    else:
                        await connection.commit()
                        last[stream] += 1

    async def keep_sequencing(database: Database) -> None:
        while not writing.is_set():
            await sequence(database, moved_max=7)

    async with Database(database_url) as database, Database(database_url) as second:
        sequencers = [asyncio.create_task(keep_sequencing(one)) for one in (database, second)]
        await asyncio.gather(*(write(number) for number in range(6)))
        writing.set()
        await asyncio.gather(*sequencers)
        while await sequence(database):
            pass
        feed, upto = await read_feed(database, after=0, limit=10_000)
        assert upto == len(feed)
    assert [entry.offset for entry in feed] == list(range(1, len(feed) + 1))
    assert len(feed) == sum(last.values())
    for stream in streams:
        seqs = [entry.seq for entry in feed if entry.stream == stream]
        assert seqs == list(range(1, last[stream] + 1))


async def test_a_second_sequencer_leaves_the_work_to_the_first(database_url: str) -> None:
    async with Database(database_url) as database, open_transaction(database_url) as holder:
        await holder.execute("SELECT consumer FROM kit.cursors WHERE consumer = 'sequencer' FOR UPDATE")
        assert await sequence(database) == 0


@pytest.mark.broken_on_purpose
async def test_a_reader_of_some_types_moves_past_the_others(database_url: str) -> None:
    async with Database(database_url) as database, open_transaction(database_url) as writer:
        await append(writer, logged(uuid4(), 1), logged(uuid4(), 1))
        await writer.commit()
        await sequence(database)
        assert await read_feed(database, after=0, limit=10, types=("Other",)) == ([], 2)
        assert await read_feed(database, after=2, limit=10) == ([], 2)
        one, upto = await read_feed(database, after=0, limit=1, types=("Happened",))
        assert ([entry.offset for entry in one], upto) == ([1], 1)
