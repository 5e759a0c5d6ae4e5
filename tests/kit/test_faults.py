"""What goes wrong with one command costs that command only; the rest of its batch is carried out.

Every story is told twice: with the rule, and with the rule broken (the control), which must go wrong.
"""

from collections.abc import Sequence

import msgspec
import pytest
from tests.kit.bus_story import Run, box, call, eyes, gate, open_bus, together, watching
from tests.kit.toy import Break, FillShelf, Pack, ShelfIsEmpty, toy_registry
from tests.kit.toy_store import LOCK_SHELVES, SHELVES, ShelfKey

from aftercart.kit import deciding
from aftercart.kit.batch import Batch
from aftercart.kit.breaker import FAULTS_MAX
from aftercart.kit.command_bus import CommandBus
from aftercart.kit.commands import Answer, Fault, Overloaded
from aftercart.kit.deciding import Job
from aftercart.kit.state import Key, State, Statement

POISON = FillShelf(shelf="poisoned", units=-1)
"""The database refuses what this leaves behind."""
EVERYBODY = 64

pytestmark = pytest.mark.anyio


def good(number: int) -> FillShelf:
    return FillShelf(shelf=f"shelf-{number}", units=1)


async def kept_units(url: str) -> tuple[int, int]:
    """In one batch: a wish whose quote is stale moves 3 of 5 units, then another wish moves 2."""
    async with open_bus(url) as bus, eyes(url) as looking:
        await together(bus, FillShelf(shelf="a", units=5))
        refused = call(bus, Pack(box_id=box(1), shelf="a", units=3), quote="stale")
        accepted = call(bus, Pack(box_id=box(1), shelf="a", units=2))
        await accepted
        assert not isinstance(refused.exception(), Answer)
        return await looking.units()


async def test_what_a_refused_command_would_have_changed_is_thrown_away(toy_url: str) -> None:
    assert await kept_units(toy_url) == (3, 2)


async def test_control_keeping_the_overlay_of_a_refused_command_is_noticed(
    toy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SharedState(State):
        def put(self, key: Key[object], value: object) -> None:
            super().put(key, value)
            self.keep()

    monkeypatch.setattr(deciding, "State", SharedState)
    assert await kept_units(toy_url) == (0, 5)


async def test_a_later_command_sees_what_an_earlier_one_of_its_batch_left(toy_url: str) -> None:
    async with open_bus(toy_url) as bus:
        answers = await together(
            bus,
            FillShelf(shelf="a", units=1),
            Pack(box_id=box(1), shelf="a"),
            Pack(box_id=box(2), shelf="a"),
        )
    assert [type(answer) for answer in answers] == [Answer, Answer, ShelfIsEmpty]


async def runs_with_one_fault(url: str, *, over: type[Batch] = Batch) -> list[Run]:
    commands = [good(number) for number in range(EVERYBODY - 1)]
    async with open_bus(url) as bus, eyes(url) as looking:
        with watching(over=over) as runs:
            answers = await together(bus, *commands[:40], Break(), *commands[40:])
        assert [type(answer) for answer in answers].count(Answer) == EVERYBODY - 1
        assert isinstance(answers[40], Fault)
        assert await looking.units() == (EVERYBODY - 1, 0)
    return runs


async def test_a_fault_of_python_does_not_even_cost_the_others_a_second_batch(toy_url: str) -> None:
    assert len(await runs_with_one_fault(toy_url)) == 1


async def test_control_letting_a_fault_of_python_end_the_batch_costs_thirteen(toy_url: str) -> None:
    class Fragile(Batch):
        def _decide_all(self) -> None:
            self.answers.extend((job, self._decide(job)) for job in self._jobs)

    assert len(await runs_with_one_fault(toy_url, over=Fragile)) == 13


class OneByOneBus(CommandBus):
    """The control: a batch at fault is replayed command by command."""

    async def _halve(self, jobs: list[Job], *, waiting: bool) -> None:
        for job in jobs:
            await self._carry_out([job], waiting=waiting)


async def runs_with_one_poisoned(url: str, bus: type[CommandBus]) -> list[Run]:
    commands = [good(number) for number in range(EVERYBODY - 1)]
    async with open_bus(url, bus=bus) as opened, eyes(url) as looking:
        with watching() as runs:
            answers = await together(opened, *commands[:40], POISON, *commands[40:])
        assert [type(answer) for answer in answers].count(Answer) == EVERYBODY - 1
        assert isinstance(answers[40], Fault)
        assert await looking.units() == (EVERYBODY - 1, 0)
    return runs


async def test_one_poisoned_command_among_sixty_four_is_found_by_halving_in_thirteen_batches(toy_url: str) -> None:
    assert len(await runs_with_one_poisoned(toy_url, CommandBus)) == 13


async def test_control_replaying_one_by_one_takes_sixty_five_batches(toy_url: str) -> None:
    assert len(await runs_with_one_poisoned(toy_url, OneByOneBus)) == EVERYBODY + 1


async def test_a_statement_that_takes_too_long_costs_only_its_own_command(toy_url: str) -> None:
    """A canceled statement leaves the connection alive, so it is halved like any fault, not taken for a lost one."""
    async with eyes(toy_url) as looking:
        await looking.do(
            """
            CREATE FUNCTION toy.dawdle() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(20); RETURN NEW; END'
            """
        )
        await looking.do(
            """
            CREATE TRIGGER dawdle BEFORE INSERT ON toy.shelves
            FOR EACH ROW WHEN (NEW.name = 'slow') EXECUTE FUNCTION toy.dawdle()
            """
        )
    async with open_bus(toy_url) as bus:
        answers = await together(bus, good(1), FillShelf(shelf="slow", units=1), good(2))
    assert [type(answer) for answer in answers] == [Answer, Fault, Answer]


async def test_a_lock_that_does_not_come_in_time_costs_only_those_who_need_it(toy_url: str) -> None:
    def lock_or_give_up(keys: Sequence[ShelfKey]) -> Statement:
        return Statement(f"{LOCK_SHELVES} NOWAIT", {"names": [key.name for key in keys]})

    impatient = toy_registry(shelves=msgspec.structs.replace(SHELVES, lock=lock_or_give_up))
    async with open_bus(toy_url, impatient) as bus:
        await together(bus, *(good(number) for number in range(8)))
        async with gate(toy_url, "SELECT units FROM toy.shelves WHERE name = 'shelf-5' FOR UPDATE"):
            with watching() as runs:
                answers = await together(bus, *(good(number) for number in range(8)))
    assert [type(answer) for answer in answers].count(Answer) == 7
    assert isinstance(answers[5], Overloaded)
    # Each part with the busy row is tried twice, and halved then.
    assert [len(run.commands) for run in runs] == [8, 8, 4, 4, 4, 2, 2, 1, 1, 1, 2]


async def test_a_kind_of_command_that_keeps_failing_is_refused_without_a_batch(toy_url: str) -> None:
    async with open_bus(toy_url) as bus:
        for _ in range(FAULTS_MAX):
            assert isinstance((await together(bus, Break()))[0], Fault)
        with watching() as runs:
            (refused,) = await together(bus, Break())
            assert isinstance(refused, Overloaded)
            assert runs == []
            (other,) = await together(bus, good(1))
            assert isinstance(other, Answer)


async def test_a_caller_that_goes_away_does_not_undo_its_command(toy_url: str) -> None:
    async with open_bus(toy_url) as bus, eyes(toy_url) as looking:
        await together(bus, good(1))
        async with gate(toy_url, "SELECT units FROM toy.shelves WHERE name = 'shelf-1' FOR UPDATE"):
            asked = call(bus, good(1))
            await looking.until_waiting(1)
            asked.cancel()
        await looking.until("SELECT units FROM toy.shelves", 2)
