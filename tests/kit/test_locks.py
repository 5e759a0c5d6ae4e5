"""The bus locks in one order, loads what it locked afterwards, and looks again at what it was told before.

Every story is told twice: with the rule, and with the rule broken (the control), which must go wrong.
"""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest
from psycopg.errors import DeadlockDetected
from tests.kit.bus_story import Run, box, call, eyes, gate, open_bus, together, watching
from tests.kit.toy import FILL, EmptyBox, FillShelf, Pack, Peek, Reach, toy_registry
from tests.kit.toy_store import BOXES, LOAD_BOXES, SHELVES, BoxKey, ShelfKey

from aftercart.kit import deciding
from aftercart.kit.batch import Batch
from aftercart.kit.commands import Overloaded, Registry
from aftercart.kit.state import Key, Kind, State, Statement

DESCENDING = "SELECT name FROM toy.shelves WHERE name = ANY(%(names)s) ORDER BY name DESC FOR NO KEY UPDATE"
HOLD_BOX = "SELECT version FROM toy.boxes WHERE box_id = %(box)s FOR UPDATE"
TAKE_TWO_FROM_SHELF = "UPDATE toy.shelves SET units = units - 2 WHERE name = %(shelf)s"
PUT_TWO_INTO_BOX = """
    INSERT INTO toy.contents (box_id, shelf, units) VALUES (%(box)s, %(shelf)s, 2)
    ON CONFLICT (box_id, shelf) DO UPDATE SET units = toy.contents.units + 2
"""
WAITING_BOXES = msgspec.structs.replace(BOXES, lock=BOXES.lock_waiting, locked=None)
"""Boxes whose lock always waits: the story needs two commands to wait for one box."""

pytestmark = pytest.mark.anyio


async def units_after_a_box_changed_during_the_lock_wait(url: str, boxes: Kind) -> tuple[int, int]:
    """Somebody puts two units they brought along into a box that the bus waits for, to put one there too."""
    async with open_bus(url, toy_registry(boxes=boxes)) as bus, eyes(url) as looking:
        await together(bus, FillShelf(shelf="a", units=10))
        await together(bus, Pack(box_id=box(1), shelf="a", units=1))
        async with gate(url, HOLD_BOX, PUT_TWO_INTO_BOX, box=box(1), shelf="a"):
            packed = call(bus, Pack(box_id=box(1), shelf="a", units=1))
            await looking.until_waiting(1)
        await packed
        return await looking.units()


async def test_what_is_locked_is_loaded_after_its_lock(toy_url: str) -> None:
    assert await units_after_a_box_changed_during_the_lock_wait(toy_url, BOXES) == (8, 4)


async def test_control_locking_and_loading_in_one_statement_loses_units(toy_url: str) -> None:
    def lock_and_load(keys: Sequence[BoxKey]) -> Statement:
        statement = BOXES.load(keys)
        return Statement(f"{LOAD_BOXES} FOR NO KEY UPDATE OF b", statement.parameters)

    broken = msgspec.structs.replace(BOXES, lock=None, locked=None, lock_waiting=None, load=lock_and_load)
    assert await units_after_a_box_changed_during_the_lock_wait(toy_url, broken) == (8, 2)


async def runs_of_two_buses(url: str, first: Registry, second: Registry) -> list[Run]:
    """Two buses want the same box and shelf; the box is held until both wait, the first one first."""
    async with open_bus(url, first) as one, open_bus(url, second) as two, eyes(url) as looking:
        await together(one, FillShelf(shelf="a", units=10))
        await together(one, Pack(box_id=box(1), shelf="a"))
        with watching() as runs:
            async with gate(url, HOLD_BOX, box=box(1)):
                packed = [call(one, Pack(box_id=box(1), shelf="a"))]
                await looking.until_waiting(1)
                packed.append(call(two, Pack(box_id=box(1), shelf="a")))
                await looking.until_waiting(2)
            await asyncio.gather(*packed)
        assert await looking.units() == (7, 3)
        return runs


async def test_kinds_are_locked_in_one_order_everywhere(toy_url: str) -> None:
    registry = toy_registry(boxes=WAITING_BOXES)
    runs = await runs_of_two_buses(toy_url, registry, registry)
    assert [run.fault for run in runs] == [None, None]


async def test_control_another_order_of_kinds_in_another_process_deadlocks(toy_url: str) -> None:
    shelves_first = msgspec.structs.replace(SHELVES, rank=1)
    runs = await runs_of_two_buses(
        toy_url, toy_registry(boxes=WAITING_BOXES), toy_registry(boxes=WAITING_BOXES, shelves=shelves_first)
    )
    assert {type(run.fault) for run in runs if run.fault} == {DeadlockDetected}


async def runs_over_two_shelves(url: str, second: Kind) -> list[Run]:
    """Two buses fill the shelves ``a`` and ``b`` in one batch each, while ``a`` is held until both wait."""
    async with (
        open_bus(url) as one,
        open_bus(url, toy_registry(shelves=second)) as two,
        eyes(url) as looking,
    ):
        await together(one, FillShelf(shelf="a", units=1), FillShelf(shelf="b", units=1))
        with watching() as runs:
            async with gate(url, "SELECT units FROM toy.shelves WHERE name = 'a' FOR UPDATE"):
                filled = [call(one, FillShelf(shelf=name, units=1)) for name in "ab"]
                await looking.until_waiting(1)
                filled += [call(two, FillShelf(shelf=name, units=1)) for name in "ab"]
                await looking.until_waiting(2)
            await asyncio.gather(*filled)
        assert await looking.units() == (6, 0)
        return runs


async def test_rows_of_one_kind_are_locked_in_one_order_everywhere(toy_url: str) -> None:
    assert [run.fault for run in await runs_over_two_shelves(toy_url, SHELVES)] == [None, None]


async def test_control_another_order_of_rows_in_another_process_deadlocks(toy_url: str) -> None:
    def lock_descending(keys: Sequence[ShelfKey]) -> Statement:
        return Statement(DESCENDING, {"names": [key.name for key in keys]})

    runs = await runs_over_two_shelves(toy_url, msgspec.structs.replace(SHELVES, lock=lock_descending))
    assert {type(run.fault) for run in runs if run.fault} == {DeadlockDetected}


async def units_after_two_first_receipts(url: str, registry: Registry) -> tuple[int, int]:
    """Somebody else puts the first 5 units on a new shelf while the bus puts 3 there."""
    async with open_bus(url, registry) as bus, eyes(url) as looking:
        async with gate(url, "INSERT INTO toy.shelves (name, units) VALUES ('new', 5)"):
            filled = call(bus, FillShelf(shelf="new", units=3))
            await looking.until_waiting(1)
        await filled
        return await looking.units()


async def test_absent_rows_are_made_before_they_are_locked(toy_url: str) -> None:
    assert await units_after_two_first_receipts(toy_url, toy_registry()) == (8, 0)


async def test_an_absent_row_that_nobody_named_is_made_when_a_decision_changes_it(toy_url: str) -> None:
    def make_nothing(_command: FillShelf, _facts: State) -> tuple[ShelfKey, ...]:
        return ()

    registry = toy_registry(fill=msgspec.structs.replace(FILL, create=make_nothing))
    assert await units_after_two_first_receipts(toy_url, registry) == (8, 0)


async def test_control_absent_rows_that_are_not_made_first_lose_a_receipt(toy_url: str) -> None:
    registry = toy_registry(shelves=msgspec.structs.replace(SHELVES, create=None))
    assert await units_after_two_first_receipts(toy_url, registry) == (3, 0)


async def units_after_a_shelf_came_into_being_between_lock_and_load(url: str, *, shelves: Kind) -> tuple[int, int]:
    """A shelf is made while a batch waits for the lock of another one, and two units are put on it after that."""

    def make_nothing(_command: FillShelf, _facts: State) -> tuple[ShelfKey, ...]:
        return ()

    registry = toy_registry(shelves=shelves, fill=msgspec.structs.replace(FILL, create=make_nothing))
    async with open_bus(url, registry) as bus, eyes(url) as looking:
        await together(bus, FillShelf(shelf="a", units=1))
        async with gate(url, "SELECT units FROM toy.shelves WHERE name = 'a' FOR UPDATE"):
            filled = [call(bus, FillShelf(shelf=name, units=3)) for name in ("a", "new")]
            await looking.until_waiting(1)
            async with gate(url, "INSERT INTO toy.shelves (name, units) VALUES ('new', 5)"):
                pass
            putting = gate(url, "UPDATE toy.shelves SET units = units + 2 WHERE name = 'new'")
            await putting.__aenter__()
        await looking.until_waiting(1)
        await putting.__aexit__(None, None, None)
        await asyncio.gather(*filled)
        return await looking.units()


async def test_a_row_that_came_into_being_after_the_lock_is_locked_before_anybody_decides_on_it(toy_url: str) -> None:
    assert await units_after_a_shelf_came_into_being_between_lock_and_load(toy_url, shelves=SHELVES) == (14, 0)


async def test_control_deciding_on_a_row_that_was_loaded_without_its_lock_loses_units(toy_url: str) -> None:
    trusting = msgspec.structs.replace(SHELVES, locked=None)
    assert await units_after_a_shelf_came_into_being_between_lock_and_load(toy_url, shelves=trusting) == (12, 0)


async def units_after_a_box_changed_behind_the_scout(url: str) -> tuple[int, int]:
    """A box is emptied; between the scout's look and the lock it gets units from a shelf the scout did not see."""
    async with open_bus(url) as bus, eyes(url) as looking:
        await together(bus, FillShelf(shelf="a", units=5), FillShelf(shelf="b", units=5))
        await together(bus, Pack(box_id=box(1), shelf="a", units=2))
        async with gate(url, HOLD_BOX, TAKE_TWO_FROM_SHELF, PUT_TWO_INTO_BOX, box=box(1), shelf="b"):
            emptied = call(bus, EmptyBox(box_id=box(1)))
            await looking.until_waiting(1)
        await emptied
        return await looking.units()


async def test_a_command_whose_needs_changed_behind_its_scout_is_put_back_alone(toy_url: str) -> None:
    with watching() as runs:
        assert await units_after_a_box_changed_behind_the_scout(toy_url) == (10, 0)
    assert [len(run.commands) for run in runs[-3:]] == [1, 1, 1]  # passed over, waited and put back, done


async def test_control_trusting_the_scout_makes_units_from_nothing(
    toy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TrustingState(State):
        def find(self, key: Key[object]) -> object | None:
            return super().find(key) if self.knows(key) else None

    monkeypatch.setattr(deciding, "State", TrustingState)
    on_shelves, in_boxes = await units_after_a_box_changed_behind_the_scout(toy_url)
    assert on_shelves + in_boxes != 10


async def test_state_that_was_not_named_is_loaded_for_another_attempt(toy_url: str) -> None:
    async with open_bus(toy_url) as bus:
        await together(bus, FillShelf(shelf="a", units=1), FillShelf(shelf="b", units=2))
        with watching() as runs:
            reached, filled = await together(bus, Reach(shelves=("a", "b")), FillShelf(shelf="c", units=4))
        assert [getattr(reached, "result", None), getattr(filled, "result", None)] == [b'{"units":3}', b'{"units":4}']
        assert [len(run.commands) for run in runs] == [2, 1, 1]


async def test_a_command_that_never_has_all_it_needs_is_told_to_come_back_later(toy_url: str) -> None:
    async with open_bus(toy_url) as bus:
        (answer,) = await together(bus, Reach(shelves=tuple("abcdefghijkl")))
        assert isinstance(answer, Overloaded)
        assert bus.waiting() == 0


async def units_peeked_at_while_the_box_is_busy(url: str, *, over: type[Batch] = Batch) -> bytes:
    """Somebody holds a box of one unit, to put two more there. In one batch a wish names the box, another peeks."""
    async with open_bus(url) as bus, eyes(url) as looking:
        await together(bus, FillShelf(shelf="a", units=10))
        await together(bus, Pack(box_id=box(1), shelf="a", units=1))
        with watching(over=over):
            async with gate(url, HOLD_BOX, PUT_TWO_INTO_BOX, box=box(1), shelf="a"):
                packed = call(bus, Pack(box_id=box(1), shelf="a", units=0))
                peeked = call(bus, Peek(box_id=box(1)))
                await looking.until_waiting(1)
            await packed
            return (await peeked).result


async def test_what_was_skipped_because_it_is_busy_is_decided_on_by_nobody(toy_url: str) -> None:
    assert await units_peeked_at_while_the_box_is_busy(toy_url) == b'{"units":3}'


async def test_control_deciding_on_what_was_skipped_sees_what_is_no_longer_so(toy_url: str) -> None:
    class Trusting(Batch):
        def _pass_over(self, skipped: set[Key[object]]) -> None:
            seen = {key: self._base[key] for key in skipped}
            super()._pass_over(skipped)
            self._base.update(seen)

    assert await units_peeked_at_while_the_box_is_busy(toy_url, over=Trusting) == b'{"units":1}'
