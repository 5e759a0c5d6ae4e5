"""What browser tests ask for: a Chromium, and the demo shop as `make run` serves it."""

from collections.abc import Generator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from psycopg.conninfo import make_conninfo
from tests.browser.visitor import launch, wait_for_mails
from tests.conftest import after_database_test
from tests.server import RunningServer, serving


# Not for the whole session: while Playwright runs, this thread has a running loop, and asynchronous tests need none.
@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """A headless Chromium for the tests of one module."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo(server_url: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningServer]:
    """The demo shop with mails in its mailbox, served by a process of its own, for the tests of one module."""
    folder = tmp_path_factory.mktemp("demo")
    with _database(server_url, template_database) as url, serving(url, folder, "--demo") as server:
        wait_for_mails(server)
        yield server


@contextmanager
def _database(server_url: str, template: str) -> Generator[str]:
    name = f"test_{uuid4().hex}"
    url = make_conninfo(server_url, dbname=name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        try:
            yield url
            after_database_test(url)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
