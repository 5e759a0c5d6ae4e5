"""Serving a shop: the HTTP server and the worker's loops in one process, until somebody says stop."""

import asyncio
import faulthandler
import gc
import secrets
import signal
import socket
import sys
import zoneinfo
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
import structlog
import uvloop
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from litestar import Litestar

from aftercart.integrations.channels import open_channels
from aftercart.integrations.sandbox.mailbox.folder import MailFolder
from aftercart.integrations.smtp.mime import sender_of
from aftercart.kit.embedded_postgres import EmbeddedPostgres, supervise
from aftercart.kit.ending import await_end, end
from aftercart.kit.private_file import kept_text
from aftercart.settings import SettingRefused, Settings
from aftercart.shop import SECRET_BYTES, Shop, Surroundings, open_shop
from aftercart.web.api.application import create_app
from aftercart.worker.loops import run_worker

log = structlog.get_logger(__name__)

Role = Literal["all", "web", "worker"]
BACKLOG: Final = 1024
STOP_SECONDS_MAX: Final = 10.0
"""How long requests and loops may take to end before they are broken off."""
END_SECONDS_MAX: Final = 18.0
"""How long everything may take to end before the process ends without it, and says where it was."""
LISTEN_PAUSE_SECONDS: Final = 0.05
GARBAGE_THRESHOLD: Final = 20_000
SECRET_FILE: Final = "server-secret"  # noqa: S105 - where it is kept

Welcome = Callable[[Shop], Coroutine[Any, Any, str]]
"""Prepares the shop before it is served, and returns what to print once it is."""


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One process to run: which shop it serves, at which address, in which role.

    ``embedded`` is the PostgreSQL to keep alive, ``None`` when somebody else does. With ``mailbox_dir`` mail that has
    no server to go to is kept in that folder and shown on a page; with ``carrier_dir`` a carrier runs beside the shop.
    """

    url: str
    host: str
    port: int
    role: Role
    settings: Settings
    data_dir: Path
    embedded: EmbeddedPostgres | None = None
    welcome: Welcome | None = None
    mailbox_dir: Path | None = None
    carrier_dir: Path | None = None

    @property
    def address(self) -> str:
        """Returns the address it listens on."""
        return f"http://{self.host}:{self.port}"


class AddressInUse(Exception):
    """Another program listens at the address that was asked for."""


def serve(service: Service) -> None:
    """Serves the shop (migrated already) until SIGINT or SIGTERM, and ``END_SECONDS_MAX`` longer at most.

    Raises ``AddressInUse`` or ``SettingRefused`` before it begins.
    """
    if service.role != "worker":
        _require_free(service.host, service.port)
    surroundings = surroundings_of(service.settings, data_dir=service.data_dir, address=service.address)
    try:
        uvloop.run(_serve(service, surroundings))
    finally:
        faulthandler.cancel_dump_traceback_later()


def surroundings_of(settings: Settings, *, data_dir: Path, address: str) -> Surroundings:
    """Returns what the shop knows of the world around it; the secret is made at the first start and kept.

    Raises ``SettingRefused`` for a time zone or a sender that is none.
    """
    if settings.timezone not in zoneinfo.available_timezones():
        raise SettingRefused(f"AFTERCART_TIMEZONE is {settings.timezone!r}: expected a zone such as Europe/Paris")
    kept = settings.secret or kept_text(data_dir / SECRET_FILE, lambda: secrets.token_urlsafe(SECRET_BYTES))
    return Surroundings(
        secret=kept.encode(),
        name=sender_of(settings.mail_from).name,
        public_url=settings.public_url or address,
        zone=ZoneInfo(settings.timezone),
        private_webhooks=settings.webhook_private_addresses,
    )


async def _serve(service: Service, surroundings: Surroundings) -> None:
    _calm_garbage_collection()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _ask_to_stop, stop)
    stopped = loop.create_task(stop.wait(), name="stop")
    folder = None if service.mailbox_dir is None else MailFolder(service.mailbox_dir)
    async with AsyncExitStack() as running:
        shop = await running.enter_async_context(open_shop(service.url, surroundings=surroundings))
        greeting = await _welcome(service, shop, stopped)
        if greeting is None:
            return
        tasks: list[asyncio.Task[None]] = []
        if service.embedded is not None:
            tasks.append(loop.create_task(supervise(service.embedded), name="supervise"))
        if service.role != "web":
            opening = open_channels(service.settings, shop.clock, mailbox=folder, carrier_dir=service.carrier_dir)
            channels = await running.enter_async_context(opening)
            tasks.append(loop.create_task(run_worker(shop, channels), name="worker"))
        server = None if service.role == "worker" else _http_server(create_app(shop, mailbox=folder), service)
        if server is not None:
            tasks.append(loop.create_task(server.serve(), name="web"))
            tasks.append(loop.create_task(_greet(greeting, service), name="greeting"))
        await asyncio.wait((stopped, *_going_on(tasks)), return_when=asyncio.FIRST_COMPLETED)
        _ask_to_stop(stop)
        await _stop(server, tasks)


def _ask_to_stop(stop: asyncio.Event) -> None:
    if not stop.is_set():
        stop.set()
        # Whatever hangs, in this thread or in another one that the process waits for, does not keep it from ending.
        faulthandler.dump_traceback_later(END_SECONDS_MAX, exit=True)


async def _welcome(service: Service, shop: Shop, stopped: asyncio.Task[Literal[True]]) -> str | None:
    """Prepares the shop and returns the greeting, or ``None`` when that was broken off because somebody said stop."""
    if service.welcome is None:
        return ""
    welcoming = asyncio.create_task(service.welcome(shop), name="welcome")
    await asyncio.wait((welcoming, stopped), return_when=asyncio.FIRST_COMPLETED)
    if welcoming.done():
        return welcoming.result()
    await end((welcoming,), within_seconds=STOP_SECONDS_MAX)
    return None


async def _greet(greeting: str, service: Service) -> None:
    """Prints the greeting once somebody answers at the address."""
    while True:
        try:
            _, writer = await asyncio.open_connection(service.host, service.port)
        except ConnectionError:
            await asyncio.sleep(LISTEN_PAUSE_SECONDS)
        else:
            writer.close()
            break
    sys.stdout.write(f"{greeting or f'serving on {service.address} (Ctrl-C stops)'}\n")
    sys.stdout.flush()


def _going_on(tasks: list[asyncio.Task[None]]) -> list[asyncio.Task[None]]:
    return [task for task in tasks if task.get_name() != "greeting"]


async def _stop(server: Server | None, tasks: list[asyncio.Task[None]]) -> None:
    """Lets requests end first, then the loops; raises what ended a task that should have gone on."""
    failed = [task.exception() for task in tasks if task.done() and not task.cancelled()]
    running = [task for task in tasks if not task.done()]
    if server is not None:
        server.stop()
    for task in running:
        if task.get_name() != "web":
            task.cancel()
    await await_end(running, within_seconds=STOP_SECONDS_MAX)
    for failure in failed:
        if failure is not None:
            raise failure


def _http_server(app: Litestar, service: Service) -> Server:
    return Server(
        app,
        address=service.host,
        port=service.port,
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
