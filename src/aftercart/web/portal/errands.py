"""What is done after an answer was given, so that how long the answer took tells nothing."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Errands:
    """Runs errands one beside the other; one that fails is logged and fails alone."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, errand: Coroutine[Any, Any, None], *, name: str) -> None:
        """Begins an errand; nobody waits for it."""
        task = asyncio.create_task(errand, name=name)
        self._under_way.add(task)
        task.add_done_callback(self._over)

    async def settle(self) -> None:
        """Waits until all errands are over, those that failed too."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("errand_failed", errand=task.get_name(), exc_info=error)
