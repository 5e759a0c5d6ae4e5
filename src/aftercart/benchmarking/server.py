"""The server under test: `aftercart serve` as a process of its own, and the calls that are made to it."""

import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final

import msgspec

from aftercart.benchmarking.failure import BenchFailed
from aftercart.benchmarking.load import Load, LoadPlan

HOST: Final = "127.0.0.1"
_START_SECONDS_MAX: Final = 30.0
_STOP_SECONDS_MAX: Final = 30.0
_PAUSE_SECONDS: Final = 0.1
_MARGIN_SECONDS: Final = 60.0


class RunningServer(msgspec.Struct, frozen=True, kw_only=True):
    """A server that answers, the key it is called with, and the database behind it if that runs on this machine."""

    pid: int
    port: int
    key: str
    postmaster_pid: int | None
    folder: Path

    def get(self, path: str) -> bytes:
        """Returns a whole request that reads ``path``."""
        return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {self.key}\r\n\r\n".encode()

    def post(self, path: str, body: object, *, key: str | None = None) -> bytes:
        """Returns a whole request that posts ``body`` as JSON, with an idempotency key if one is given."""
        encoded = msgspec.json.encode(body)
        idempotency = "" if key is None else f"Idempotency-Key: {key}\r\n"
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {self.key}\r\n{idempotency}"
            f"Content-Type: application/json\r\nContent-Length: {len(encoded)}\r\n\r\n"
        )
        return head.encode() + encoded

    def call(
        self,
        requests: Sequence[bytes],
        *,
        connections: int,
        seconds: float,
        warm_up_seconds: float,
        repeat: bool,
        refusal_mark: bytes | None = None,
        per_second: int | None = None,
    ) -> Load:
        """Calls from a process of its own and returns what was measured; raises ``BenchFailed``."""
        plan = LoadPlan(
            host=HOST,
            port=self.port,
            connections=connections,
            warm_up_seconds=warm_up_seconds,
            seconds=seconds,
            repeat=repeat,
            server_pid=self.pid,
            postmaster_pid=self.postmaster_pid,
            requests=tuple(requests),
            refusal_mark=refusal_mark,
            per_second=per_second,
        )
        plan_path = self.folder / "plan.msgpack"
        plan_path.write_bytes(msgspec.msgpack.encode(plan))
        outcome = subprocess.run(
            (sys.executable, "-m", "aftercart.benchmarking.load", plan_path),
            capture_output=True,
            check=False,
            timeout=warm_up_seconds + seconds + _MARGIN_SECONDS,
        )
        if outcome.returncode != 0:
            raise BenchFailed(f"the callers failed:\n{outcome.stderr.decode()[-2000:]}")
        return msgspec.msgpack.decode(outcome.stdout, type=Load)


@contextmanager
def running_server(
    database: Sequence[str], *, key: str, postmaster_pid: int | None, folder: Path, environment: Mapping[str, str]
) -> Generator[RunningServer]:
    """Serves the database of these command line options, web and worker in one process, while the body runs."""
    port = _free_port()
    log_path = folder / "serve.log"
    command = (sys.executable, "-m", "aftercart", "serve", "--host", HOST, "--port", str(port), "--role", "all")
    with log_path.open("ab") as log:
        process = subprocess.Popen((*command, *database), stdout=log, stderr=log, env=environment, cwd=folder)
    try:
        _wait_until_healthy(port, process, log_path)
        yield RunningServer(pid=process.pid, port=port, key=key, postmaster_pid=postmaster_pid, folder=folder)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def new_folder() -> "tempfile.TemporaryDirectory[str]":
    """Makes a folder on a real disk: where `/tmp` is memory, syncing costs nothing and the figures mean nothing."""
    lasting = Path("/var/tmp")  # noqa: S108 - a folder of our own is made in it
    return tempfile.TemporaryDirectory(prefix="aftercart-bench-", dir=lasting if lasting.is_dir() else None)


def _wait_until_healthy(port: int, process: subprocess.Popen[bytes], log_path: Path) -> None:
    until = time.monotonic() + _START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=1) as answer:
                if answer.status == HTTPStatus.OK:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(_PAUSE_SECONDS)
    raise BenchFailed(f"the server does not answer; the end of its log:\n{log_path.read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
