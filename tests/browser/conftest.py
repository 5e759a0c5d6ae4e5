"""What browser tests ask for: a Chromium, and the demo shop as `make run` serves it."""

from collections.abc import Generator

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.browser.visitor import launch, wait_for_mails
from tests.conftest import after_database_test, copied_database
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
    with copied_database(server_url, template_database) as url:
        with serving(url, folder, "--demo") as server:
            wait_for_mails(server)
            yield server
        after_database_test(url)
