"""The bus reads what decisions would see, kind by kind with their own statements, and locks nothing."""

import pytest
from tests.kit.bus_story import box, call, eyes, gate, open_bus
from tests.kit.toy import FillShelf, Pack
from tests.kit.toy_store import Box, BoxKey, Shelf, ShelfKey

from aftercart.kit.state import NeedsChanged

pytestmark = pytest.mark.anyio


async def test_state_is_read_by_key_and_what_is_absent_is_none(toy_url: str) -> None:
    async with open_bus(toy_url) as bus:
        await call(bus, FillShelf(shelf="a", units=10))
        await call(bus, Pack(box_id=box(1), shelf="a", units=2))
        state = await bus.read((ShelfKey("a"), ShelfKey("b"), BoxKey(box(1))))
    assert state.find(ShelfKey("a")) == Shelf("a", 8)
    assert state.find(ShelfKey("b")) is None
    assert state.find(BoxKey(box(1))) == Box(box_id=box(1), version=1, contents={"a": 2})
    with pytest.raises(NeedsChanged):
        state.find(BoxKey(box(2)))


async def test_a_read_waits_for_nobody(toy_url: str) -> None:
    async with open_bus(toy_url) as bus, eyes(toy_url) as looking:
        await call(bus, FillShelf(shelf="a", units=10))
        async with gate(toy_url, "SELECT 1 FROM toy.shelves FOR UPDATE"):
            state = await bus.read((ShelfKey("a"),))
            assert await looking.see("SELECT 1 FROM pg_catalog.pg_locks WHERE NOT granted") == []
    assert state.find(ShelfKey("a")) == Shelf("a", 10)
