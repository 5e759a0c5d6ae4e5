"""Serving a shop: the HTTP server and the worker's loops in one process, until somebody says stop."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final, Literal

import structlog
import uvloop
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from aftercart.kit.embedded_postgres import EmbeddedPostgres, supervise
from aftercart.shop import Shop, open_shop
from aftercart.web.api.application import create_app
from aftercart.worker.loops import run_worker

log = structlog.get_logger(__name__)

Role = Literal["all", "web", "worker"]
BACKLOG: Final = 1024
STOP_SECONDS_MAX: Final = 10.0
LISTEN_PAUSE_SECONDS: Final = 0.05
GARBAGE_THRESHOLD: Final = 20_000

Welcome = Callable[[Shop], Awaitable[str]]
"""Prepares the shop before it is served, and returns what to print once it is."""


class AddressInUse(Exception):
    """Another program listens at the address that was asked for."""


def serve(
    url: str, *, host: str, port: int, role: Role, embedded: EmbeddedPostgres | None, welcome: Welcome | None = None
) -> None:
    """Serves the shop at ``url`` (migrated already) until SIGINT or SIGTERM; raises ``AddressInUse`` before it begins.

    ``embedded`` is the PostgreSQL to keep alive, ``None`` when somebody else does.
    """
    if role != "worker":
        _require_free(host, port)
    uvloop.run(_serve(url, host=host, port=port, role=role, embedded=embedded, welcome=welcome))


async def _serve(
    url: str, *, host: str, port: int, role: Role, embedded: EmbeddedPostgres | None, welcome: Welcome | None
) -> None:
    _calm_garbage_collection()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as running:
        shop = await running.enter_async_context(open_shop(url))
        greeting = "" if welcome is None else await welcome(shop)
        tasks: list[asyncio.Task[None]] = []
        if embedded is not None:
            tasks.append(loop.create_task(supervise(embedded), name="supervise"))
        if role != "web":
            tasks.append(loop.create_task(run_worker(shop), name="worker"))
        server = None if role == "worker" else _http_server(shop, host=host, port=port)
        if server is not None:
            tasks.append(loop.create_task(server.serve(), name="web"))
            tasks.append(loop.create_task(_greet(greeting, host=host, port=port), name="greeting"))
        stopped = loop.create_task(stop.wait(), name="stop")
        await asyncio.wait((stopped, *_going_on(tasks)), return_when=asyncio.FIRST_COMPLETED)
        await _stop(server, tasks)


async def _greet(greeting: str, *, host: str, port: int) -> None:
    """Prints the greeting once somebody answers at the address."""
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except ConnectionError:
            await asyncio.sleep(LISTEN_PAUSE_SECONDS)
        else:
            writer.close()
            break
    sys.stdout.write(f"{greeting or f'serving on http://{host}:{port} (Ctrl-C stops)'}\n")
    sys.stdout.flush()


def _going_on(tasks: list[asyncio.Task[None]]) -> list[asyncio.Task[None]]:
    return [task for task in tasks if task.get_name() != "greeting"]


async def _stop(server: Server | None, tasks: list[asyncio.Task[None]]) -> None:
    """Lets requests end first, then the loops; raises what ended a task that should have gone on."""
    failed = [task.exception() for task in tasks if task.done() and not task.cancelled()]
    if server is not None:
        server.stop()
    for task in tasks:
        if task.get_name() != "web":
            task.cancel()
    await asyncio.wait(tasks, timeout=STOP_SECONDS_MAX)
    for failure in failed:
        if failure is not None:
            raise failure


def _http_server(shop: Shop, *, host: str, port: int) -> Server:
    return Server(
        create_app(shop),
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        websockets=False,
        http1_settings=HTTP1Settings(keep_alive=True),
        log_enabled=False,
    )


def _calm_garbage_collection() -> None:
    """Looks for cycles less often: what a request makes has none, and what is loaded now stays for good."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 50, 50)


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressInUse(f"{host}:{port} cannot be listened on: {error.strerror}") from error
