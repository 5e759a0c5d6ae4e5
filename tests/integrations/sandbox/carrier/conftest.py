"""A carrier that runs, somebody who talks to it, and a clock that only the test moves."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from tests.scenario import NOW

from aftercart.integrations.sandbox.carrier.client import SandboxCarrier
from aftercart.integrations.sandbox.carrier.server import HOST, running_carrier
from aftercart.kit.clock import SimulatedClock


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "carrier"


@pytest.fixture
async def port(folder: Path, clock: SimulatedClock) -> AsyncGenerator[int]:
    async with running_carrier(folder, clock) as port:
        yield port


@pytest.fixture
async def carrier(port: int) -> AsyncGenerator[SandboxCarrier]:
    async with SandboxCarrier(f"http://{HOST}:{port}") as carrier:
        yield carrier
