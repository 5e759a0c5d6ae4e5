"""Whatever tasks do when they are asked to end, nobody waits for them for ever."""

import asyncio

import pytest
from structlog.testing import capture_logs

from aftercart.kit import ending
from aftercart.kit.ending import await_end, end

PATIENCE_SECONDS = 0.1


@pytest.fixture(autouse=True)
def asked_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AGAIN_SECONDS", PATIENCE_SECONDS)


async def started(*, lost_cancellations: int, name: str = "loop") -> tuple[asyncio.Task[None], asyncio.Event]:
    """Starts a task that ends when it is told to, or by the cancellation after so many that get lost in it."""
    over = asyncio.Event()

    async def go_on() -> None:
        lost = 0
        while not over.is_set():
            try:
                await over.wait()
            except asyncio.CancelledError:
                lost += 1
                if lost > lost_cancellations:
                    raise

    task = asyncio.create_task(go_on(), name=name)
    await asyncio.sleep(0)
    return task, over


async def test_what_ends_at_once_is_not_waited_for() -> None:
    task, _ = await started(lost_cancellations=0)
    with capture_logs() as logs:
        await end((task,), within_seconds=60)
    assert task.cancelled()
    assert logs == []


async def test_a_task_in_which_a_cancellation_gets_lost_is_asked_again() -> None:
    task, _ = await started(lost_cancellations=1)
    with capture_logs() as logs:
        await end((task,), within_seconds=PATIENCE_SECONDS)
    assert task.cancelled()
    assert logs == []


async def test_a_task_that_does_not_end_is_left_and_told_of() -> None:
    stubborn, over = await started(lost_cancellations=1_000, name="stubborn")
    willing, _ = await started(lost_cancellations=0)
    with capture_logs() as logs:
        await end((stubborn, willing), within_seconds=PATIENCE_SECONDS)
    assert willing.cancelled()
    assert logs == [{"event": "task_abandoned", "log_level": "error", "task": "stubborn"}]
    over.set()
    await stubborn


async def test_a_task_that_may_end_by_itself_is_not_canceled() -> None:
    task, over = await started(lost_cancellations=0)
    over.set()
    await await_end((task,), within_seconds=60)
    assert not task.cancelled()


async def test_what_fails_at_the_end_is_told_of() -> None:
    failure = ValueError("a fault of ours")

    async def fail() -> None:
        raise failure

    with capture_logs() as logs:
        await await_end((asyncio.create_task(fail(), name="loop"),), within_seconds=60)
    assert logs == [{"event": "task_failed", "log_level": "error", "task": "loop", "exc_info": failure}]


async def test_of_no_tasks_none_is_waited_for() -> None:
    await end((), within_seconds=60)
