"""A running `aftercart serve` as the world outside sees it: a process, an address, and what it wrote."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
import msgspec

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.model import Role, hash_of_secret
from aftercart.permissions import SYSTEM
from aftercart.shop import open_shop

ANSWERS_WITHIN_SECONDS: Final = 60.0
ENDS_WITHIN_SECONDS: Final = 20.0
AFTERCART: Final = (sys.executable, "-m", "aftercart")
_BROKEN: Final = Path(__file__).with_name("broken_serve.py")
_PAUSE_SECONDS: Final = 0.02


class RunningServer:
    """One process of `aftercart serve`; `target` is the option that names its database."""

    def __init__(self, process: subprocess.Popen[bytes], *, port: int, target: Sequence[str], folder: Path) -> None:
        self.process = process
        self.port = port
        self.target = tuple(target)
        self.address = f"http://127.0.0.1:{port}"
        self._folder = folder

    @property
    def output(self) -> str:
        """What it printed so far."""
        return (self._folder / f"{self.port}.out").read_text()

    @property
    def log(self) -> str:
        """What it wrote to standard error so far."""
        return (self._folder / f"{self.port}.err").read_text()

    def wait_until_it_answers(self) -> float:
        """Wait for /health to be well; return the seconds that took."""
        return wait_until(self.is_well, within_seconds=ANSWERS_WITHIN_SECONDS)

    def is_well(self) -> bool:
        """Tell whether /health is well now; fails when the process has ended."""
        assert self.process.poll() is None, f"serve ended with {self.process.returncode}:\n{self.log}"
        try:
            return httpx.get(f"{self.address}/health", timeout=5, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to end and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(ENDS_WITHIN_SECONDS)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(ENDS_WITHIN_SECONDS)


def wait_until(is_so: Callable[[], object], *, within_seconds: float = ANSWERS_WITHIN_SECONDS) -> float:
    """Look again and again until something is so; return the seconds that took, fail after `within_seconds`."""
    started = time.monotonic()
    while not is_so():
        waited = time.monotonic() - started
        assert waited < within_seconds, f"not so within {within_seconds} s: {is_so}"
        time.sleep(_PAUSE_SECONDS)
    return time.monotonic() - started


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def target_of(database: str | Path) -> tuple[str, str]:
    """Return the option that names a database: a URL, or the folder of the embedded one."""
    return ("--data-dir", str(database)) if isinstance(database, Path) else ("--database-url", database)


def environment() -> dict[str, str]:
    """Return this process's environment without the settings of Aftercart."""
    return {name: setting for name, setting in os.environ.items() if not name.startswith("AFTERCART_")}


@contextmanager
def serving(
    database: str | Path,
    folder: Path,
    *options: str,
    port: int | None = None,
    program: Sequence[str] = AFTERCART,
    answers: bool = True,
) -> Generator[RunningServer]:
    """Run `aftercart serve` on a database and end it afterwards; `folder` keeps what it writes.

    `program` replaces `python -m aftercart`. Without `answers` (a worker has no address) nobody waits for /health.
    What it logged is printed when the test fails.
    """
    chosen = port or free_port()
    command = (*program, "serve", "--port", str(chosen), *target_of(database), *options)
    with (folder / f"{chosen}.out").open("wb") as out, (folder / f"{chosen}.err").open("wb") as err:
        process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=out, stderr=err)
    server = RunningServer(process, port=chosen, target=target_of(database), folder=folder)
    try:
        if answers:
            server.wait_until_it_answers()
        yield server
    except BaseException:
        print(f"--- the log of serve on port {chosen}:\n{server.log[-20_000:]}")
        raise
    finally:
        _end(server)


def _end(server: RunningServer) -> None:
    try:
        if server.process.poll() is None:
            server.stop()
    except subprocess.TimeoutExpired:
        server.kill()
        raise
    assert server.process.returncode in {0, -signal.SIGKILL}, f"serve ended with {server.process.returncode}"


def aftercart_without(protection: str) -> tuple[str, ...]:
    """Return the program that is like `aftercart`, but for one protection; see `broken_serve.PROTECTIONS`."""
    return (sys.executable, str(_BROKEN), protection)


def aftercart(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one subcommand to its end."""
    return subprocess.run(
        (*AFTERCART, *arguments), cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )


async def create_key(url: str, *, role: str, label: str = "test", order_id: UUID | None = None) -> str:
    """Create an API key in the database at `url` and return it."""
    async with open_shop(url) as shop:
        secret = f"test_{shop.ids.secret()}"
        wish = {"secret_hash": hash_of_secret(secret), "role": Role(role), "label": label, "order_id": order_id}
        await shop.submit(msgspec.convert(wish, CreateApiKey), SYSTEM)
        return secret


def create_key_now(url: str, *, role: str, label: str = "test") -> str:
    """Create an API key, for tests that are not asynchronous."""
    return asyncio.run(create_key(url, role=role, label=label))
