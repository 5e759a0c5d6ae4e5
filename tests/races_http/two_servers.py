"""Two server processes on one database, sound or with a protection taken out, and an admin's key to both."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from tests.connection import Connection
from tests.server import AFTERCART, aftercart_without, create_key, serving
from tests.shop_over_http import WAREHOUSE, location, variant


class TwoServers(msgspec.Struct, frozen=True):
    """Where they listen, and the key that both know."""

    ports: tuple[int, ...]
    key: str

    def log(self, folder: Path) -> str:
        """What both wrote to standard error so far; `folder` is where they run."""
        return "".join((folder / f"{port}.err").read_text() for port in self.ports)


@asynccontextmanager
async def two_servers(url: str, folder: Path, *, without: str | None = None) -> AsyncGenerator[TwoServers]:
    """Run two servers on the database at `url`; `without` names the protection that both lack."""
    program = AFTERCART if without is None else aftercart_without(without)
    key = await create_key(url, role="admin")
    with ExitStack() as running:
        # Both are started before either is waited for.
        servers = [running.enter_context(serving(url, folder, program=program, answers=False)) for _ in range(2)]
        for server in servers:
            server.wait_until_it_answers()
        yield TwoServers(ports=tuple(server.port for server in servers), key=key)


async def open_shop_with(
    connection: Connection, skus: Sequence[str], *, warehouses: Sequence[str] = (WAREHOUSE,), missing_stock: str
) -> None:
    """Set a shop up: warehouses, one channel, variants, no stock yet."""
    await accepted(connection, "/v1/locations", {"locations": [location(code) for code in warehouses]})
    await accepted(connection, "/v1/channels", {"channels": [{"code": "web", "missing_stock": missing_stock}]})
    await accepted(connection, "/v1/variants", {"variants": [variant(sku) for sku in skus]})


async def receive(connection: Connection, sku: str, quantity: int, *, warehouse: str = WAREHOUSE) -> None:
    """Put units into stock."""
    lines = [{"sku": sku, "quantity": quantity}]
    await accepted(connection, "/v1/stock/receive", {"location": warehouse, "reference": "BL", "lines": lines})


async def available(connection: Connection, sku: str) -> int:
    """Return how many units of a SKU can still be promised."""
    (item,) = (await connection.get(f"/v1/availability?sku={sku}")).json["items"]
    return int(item["available"])


async def accepted(connection: Connection, path: str, body: dict[str, Any]) -> None:
    """Make a call that nothing may stand in the way of."""
    answer = await connection.post(path, body)
    assert answer.status == 200, answer.body
