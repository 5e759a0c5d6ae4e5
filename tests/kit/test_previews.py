"""A preview decides as the commit would, on one moment's state, and leaves nothing behind; a quote holds to it.

Every story is told twice: with the rule, and with the rule broken (the control), which must go wrong.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from tests.kit.bus_story import box, call, context, eyes, gate, open_bus, together, watching
from tests.kit.toy import EmptyBox, FillShelf, NotYours, Pack, Reach, ShelfIsEmpty, toy_registry
from tests.kit.toy_store import BOXES, LOAD_BOXES, Box, BoxKey

from aftercart.kit.batch import Batch
from aftercart.kit.commands import Actor, Answer, Command, Overloaded, Preview, QuoteChanged, VersionMismatch
from aftercart.kit.database import Connection, Database
from aftercart.kit.deciding import Job
from aftercart.kit.state import Statement

PACK = Pack(box_id=box(1), shelf="a", units=2)
HOLD_EVERYTHING = (
    "SELECT 1 FROM toy.shelves FOR UPDATE",
    "SELECT 1 FROM toy.boxes FOR UPDATE",
    "SELECT 1 FROM toy.contents FOR UPDATE",
)
COUNTS = """
    SELECT (SELECT count(*) FROM kit.event_log)::integer, (SELECT count(*) FROM kit.outcomes)::integer
"""

pytestmark = pytest.mark.anyio


async def preview_of(url: str, command: Command, **changes: Any) -> Preview:
    async with open_bus(url) as bus:
        return await bus.preview(command, context(command, **changes))


async def fill(url: str) -> None:
    async with open_bus(url) as bus:
        await together(bus, FillShelf(shelf="a", units=10), FillShelf(shelf="b", units=10))
        await together(bus, Pack(box_id=box(1), shelf="a", units=1))


async def test_a_preview_is_what_the_commit_does(toy_url: str) -> None:
    await fill(toy_url)
    async with open_bus(toy_url) as bus:
        preview = await bus.preview(PACK, context(PACK))
        answer = await call(bus, PACK, quote=preview.quote)
    assert (preview.before, preview.after) == (answer.before, answer.after)
    assert preview.after == Box(box_id=box(1), version=2, contents={"a": 3})


async def test_a_preview_waits_for_no_lock_and_writes_nothing(toy_url: str) -> None:
    await fill(toy_url)
    async with eyes(toy_url) as looking:
        before = await looking.see(COUNTS)
        async with gate(toy_url, *HOLD_EVERYTHING):
            assert (await preview_of(toy_url, PACK)).quote
            assert (await preview_of(toy_url, EmptyBox(box_id=box(1)))).quote
        assert await looking.units() == (19, 1)
        assert await looking.see(COUNTS) == before


async def test_control_a_preview_that_locks_waits(toy_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(toy_url)

    async def lock_too(batch: Batch, connection: Connection, **_: bool) -> None:
        await lock_and_load(batch, connection, locking=True)

    lock_and_load = Batch._lock_and_load  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(Batch, "_lock_and_load", lock_too)
    monkeypatch.setattr(Database, "snapshot", Database.connection)
    waiting = msgspec.structs.replace(BOXES, lock=BOXES.lock_waiting, locked=None)
    async with open_bus(toy_url, toy_registry(boxes=waiting)) as bus, eyes(toy_url) as looking:
        async with gate(toy_url, *HOLD_EVERYTHING):
            preview = asyncio.ensure_future(bus.preview(PACK, context(PACK)))
            await looking.until_waiting(1)
        await preview


async def preview_while_units_are_moved(url: str) -> Preview:
    """Of ten units one is in the box. A preview reads the box, then two units move into it, then it reads the shelf."""

    def pausing(keys: Sequence[BoxKey]) -> Statement:
        return Statement(LOAD_BOXES_WITH_PAUSE, BOXES.load(keys).parameters)

    most = Pack(box_id=box(1), shelf="a", units=9)
    registry = toy_registry(boxes=msgspec.structs.replace(BOXES, load=pausing))
    async with open_bus(url, registry) as bus, open_bus(url) as other, eyes(url) as looking:
        async with gate(url, "SELECT pg_advisory_xact_lock(1)"):
            preview = asyncio.ensure_future(bus.preview(most, context(most)))
            await looking.until_waiting(1)
            await call(other, PACK)
        return await preview


LOAD_BOXES_WITH_PAUSE = f"""
    WITH pause AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(1)) {LOAD_BOXES}
    AND (SELECT count(*) FROM pause) = 1
"""  # noqa: S608 - put together of two constants


async def test_a_preview_sees_one_moment(toy_url: str) -> None:
    await fill(toy_url)
    preview = await preview_while_units_are_moved(toy_url)
    assert preview.after == Box(box_id=box(1), version=2, contents={"a": 10})


async def test_control_a_preview_without_its_snapshot_sees_units_nowhere(
    toy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "snapshot", Database.connection)
    await fill(toy_url)
    with pytest.raises(ShelfIsEmpty):
        await preview_while_units_are_moved(toy_url)


async def test_a_quote_holds_to_what_was_shown(toy_url: str) -> None:
    await fill(toy_url)
    async with open_bus(toy_url) as bus, eyes(toy_url) as looking:
        preview = await bus.preview(PACK, context(PACK))
        await call(bus, Pack(box_id=box(1), shelf="b"))
        with pytest.raises(QuoteChanged) as changed:
            await call(bus, PACK, quote=preview.quote)
        assert await looking.units() == (18, 2)
        assert isinstance(await call(bus, PACK, quote=str(changed.value.values["quote"])), Answer)


async def test_a_quote_holds_when_something_else_changed(toy_url: str) -> None:
    await fill(toy_url)
    async with open_bus(toy_url) as bus:
        preview = await bus.preview(PACK, context(PACK))
        await together(bus, FillShelf(shelf="a", units=5), Pack(box_id=box(2), shelf="a"))
        assert isinstance(await call(bus, PACK, quote=preview.quote), Answer)


async def test_control_a_quote_that_is_not_compared_holds_to_nothing(toy_url: str) -> None:
    class Careless(Batch):
        def _decide(self, job: Job) -> Answer:
            job.context = msgspec.structs.replace(job.context, quote=None)
            return super()._decide(job)

    await fill(toy_url)
    async with open_bus(toy_url) as bus:
        preview = await bus.preview(PACK, context(PACK))
        await call(bus, Pack(box_id=box(1), shelf="b"))
        with watching(over=Careless):
            assert isinstance(await call(bus, PACK, quote=preview.quote), Answer)


async def test_a_preview_reaches_for_state_that_was_not_named_as_the_commit_does(toy_url: str) -> None:
    await fill(toy_url)
    assert (await preview_of(toy_url, Reach(shelves=("a", "b")))).quote is None
    with pytest.raises(Overloaded):
        await preview_of(toy_url, Reach(shelves=tuple("abcdefghijkl")))


async def test_a_version_insisted_on_must_be_the_current_one(toy_url: str) -> None:
    await fill(toy_url)
    async with open_bus(toy_url) as bus:
        with pytest.raises(VersionMismatch) as refused:
            await call(bus, PACK, expected_version=2)
        assert refused.value.values == {"expected": 2, "current": 1}
        with pytest.raises(VersionMismatch):
            await bus.preview(PACK, context(PACK, expected_version=0))
        assert isinstance(await call(bus, PACK, expected_version=1), Answer)


async def test_who_may_not_ask_may_not_preview_either(toy_url: str) -> None:
    stranger = Actor(name="stranger", role="stranger")
    async with open_bus(toy_url) as bus:
        with pytest.raises(NotYours):
            await call(bus, PACK, actor=stranger)
        with pytest.raises(NotYours):
            await bus.preview(PACK, context(PACK, actor=stranger))
