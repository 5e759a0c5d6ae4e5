"""One server for all stories told by this process; each story sells goods of its own."""

import asyncio
from collections.abc import Callable, Generator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.server import RunningServer, create_key, serving
from tests.shop_over_http import ShopOverHttp

from aftercart.views.audit import audit

NewShop = Callable[..., ShopOverHttp]


@pytest.fixture(scope="session")
def journeys_url(server_url: str, template_database: str) -> Generator[str]:
    """A migrated database for all stories; the audit runs over it when the last one is told."""
    name = f"journeys_{uuid4().hex}"
    url = make_conninfo(server_url, dbname=name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}".encode())
    yield url
    assert audit(url).failed == ()
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def journeys_server(journeys_url: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningServer]:
    folder: Path = tmp_path_factory.mktemp("journeys")
    with serving(journeys_url, folder) as server:
        yield server
        assert "Traceback" not in server.log


@pytest.fixture
def shop_as(journeys_url: str, journeys_server: RunningServer) -> Generator[NewShop]:
    """Call it with a role, and an order for a customer, to get the shop as that role sees it."""
    opened: list[ShopOverHttp] = []

    def new_shop(role: str, *, order_id: str | None = None) -> ShopOverHttp:
        order = None if order_id is None else UUID(order_id)
        key = asyncio.run(create_key(journeys_url, role=role, label=f"{role} of a story", order_id=order))
        opened.append(ShopOverHttp(journeys_server.address, key))
        return opened[-1]

    yield new_shop
    for shop in opened:
        shop.close()


@pytest.fixture
def shop(shop_as: NewShop) -> ShopOverHttp:
    """The shop as its admin sees it."""
    return shop_as("admin")
