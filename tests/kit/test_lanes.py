"""Nobody waits for work that is not theirs: background work has its share, a busy box its side lane, the queue an end.

Every story is told twice: with the rule, and with the rule broken (the control), which must go wrong.
"""

import asyncio

import msgspec
import pytest
from tests.kit.bus_story import Run, box, call, eyes, gate, open_bus, together, watching
from tests.kit.toy import FillShelf, Pack, Weigh, toy_registry
from tests.kit.toy_store import BOXES

from aftercart.kit import command_bus
from aftercart.kit.command_bus import (
    BATCH_COMMANDS_MAX,
    BATCH_LINES_MAX,
    OVERLAP_COMMANDS_MIN,
    SIDE_LANES_MAX,
    CommandBus,
)
from aftercart.kit.commands import Answer, Lane, Overloaded, Registry

HOLD_BOXES = "SELECT version FROM toy.boxes WHERE box_id = ANY(%(boxes)s) FOR UPDATE"
HOLD_SHELF = "SELECT units FROM toy.shelves WHERE name = 'a' FOR UPDATE"

pytestmark = pytest.mark.anyio


def weight(run: Run) -> int:
    return sum(command.lines if isinstance(command, Weigh) else 1 for command in run.commands)


async def runs_of_a_rush(url: str, *, background: int, interactive: int, lines: int = 1) -> list[Run]:
    """Bulk work waits already when people come."""
    async with open_bus(url) as bus:
        with watching() as runs:
            bulk = [call(bus, Weigh(lines=lines), lane=Lane.BACKGROUND) for _ in range(background)]
            people = [call(bus, Weigh(lines=lines), lane=Lane.INTERACTIVE) for _ in range(interactive)]
            await asyncio.gather(*bulk, *people)
    return runs


def most_background(runs: list[Run]) -> int:
    return max(run.lanes.count(Lane.BACKGROUND) for run in runs)


async def test_people_go_first_and_bulk_work_gets_a_quarter_of_a_batch(toy_url: str) -> None:
    runs = await runs_of_a_rush(toy_url, background=300, interactive=100)
    assert runs[0].lanes.count(Lane.INTERACTIVE) == 100
    assert most_background(runs) == BATCH_COMMANDS_MAX // 4
    assert sum(len(run.commands) for run in runs) == 400


async def test_control_without_its_share_bulk_work_fills_a_batch(toy_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_bus, "BACKGROUND_SHARE", 1)
    assert most_background(await runs_of_a_rush(toy_url, background=300, interactive=100)) > BATCH_COMMANDS_MAX // 4


@pytest.mark.parametrize(("background", "interactive"), [(40, 0), (0, 40), (40, 40)])
async def test_a_batch_ends_at_its_limit_of_lines(toy_url: str, background: int, interactive: int) -> None:
    runs = await runs_of_a_rush(toy_url, background=background, interactive=interactive, lines=100)
    assert max(weight(run) for run in runs) <= BATCH_LINES_MAX
    assert sum(len(run.commands) for run in runs) == background + interactive


async def test_control_without_its_limit_of_lines_a_batch_has_no_end(
    toy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_bus, "BATCH_LINES_MAX", 10**9)
    runs = await runs_of_a_rush(toy_url, background=0, interactive=40, lines=100)
    assert max(weight(run) for run in runs) > BATCH_LINES_MAX


async def test_a_command_larger_than_the_limit_goes_alone(toy_url: str) -> None:
    async with open_bus(toy_url) as bus:
        with watching() as runs:
            await together(bus, Weigh(lines=1), Weigh(lines=10**6), Weigh(lines=1))
            await together(bus, Weigh(lines=10**6), lane=Lane.BACKGROUND)
    assert [weight(run) for run in runs] == [1, 10**6, 1, 10**6]


async def shop_with_boxes(bus: CommandBus, count: int) -> None:
    await together(bus, FillShelf(shelf="a", units=1000), FillShelf(shelf="free", units=1000))
    await together(bus, *(Pack(box_id=box(number), shelf="a") for number in range(count)))


async def is_free_while_boxes_are_busy(url: str, registry: Registry, *, busy: int) -> bool:
    """Somebody holds some boxes; is a wish for a free one, in the same batch, answered before they are let go?"""
    async with open_bus(url, registry) as bus, eyes(url) as looking:
        await shop_with_boxes(bus, busy + 1)
        async with gate(url, HOLD_BOXES, boxes=[box(number) for number in range(busy)]):
            waiting = [call(bus, Pack(box_id=box(number), shelf="a")) for number in range(busy)]
            free = call(bus, Pack(box_id=box(busy), shelf="free"))
            # Whoever waits in a side lane does so after the rest of its batch was answered.
            await looking.until_waiting(min(busy, SIDE_LANES_MAX))
            was_free = free.done()
            if was_free:
                async with asyncio.timeout(4):
                    await call(bus, Pack(box_id=box(busy), shelf="free"))
            assert not any(one.done() for one in waiting)
        answers = await asyncio.gather(*waiting, free)
        assert all(type(answer) is Answer for answer in answers)
        assert (await looking.units())[1] == (busy + 1) * 2 + was_free
        return was_free


@pytest.mark.parametrize("busy", [1, 40])
async def test_busy_boxes_hold_up_nobody_else(toy_url: str, busy: int) -> None:
    assert await is_free_while_boxes_are_busy(toy_url, toy_registry(), busy=busy)


async def test_control_without_skipping_a_busy_box_everybody_waits_for_it(toy_url: str) -> None:
    waiting = msgspec.structs.replace(BOXES, lock=BOXES.lock_waiting, locked=None)
    assert not await is_free_while_boxes_are_busy(toy_url, toy_registry(boxes=waiting), busy=1)


async def test_commands_for_a_busy_box_wait_for_it_together(toy_url: str) -> None:
    async with open_bus(toy_url) as bus, eyes(toy_url) as looking:
        await shop_with_boxes(bus, 1)
        with watching() as runs:
            async with gate(toy_url, HOLD_BOXES, boxes=[box(0)]):
                packed = [call(bus, Pack(box_id=box(0), shelf="a")) for _ in range(20)]
                await looking.until_waiting(1)
            await asyncio.gather(*packed)
        assert [len(run.commands) for run in runs] == [20, 20]


async def test_a_full_queue_refuses_until_it_has_room(toy_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_bus, "QUEUE_MAX", 8)
    async with open_bus(toy_url) as bus, eyes(toy_url) as looking:
        await shop_with_boxes(bus, 1)
        async with gate(toy_url, HOLD_SHELF):
            packed = [call(bus, Pack(box_id=box(0), shelf="a")) for _ in range(8)]
            await looking.until_waiting(1)
            with pytest.raises(Overloaded) as refused:
                await call(bus, Weigh(lines=1))
            assert refused.value.values == {"retry_after_seconds": 1, "cause": "the queue is full"}
        await asyncio.gather(*packed)
        assert isinstance(await call(bus, Weigh(lines=1)), Answer)
        assert bus.waiting() == 0


async def test_control_an_endless_queue_takes_everybody(toy_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_bus, "QUEUE_MAX", 10**9)
    async with open_bus(toy_url) as bus, eyes(toy_url) as looking:
        await shop_with_boxes(bus, 1)
        async with gate(toy_url, HOLD_SHELF):
            packed = [call(bus, Pack(box_id=box(0), shelf="a")) for _ in range(9)]
            await looking.until_waiting(1)
            assert bus.waiting() == 9
        await asyncio.gather(*packed)


async def answered_while_a_batch_waits(url: str, *, waiting: int) -> int:
    """One batch waits for a shelf; so many small wishes come. How many are answered before the shelf is let go?"""
    async with open_bus(url, concurrency=2) as bus, eyes(url) as looking:
        await shop_with_boxes(bus, 1)
        async with gate(url, HOLD_SHELF):
            first = call(bus, FillShelf(shelf="a", units=1))
            await looking.until_waiting(1)
            small = [call(bus, Weigh(lines=1)) for _ in range(waiting)]
            await asyncio.wait(small, timeout=1)
            answered = sum(one.done() for one in small)
        await asyncio.gather(first, *small)
        return answered


async def test_a_second_batch_begins_as_soon_as_it_is_worth_it(toy_url: str) -> None:
    assert await answered_while_a_batch_waits(toy_url, waiting=OVERLAP_COMMANDS_MIN) == OVERLAP_COMMANDS_MIN
    assert await answered_while_a_batch_waits(toy_url, waiting=OVERLAP_COMMANDS_MIN - 1) == 0


async def test_control_every_wish_begins_a_batch_when_none_is_too_small(
    toy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_bus, "OVERLAP_COMMANDS_MIN", 1)
    assert await answered_while_a_batch_waits(toy_url, waiting=1) == 1
