"""Where a host leads: its addresses, as the system knows them."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Thread

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""``resolve(host, port)`` returns the IP addresses of a host; raises ``OSError`` when it has none."""


async def resolve(host: str, port: int) -> list[str]:
    """Returns the addresses of a host as the system knows them, best first.

    Each lookup has a thread of its own. The loop's own lookups would keep the process from ending until a name server
    that does not answer is given up, which takes up to a minute.
    """
    answer: Future[list[str]] = Future()
    answer.set_running_or_notify_cancel()
    Thread(target=_look_up, args=(host, port, answer), name=f"resolve-{host}", daemon=True).start()
    return await asyncio.wrap_future(answer)


def _look_up(host: str, port: int, answer: Future[list[str]]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except Exception as error:  # noqa: BLE001 - raised where the answer is waited for
        answer.set_exception(error)
    else:
        answer.set_result(list(dict.fromkeys(str(address[0]) for _, _, _, _, address in found)))
