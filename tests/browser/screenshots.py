"""Takes pictures of the pages of the demo shop, on the same morning each time: `make screenshots`.

python -m tests.browser.screenshots FOLDER
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from playwright.sync_api import Page, sync_playwright
from tests.browser.visitor import DESKTOP, PHONE, Look, launch, visiting, wait_for_mails
from tests.server import serving

from aftercart.kit.embedded_postgres import EmbeddedPostgres

POSED: Final = (sys.executable, str(Path(__file__).with_name("posed_serve.py")))


class Picture(msgspec.Struct, frozen=True):
    """One picture: its file's name, how the page is looked at, and the way there."""

    name: str
    look: Look
    go: Callable[[Page], None]


def _mailbox(page: Page) -> None:
    page.goto("/mailbox")


def _mail(page: Page) -> None:
    _mailbox(page)
    page.locator("main a").first.click()
    page.wait_for_url("**/mailbox/*")


PICTURES: Final = (
    Picture("mailbox", DESKTOP, _mailbox),
    Picture("mail-phone", PHONE, _mail),
)


def take_all(into: Path) -> None:
    """Takes every picture into the folder ``into``."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        data_dir = Path(name) / "shop"
        try:
            with serving(data_dir, Path(name), "--demo", program=POSED) as server, launch(playwright) as browser:
                wait_for_mails(server)
                for picture in PICTURES:
                    with visiting(browser, server.address, picture.look) as page:
                        picture.go(page)
                        page.screenshot(path=into / f"{picture.name}.png", full_page=True)
        finally:
            EmbeddedPostgres(data_dir).stop()


if __name__ == "__main__":
    take_all(Path(sys.argv[1]))
