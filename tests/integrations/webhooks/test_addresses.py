"""A host leads to its addresses, however it is written, and holds nobody up who wants to end."""

import asyncio
import socket
import threading
from collections.abc import Generator
from typing import Any

import pytest

from aftercart.integrations.webhooks.addresses import resolve
from aftercart.notifications.rules.public_address import is_public


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001", "[::1]".strip("[]")])
async def test_every_way_to_write_this_machine_leads_to_a_private_address(host: str) -> None:
    addresses = await resolve(host, 80)
    assert addresses
    assert not any(is_public(address) for address in addresses)


async def test_a_name_of_which_the_system_knows_no_address_is_told_as_it_tells_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def know_nothing(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", know_nothing)
    with pytest.raises(socket.gaierror, match="Name or service not known"):
        await resolve("nowhere.example", 443)


class SilentNameServer:
    """Answers no lookup before it is let go, as a name server does that is away."""

    def __init__(self) -> None:
        self.asked, self.let_go, self.answered = threading.Event(), threading.Event(), threading.Event()

    def getaddrinfo(self, *_: Any, **__: Any) -> list[Any]:
        self.asked.set()
        self.let_go.wait(30)
        self.answered.set()
        return []


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Generator[SilentNameServer]:
    server = SilentNameServer()
    monkeypatch.setattr(socket, "getaddrinfo", server.getaddrinfo)
    yield server
    server.let_go.set()
    for thread in threading.enumerate():
        if thread.name.startswith("resolve-"):
            thread.join()


async def _give_up_a_lookup(name_server: SilentNameServer) -> None:
    lookup = asyncio.create_task(resolve("shop.example", 443))
    await asyncio.to_thread(name_server.asked.wait)
    lookup.cancel()
    await asyncio.wait((lookup,))
    assert lookup.cancelled()


def test_a_lookup_without_an_answer_does_not_keep_the_loop_from_ending(silent: SilentNameServer) -> None:
    asyncio.run(_give_up_a_lookup(silent))
    assert not silent.answered.is_set()
