"""Admission: a crowd of calls enters a few at a time, so that nobody who waits for the database is kept by it."""

import asyncio
from collections import deque
from typing import Final

CALLS_PER_TURN: Final = 8
"""How many calls begin in one turn of the event loop; beginning one takes about a tenth of a millisecond."""


class Admission:
    """Lets ``CALLS_PER_TURN`` calls begin in each turn of the event loop, in the order in which they came.

    Between two turns the loop looks at its sockets. So a batch goes on about a millisecond after the database has
    answered, even when a hundred calls came in meanwhile, and their work is done while the database does its own.
    """

    def __init__(self) -> None:
        self._left = CALLS_PER_TURN
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_turning = False

    async def enter(self) -> None:
        """Returns at once while this turn has room, else in a later turn."""
        if self._left and not self._waiting:
            self._left -= 1
            self._turn_later()
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._turn_later()
        await turn

    def _turn_later(self) -> None:
        if not self._is_turning:
            self._is_turning = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self._is_turning = False
        self._left = CALLS_PER_TURN
        while self._waiting and self._left:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._left -= 1
        if self._waiting:
            self._turn_later()
