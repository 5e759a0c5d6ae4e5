"""Ends tasks: asks them to, asks again, and tells of those that went on all the same."""

import asyncio
from collections.abc import Collection
from typing import Any, Final

import structlog

log = structlog.get_logger(__name__)

AGAIN_SECONDS: Final = 1.0
"""How long a task may take that is asked a second time."""


async def end(tasks: Collection[asyncio.Task[Any]], *, within_seconds: float) -> None:
    """Cancels tasks and returns when they have ended, or at the latest ``AGAIN_SECONDS`` after ``within_seconds``."""
    for task in tasks:
        task.cancel()
    await await_end(tasks, within_seconds=within_seconds)


async def await_end(tasks: Collection[asyncio.Task[Any]], *, within_seconds: float) -> None:
    """Waits until tasks have ended. What goes on after ``within_seconds`` is canceled (again), and then left alone.

    A first cancellation may get lost in what the task waits for. What was left, and what failed, is logged.
    """
    left = await _wait(tasks, seconds=within_seconds)
    for task in left:
        task.cancel()
    for task in await _wait(left, seconds=AGAIN_SECONDS):
        log.error("task_abandoned", task=task.get_name())
    for task in tasks:
        if task.done() and not task.cancelled() and (failure := task.exception()) is not None:
            log.error("task_failed", task=task.get_name(), exc_info=failure)


async def _wait(tasks: Collection[asyncio.Task[Any]], *, seconds: float) -> Collection[asyncio.Task[Any]]:
    return (await asyncio.wait(tasks, timeout=seconds))[1] if tasks else ()
