"""Whatever goes wrong on the way, a label is asked for again and never bought twice, and nothing told is forgotten."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import httpx
import msgspec
import pytest
from tests.integrations.sandbox.carrier.parcels import request
from tests.integrations.sandbox.carrier.test_carrier import all_events, sold

from aftercart.integrations.sandbox.carrier.client import SandboxCarrier
from aftercart.integrations.sandbox.carrier.connection import BODY_BYTES_MAX
from aftercart.integrations.sandbox.carrier.journal import Told, read_journal
from aftercart.integrations.sandbox.carrier.server import HOST, running_carrier
from aftercart.kit.clock import SimulatedClock
from aftercart.shipping.ports import CarrierUnavailable, Label

ROOT = Path(__file__).parents[4]
AFTER_THE_SALE = ["+drop", "+garble", "+slow"]
PROGRAM = """
import asyncio, sys
from pathlib import Path
from aftercart.integrations.sandbox.carrier.server import running_carrier
from aftercart.kit.clock import SystemClock

async def run():
    async with running_carrier(Path(sys.argv[1]), SystemClock()) as port:
        print(port, flush=True)
        await asyncio.Event().wait()

asyncio.run(run())
"""


@pytest.mark.parametrize("mark", AFTER_THE_SALE)
async def test_a_reply_that_never_came_is_asked_for_again(mark: str, folder: Path, clock: SimulatedClock) -> None:
    async with (
        running_carrier(folder, clock) as port,
        SandboxCarrier(f"http://{HOST}:{port}", answer_seconds_max=0.3) as carrier,
    ):
        with pytest.raises(CarrierUnavailable):
            await carrier.buy_label(request(marks=mark))
        assert sold(folder) == {"label-1": 1}, "it was sold before the answer got lost"
        found = await carrier.find_label("label-1")
        assert found is not None
        assert await carrier.buy_label(request(marks=mark)) == found
        with pytest.raises(CarrierUnavailable):
            await carrier.void_label("label-1")
        await carrier.void_label("label-1")
        assert await carrier.find_label("label-1") is None
        assert sold(folder) == {"label-1": 1}


async def test_a_carrier_may_fail_before_it_sells(carrier: SandboxCarrier, folder: Path) -> None:
    for call in (1, 2):
        with pytest.raises(CarrierUnavailable, match="500"):
            await carrier.buy_label(request(f"label-{call}", marks="+fail-once"))
        assert await carrier.find_label(f"label-{call}") is None
        await carrier.buy_label(request(f"label-{call}", marks="+fail-once"))
    with pytest.raises(CarrierUnavailable, match="500"):
        await carrier.void_label("label-1")
    assert await carrier.find_label("label-1") is not None
    await carrier.void_label("label-1")
    assert sold(folder) == {"label-1": 1, "label-2": 1}


async def test_a_fault_that_happened_does_not_happen_again_after_a_restart(folder: Path, clock: SimulatedClock) -> None:
    async with running_carrier(folder, clock) as port, SandboxCarrier(f"http://{HOST}:{port}") as carrier:
        with pytest.raises(CarrierUnavailable):
            await carrier.buy_label(request(marks="+drop"))
    async with running_carrier(folder, clock) as port, SandboxCarrier(f"http://{HOST}:{port}") as carrier:
        await carrier.buy_label(request(marks="+drop"))
    assert sold(folder) == {"label-1": 1}


async def test_a_carrier_that_is_away_is_unavailable(port: int, clock: SimulatedClock, tmp_path: Path) -> None:
    async with running_carrier(tmp_path / "other", clock) as gone:
        assert gone != port
    async with SandboxCarrier(f"http://{HOST}:{gone}") as carrier:
        for call in (
            carrier.buy_label(request()),
            carrier.find_label("label-1"),
            carrier.void_label("label-1"),
            carrier.announce_handover(["CB473124829FR"]),
            carrier.tracking_events(""),
        ):
            with pytest.raises(CarrierUnavailable, match="ConnectError"):
                await call


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("GET", "/", b"", "application/json", HTTPStatus.NOT_FOUND),
        ("PUT", "/labels", b"{}", "application/json", HTTPStatus.NOT_FOUND),
        ("POST", "/labels", b"{}", "application/json", HTTPStatus.BAD_REQUEST),
        ("POST", "/labels", b"{", "application/json", HTTPStatus.BAD_REQUEST),
        ("POST", "/voids", b'{"key": ""}', "application/json", HTTPStatus.BAD_REQUEST),
        ("POST", "/voids", b'{"key": "a", "more": 1}', "application/json", HTTPStatus.BAD_REQUEST),
        ("POST", "/handovers", b'{"tracking_numbers": []}', "application/json", HTTPStatus.BAD_REQUEST),
        ("POST", "/voids", b'{"key": "a"}', "text/plain", HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
        ("POST", "/voids", b"x" * (BODY_BYTES_MAX + 1), "application/json", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ("GET", "/events?after=yesterday", b"", "application/json", HTTPStatus.BAD_REQUEST),
        ("GET", "/events?after=-1", b"", "application/json", HTTPStatus.BAD_REQUEST),
        ("GET", "/events?after=7", b"", "application/json", HTTPStatus.OK),
    ],
)
async def test_what_is_no_request_is_refused(
    method: str, path: str, body: bytes, kind: str, status: HTTPStatus, port: int
) -> None:
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as client:
        answer = await client.request(method, path, content=body, headers={"Content-Type": kind})
        assert answer.status_code == status
        assert (await client.get("/events")).json() == {"events": [], "after": "0"}


async def test_what_is_no_http_is_answered_and_left(port: int) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(b"EHLO carrier\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
    writer.close()


@asynccontextmanager
async def carrier_process(folder: Path) -> AsyncGenerator[tuple[Process, str]]:
    """Run a carrier as a process of its own; yields it and its address, and ends it without a warning."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(folder), stdout=PIPE, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        yield process, f"http://{HOST}:{port}"
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_no_label_is_bought_twice_and_none_is_lost_when_the_carrier_is_killed(folder: Path) -> None:
    keys = [f"label-{number}" for number in range(40)]
    answered: dict[str, Label] = {}
    unanswered: set[str] = set()
    async with carrier_process(folder) as (process, url), SandboxCarrier(url) as carrier:

        async def buy(key: str) -> None:
            try:
                answered[key] = await carrier.buy_label(request(key))
            except CarrierUnavailable:
                unanswered.add(key)
            else:
                if len(answered) == 10:
                    process.send_signal(signal.SIGKILL)

        await asyncio.gather(*(buy(key) for key in keys))
        told_before = [entry.event for entry in read_journal(folder) if isinstance(entry, Told)]
    assert unanswered, "it was killed in the middle"
    async with carrier_process(folder) as (_, url), SandboxCarrier(url) as carrier:
        labels = {key: await carrier.buy_label(request(key)) for key in keys}
        events = await all_events(carrier)
    assert {key: labels[key] for key in answered} == answered
    assert sold(folder) == dict.fromkeys(keys, 1)
    assert len({label.tracking_number for label in labels.values()}) == len(keys)
    assert events[: len(told_before)] == told_before
    assert len(events) == len(keys)


async def test_control_a_carrier_that_forgets_sells_a_key_twice(tmp_path: Path, clock: SimulatedClock) -> None:
    labels: list[Label] = []
    for folder, keys in ((tmp_path / "one", ("label-1",)), (tmp_path / "other", ("label-2", "label-1"))):
        async with running_carrier(folder, clock) as port, SandboxCarrier(f"http://{HOST}:{port}") as carrier:
            labels.append([await carrier.buy_label(request(key)) for key in keys][-1])
    assert labels[0] != labels[1]


def test_a_request_travels_whole() -> None:
    asked = request()
    assert msgspec.json.decode(msgspec.json.encode(asked), type=type(asked)) == asked
