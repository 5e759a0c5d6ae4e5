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
from tests.browser.visitor import DESKTOP, PHONE, Device, Look, launch, visiting, wait_for_mails
from tests.server import serving

from aftercart.kit.embedded_postgres import EmbeddedPostgres

POSED: Final = (sys.executable, str(Path(__file__).with_name("posed_serve.py")))


class Picture(msgspec.Struct, frozen=True):
    """One picture: its file's name, how the page is looked at, and the way there; of all of it or of one window."""

    name: str
    look: Look
    go: Callable[[Page], None]
    is_whole: bool = True


def _mailbox(page: Page) -> None:
    page.goto("/mailbox")


def _mail(page: Page) -> None:
    _mailbox(page)
    page.locator("main a").first.click()
    page.wait_for_url("**/mailbox/*")


def _order(page: Page) -> None:
    """Goes to the page of the order that waits for a sweater, as its customer does: by the link of its mail."""
    _mailbox(page)
    page.locator("main li a").filter(has_text="ines.marchal@").first.click()
    link = page.frame_locator("iframe").get_by_role("link").first.get_attribute("href")
    assert link is not None
    page.goto(link)
    page.goto(f"{page.url}?language={page.evaluate('navigator.language')}")


def _change(page: Page) -> None:
    """Goes to what it would mean to have another sweater."""
    _order(page)
    page.locator('a[href*="swap-variant"]').first.click()
    page.locator("#sku").check()
    page.locator(".actions button").click()


def _methods(page: Page) -> None:
    """Goes to the ways in which the order could come."""
    _order(page)
    page.locator('a[href*="change-delivery-method"]').first.click()


PICTURES: Final = (
    Picture("mailbox", DESKTOP, _mailbox),
    Picture("mail-phone", PHONE, _mail),
    Picture("order-phone", PHONE, _order, is_whole=False),
    Picture("order-phone-dark", Look(Device.PHONE, "en", "dark"), _order, is_whole=False),
    Picture("order-desktop", DESKTOP, _order, is_whole=False),
    Picture("change-phone", PHONE, _change),
    Picture("methods-desktop", DESKTOP, _methods, is_whole=False),
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
                        page.screenshot(path=into / f"{picture.name}.png", full_page=picture.is_whole)
        finally:
            EmbeddedPostgres(data_dir).stop()


if __name__ == "__main__":
    take_all(Path(sys.argv[1]))
