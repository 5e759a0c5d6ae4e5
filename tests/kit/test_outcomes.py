"""A command happens once, however often it is submitted and wherever the connection was lost.

Every story is told twice: with the rule, and with the rule broken (the control), which must go wrong.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
import psycopg
import pytest
from tests.kit.bus_story import NOW, WATCHED, Eyes, box, call, eyes, gate, open_bus, set_up, together, watching
from tests.kit.toy import FillShelf, Pack, ShelfIsEmpty, Weigh

from aftercart.kit import batch as batch_module
from aftercart.kit import command_bus
from aftercart.kit.batch import Batch
from aftercart.kit.commands import Answer, Command, Fault, IdempotencyKeyInFlight, IdempotencyKeyReused, Overloaded
from aftercart.kit.database import Database
from aftercart.kit.embedded_postgres import EmbeddedPostgres
from aftercart.kit.migrate import migrate
from aftercart.kit.outcomes import (
    KEYS_LIVE,
    command_id_of_key,
    find_outcomes_statement,
    fingerprint_of,
    forget_outcomes_statement,
)
from aftercart.kit.state import Statement

KEY = command_id_of_key("ada", "key-1")
FILL = FillShelf(shelf="a", units=3)

pytestmark = pytest.mark.anyio


def test_two_callers_may_use_the_same_key_and_two_commands_have_two_fingerprints() -> None:
    assert command_id_of_key("ada", "key-1") == KEY != command_id_of_key("bob", "key-1")
    assert fingerprint_of(Weigh(lines=1)) == fingerprint_of(Weigh(lines=1)) != fingerprint_of(Weigh(lines=2))
    assert fingerprint_of(FillShelf(shelf="a", units=1)) != fingerprint_of(Pack(box_id=box(1), shelf="a", units=1))


class Label(Command, frozen=True, kw_only=True):
    words: dict[str, str]


def test_a_wish_is_the_same_wish_in_whatever_order_it_was_written() -> None:
    one, other = (msgspec.json.decode(text, type=Label) for text in (ORDERED, TURNED))
    assert fingerprint_of(one) == fingerprint_of(other)


ORDERED = b'{"words":{"size":"42","color":"noir"}}'
TURNED = b'{"words":{"color":"noir","size":"42"}}'


async def test_the_same_key_answers_with_the_same_outcome_and_nothing_happens_twice(toy_url: str) -> None:
    async with open_bus(toy_url) as bus, open_bus(toy_url) as other, eyes(toy_url) as looking:
        first = await call(bus, FILL, command_id=KEY)
        again = [await call(one, FILL, command_id=KEY) for one in (bus, other)]
        assert not first.replayed
        assert [(answer.replayed, answer.result) for answer in again] == [(True, first.result)] * 2
        assert await looking.units() == (3, 0)


async def test_control_outcomes_that_are_not_looked_up_answer_with_a_refusal(
    toy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_nothing(_command_ids: Sequence[UUID]) -> Statement:
        return find_outcomes_statement(())

    monkeypatch.setattr(batch_module, "find_outcomes_statement", find_nothing)
    async with open_bus(toy_url) as bus:
        await call(bus, FILL, command_id=KEY)
        with pytest.raises(IdempotencyKeyReused):  # its own outcome row, at least, keeps it from happening twice
            await call(bus, FILL, command_id=KEY)


async def test_the_same_key_for_another_wish_is_refused(toy_url: str) -> None:
    async with open_bus(toy_url) as bus:
        await call(bus, FILL, command_id=KEY)
        with pytest.raises(IdempotencyKeyReused):
            await call(bus, FillShelf(shelf="a", units=4), command_id=KEY)


async def test_a_refusal_is_not_remembered_under_its_key(toy_url: str) -> None:
    pack = Pack(box_id=box(1), shelf="a")
    async with open_bus(toy_url) as bus:
        with pytest.raises(ShelfIsEmpty):
            await call(bus, pack, command_id=KEY)
        await together(bus, FILL)
        assert not (await call(bus, pack, command_id=KEY)).replayed


async def second_call_while_the_first_waits(url: str) -> asyncio.Task[Answer]:
    """Returns the second call of one key, on another bus, as it stood before the first one was done."""
    async with open_bus(url) as bus, open_bus(url) as other, eyes(url) as looking:
        await together(bus, FILL)
        async with gate(url, "SELECT units FROM toy.shelves WHERE name = 'a' FOR UPDATE"):
            first = call(bus, FILL, command_id=KEY)
            await looking.until_waiting(1)
            with pytest.raises(IdempotencyKeyInFlight):
                await call(bus, FILL, command_id=KEY)
            second = call(other, FILL, command_id=KEY)
            either = asyncio.ensure_future(looking.until_waiting(2))
            await asyncio.wait((second, either), return_when=asyncio.FIRST_COMPLETED)
            answered = second.done()
            either.cancel()
        await first
        await asyncio.wait((second,))
        assert await looking.units() == (6, 0)
        return second if answered else asyncio.ensure_future(_unanswered())


async def _unanswered() -> Answer:
    raise TimeoutError


async def test_a_key_in_flight_is_refused_at_once_on_every_bus(toy_url: str) -> None:
    with pytest.raises(IdempotencyKeyInFlight):
        await (await second_call_while_the_first_waits(toy_url))


async def test_control_a_key_that_is_not_locked_waits_for_the_first_call(
    toy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock_nothing(command_ids: Sequence[UUID]) -> Statement:
        return Statement("SELECT unnest(%(ids)s::uuid[])", {"ids": list(command_ids)})

    monkeypatch.setattr(batch_module, "try_lock_statement", lock_nothing)
    with pytest.raises(TimeoutError):
        await (await second_call_while_the_first_waits(toy_url))


async def test_outcomes_are_forgotten_after_two_days(toy_url: str) -> None:
    pack = Pack(box_id=box(1), shelf="a")
    async with open_bus(toy_url) as bus, Database(toy_url) as database:
        await together(bus, FILL)
        await call(bus, pack, command_id=KEY)
        await database.run(forget_outcomes_statement(NOW + KEYS_LIVE))
        assert (await call(bus, pack, command_id=KEY)).replayed
        await database.run(forget_outcomes_statement(NOW + KEYS_LIVE + timedelta(seconds=1)))
        assert not (await call(bus, pack, command_id=KEY)).replayed


async def test_a_document_bears_its_keys_id_so_it_does_not_happen_twice_even_after_two_days(toy_url: str) -> None:
    async with open_bus(toy_url) as bus, Database(toy_url) as database, eyes(toy_url) as looking:
        await call(bus, FILL, command_id=KEY)
        await database.run(forget_outcomes_statement(NOW + 2 * KEYS_LIVE))
        with pytest.raises(IdempotencyKeyReused):
            await call(bus, FILL, command_id=KEY)
        assert await looking.units() == (3, 0)


async def test_a_connection_lost_before_the_commit_is_tried_again(toy_url: str) -> None:
    async with open_bus(toy_url) as bus, eyes(toy_url) as looking:
        await together(bus, FILL)
        async with gate(toy_url, "SELECT units FROM toy.shelves WHERE name = 'a' FOR UPDATE"):
            filled = call(bus, FILL)
            await looking.until_waiting(1)
            await looking.see(KILL, name=WATCHED)
        assert not (await filled).replayed
        assert await looking.units() == (6, 0)


async def test_while_the_database_is_away_commands_are_told_to_come_back_later(
    own_postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_bus, "ATTEMPTS_MAX", 2)
    url = own_postgres.url()
    migrate(url)
    set_up(url)
    async with open_bus(url) as bus:
        await together(bus, FILL)
        own_postgres.stop()
        with pytest.raises(Overloaded) as refused:
            await call(bus, FILL)
        assert refused.value.values == {"retry_after_seconds": 2, "cause": "the database is away"}
        own_postgres.start()
        monkeypatch.undo()
        await call(bus, FILL)
    async with eyes(url) as looking:
        assert await looking.units() == (6, 0)


KILL = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = %(name)s AND state <> 'idle'
"""
COMMITTED_BUT_NOT_TOLD = """
    SELECT count(*) FROM pg_stat_activity WHERE application_name = %(name)s AND wait_event = 'SyncRep'
"""


@pytest.fixture
def url_with_standby(own_postgres: EmbeddedPostgres) -> str:
    """A database whose commits can be made to wait, done but not told, for a standby that never comes."""
    url = own_postgres.url()
    migrate(url)
    set_up(url)
    return url


async def until_commits_wait(url: str, looking: Eyes) -> None:
    """Writes until a commit waits for the standby: the server takes a new setting in its own time."""
    probe = await psycopg.AsyncConnection.connect(url, autocommit=True, application_name="probe")

    async def write_until_killed() -> None:
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                await probe.execute("COMMENT ON SCHEMA toy IS 'written to'")

    writing = asyncio.create_task(write_until_killed())
    await looking.until(COMMITTED_BUT_NOT_TOLD, 1, name="probe")
    await looking.see(KILL, name="probe")
    await writing
    await probe.close()


async def answer_after_a_commit_nobody_was_told_of(url: str) -> Answer:
    async with open_bus(url) as bus, eyes(url) as looking:
        await together(bus, FILL)
        await looking.do("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        await looking.see("SELECT pg_reload_conf()")
        await until_commits_wait(url, looking)
        filled = call(bus, FILL)
        await looking.until(COMMITTED_BUT_NOT_TOLD, 1, name=WATCHED)
        await looking.see(KILL, name=WATCHED)
        await looking.do("ALTER SYSTEM RESET synchronous_standby_names")
        await looking.see("SELECT pg_reload_conf()")
        try:
            return await filled
        finally:
            assert await looking.units() == (6, 0)


async def test_a_commit_whose_answer_was_lost_is_looked_up_and_not_made_again(url_with_standby: str) -> None:
    with watching() as runs:
        answer = await answer_after_a_commit_nobody_was_told_of(url_with_standby)
    # Filled once, then filled with the answer lost, then looked up.
    assert [run.fault is None for run in runs] == [True, False, True]
    assert (answer.replayed, answer.result) == (True, b'{"units":3}')


async def test_control_a_lost_commit_that_is_not_looked_up_is_answered_with_a_fault(
    url_with_standby: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forgetful(Batch):
        async def run(self, database: Database) -> None:
            for job in self._jobs:
                job.attempts = 0 if isinstance(job.command, FillShelf) else job.attempts
            try:
                await super().run(database)
            except psycopg.errors.UniqueViolation:
                for job in self._jobs:
                    job.attempts = 9
                raise

    monkeypatch.setattr("aftercart.kit.command_bus.Batch", Forgetful)
    with pytest.raises(Fault):
        await answer_after_a_commit_nobody_was_told_of(url_with_standby)
