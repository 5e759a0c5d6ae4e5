"""The callers: a process of its own that keeps connections busy with requests made beforehand, and times each answer.

Written on bare protocols, because on two cores whatever the callers use is missing to the server.
"""

import asyncio
import itertools
import sys
import time
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, cast

import msgspec
import psutil
import uvloop

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
_STATUS: Final = slice(9, 12)
_FAULT_SHOWN_BYTES: Final = 2_000
_CONNECT_SECONDS_MAX: Final = 10.0
_TICK_SECONDS: Final = 0.001


class LoadPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What to call: each connection sends the next of ``requests`` (whole HTTP messages) when its last is answered.

    With ``per_second`` requests fall due at that pace instead, and their time runs from then on, also while they wait
    for a connection: a slow server does not get fewer of them. Answers count after ``warm_up_seconds`` and for
    ``seconds``, or until the requests run out unless they ``repeat``.
    ``server_pid`` and ``postmaster_pid`` are the processes whose CPU time is read at the same two moments.
    """

    host: str
    port: int
    connections: int
    warm_up_seconds: float
    seconds: float
    repeat: bool
    server_pid: int
    postmaster_pid: int | None
    requests: tuple[bytes, ...]
    per_second: int | None = None
    refusal_mark: bytes | None = None  # an accepted answer with these bytes in it is a refusal all the same


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured. Milliseconds are those of accepted requests; ``refused`` counts the others by status."""

    seconds: float
    accepted: int
    refused: dict[str, int]
    first_refusal: str
    p50_ms: float
    p95_ms: float
    p99_ms: float
    server_cpu_seconds: float
    postgres_cpu_seconds: float | None
    callers_cpu_seconds: float
    server_bytes: int


class _Measurement:
    """Counts what is answered between ``begin`` and ``end``."""

    def __init__(self, plan: LoadPlan) -> None:
        self._server = psutil.Process(plan.server_pid)
        self._postmaster = None if plan.postmaster_pid is None else psutil.Process(plan.postmaster_pid)
        self._callers = psutil.Process()
        self.latencies = array("d")
        self.refused: Counter[str] = Counter()
        self.first_refusal = ""
        self.over: asyncio.Event = asyncio.Event()
        self.mark = plan.refusal_mark

    def begin(self) -> None:
        if self.over.is_set():
            return
        self.latencies = array("d")
        self.refused.clear()
        self._cpu = self._cpu_seconds()
        self._began = time.perf_counter()

    def end(self) -> None:
        if self.over.is_set():
            return
        self._seconds = time.perf_counter() - self._began
        self._cpu = tuple(after - before for before, after in zip(self._cpu, self._cpu_seconds(), strict=True))
        self._bytes = self._server.memory_info().rss
        self.over.set()

    def load(self) -> Load:
        latencies = sorted(self.latencies) or [0.0]
        server, postgres, callers = self._cpu
        return Load(
            seconds=self._seconds,
            accepted=len(self.latencies),
            refused=dict(self.refused),
            first_refusal=self.first_refusal,
            p50_ms=_percentile(latencies, 50),
            p95_ms=_percentile(latencies, 95),
            p99_ms=_percentile(latencies, 99),
            server_cpu_seconds=server,
            postgres_cpu_seconds=None if self._postmaster is None else postgres,
            callers_cpu_seconds=callers,
            server_bytes=self._bytes,
        )

    def _cpu_seconds(self) -> tuple[float, float, float]:
        postgres = 0.0
        if self._postmaster is not None:
            # Processes that end meanwhile, such as those of autovacuum, are counted by the one that started them.
            ended = self._postmaster.cpu_times()
            running = sum(_used(backend) for backend in self._postmaster.children())
            postgres = running + ended.children_user + ended.children_system
        return _used(self._server), postgres, _used(self._callers)


class _Caller(asyncio.Protocol):
    """One connection: one request under way at a time; ``is_free`` is told when it has none."""

    def __init__(self, measurement: _Measurement, is_free: "Callable[[_Caller], None]") -> None:
        self._measurement = measurement
        self._is_free = is_free
        self._received = b""
        self._expected = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop registers none of its own

    def call(self, request: bytes, *, due_at: float) -> None:
        self._started = due_at
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._received:
            data = self._received + data
        if not self._expected:
            head = data.find(_HEAD_END)
            if head < 0:
                self._received = data
                return
            self._expected = head + len(_HEAD_END) + _content_length(data[:head])
        if len(data) < self._expected:
            self._received = data
            return
        self._received, self._expected = b"", 0
        self._answered(data)

    def _answered(self, answer: bytes) -> None:
        measurement = self._measurement
        if answer[_STATUS][:1] == b"2" and (measurement.mark is None or measurement.mark not in answer):
            measurement.latencies.append(time.perf_counter() - self._started)
        else:
            measurement.refused[answer[_STATUS].decode()] += 1
            measurement.first_refusal = measurement.first_refusal or answer[:_FAULT_SHOWN_BYTES].decode()
        if not measurement.over.is_set():
            self._is_free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        measurement = self._measurement
        if not measurement.over.is_set():
            measurement.refused["lost"] += 1
            measurement.first_refusal = measurement.first_refusal or f"connection lost: {exc}"


class _OneAfterTheOther:
    """Gives every free connection the next request at once, until they run out."""

    def __init__(self, requests: Iterator[bytes], measurement: _Measurement) -> None:
        self._requests = requests
        self._measurement = measurement

    def give(self, caller: _Caller) -> None:
        request = next(self._requests, None)
        if request is None:
            self._measurement.end()
        else:
            caller.call(request, due_at=time.perf_counter())


class _AtAPace:
    """Lets requests fall due at a pace, whether or not a connection is free for them."""

    def __init__(self, requests: Iterator[bytes], measurement: _Measurement, *, per_second: int) -> None:
        self._requests = requests
        self._measurement = measurement
        self._pause = 1 / per_second
        self._due: deque[float] = deque()
        self._free: deque[_Caller] = deque()
        self._next_at = time.perf_counter()
        self._tick()

    def give(self, caller: _Caller) -> None:
        self._free.append(caller)
        self._call()

    def _tick(self) -> None:
        if self._measurement.over.is_set():
            return
        now = time.perf_counter()
        while self._next_at <= now:
            self._due.append(self._next_at)
            self._next_at += self._pause
        self._call()
        asyncio.get_running_loop().call_later(_TICK_SECONDS, self._tick)

    def _call(self) -> None:
        while self._due and self._free:
            request = next(self._requests, None)
            if request is None:
                self._measurement.end()
                return
            self._free.popleft().call(request, due_at=self._due.popleft())


def _content_length(head: bytes) -> int:
    head = head.lower()
    at = head.find(_LENGTH)
    return int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _percentile(latencies: list[float], percent: int) -> float:
    return latencies[min(len(latencies) - 1, len(latencies) * percent // 100)] * 1_000


def _used(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # a backend that ended since it was listed
        return 0.0
    return times.user + times.system


async def run_load(plan: LoadPlan) -> Load:
    """Opens the connections, calls until the plan's time is over or its requests run out, and closes them."""
    loop = asyncio.get_running_loop()
    measurement = _Measurement(plan)
    requests = itertools.cycle(plan.requests) if plan.repeat else iter(plan.requests)
    pace = _OneAfterTheOther(requests, measurement)
    if plan.per_second is not None:
        pace = _AtAPace(requests, measurement, per_second=plan.per_second)
    async with asyncio.timeout(_CONNECT_SECONDS_MAX):
        callers = await asyncio.gather(
            *(
                loop.create_connection(lambda: _Caller(measurement, pace.give), plan.host, plan.port)
                for _ in range(plan.connections)
            )
        )
    measurement.begin()
    for _, caller in callers:
        pace.give(caller)
    warmed_up = loop.call_later(plan.warm_up_seconds, measurement.begin)
    over = loop.call_later(plan.warm_up_seconds + plan.seconds, measurement.end)
    await measurement.over.wait()
    warmed_up.cancel()
    over.cancel()
    for transport, _ in callers:
        transport.close()
    return measurement.load()


def main() -> None:
    """Reads a plan from the file named by the first argument and writes what was measured to standard output."""
    plan = msgspec.msgpack.decode(Path(sys.argv[1]).read_bytes(), type=LoadPlan)
    sys.stdout.buffer.write(msgspec.msgpack.encode(uvloop.run(run_load(plan))))


if __name__ == "__main__":
    main()
