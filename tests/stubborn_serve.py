"""Starts `aftercart` with something in it that does not end by itself, so that a test can show that the process does.

python stubborn_serve.py WHAT serve --port 8000 ...
"""

import asyncio
import sys
import threading
from collections.abc import Callable
from typing import Final, NoReturn

from aftercart import serving
from aftercart.cli import main
from aftercart.cli import serve as serve_command
from aftercart.demo.fill import DemoSummary
from aftercart.kit.database import Database
from aftercart.shop import Shop
from aftercart.worker import loops

END_SECONDS_MAX: Final = 4.0


async def _wait_for_ever(_: object) -> NoReturn:
    sys.stdout.write("waits\n")
    sys.stdout.flush()
    while True:
        await asyncio.Event().wait()


def demo() -> None:
    """Filling the demo takes very long."""

    async def fill_demo(shop: Shop) -> DemoSummary:
        return await _wait_for_ever(shop)

    serve_command.fill_demo = fill_demo


def loop() -> None:
    """The turn of a loop loses the first cancellation, and waits as before."""

    async def sequence(database: Database) -> int:
        try:
            return await _wait_for_ever(database)
        except asyncio.CancelledError:
            return await _wait_for_ever(database)

    loops.sequence = sequence


def thread() -> None:
    """The loop waits for a thread that is busy with something that does not answer."""

    async def sequence(_database: Database) -> int:
        waiting = asyncio.create_task(asyncio.to_thread(threading.Event().wait))
        await _wait_for_ever(waiting)

    loops.sequence = sequence
    serving.END_SECONDS_MAX = END_SECONDS_MAX


STUBBORN: Final[dict[str, Callable[[], None]]] = {"demo": demo, "loop": loop, "thread": thread}

if __name__ == "__main__":
    STUBBORN[sys.argv.pop(1)]()
    main()
