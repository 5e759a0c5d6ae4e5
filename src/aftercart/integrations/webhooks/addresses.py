"""Where a host leads: its addresses, as the system knows them."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""``resolve(host, port)`` returns the IP addresses of a host; raises ``OSError`` when it has none."""


async def resolve(host: str, port: int) -> list[str]:
    """Returns the addresses of a host as the system knows them, best first."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for _, _, _, _, address in found))
