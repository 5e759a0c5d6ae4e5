"""A visitor of the pages: a headless Chromium of some size, in some language, in the light or in the dark."""

import enum
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from importlib.resources import files
from itertools import product
from typing import Final

import httpx
import msgspec
import pytest
from playwright.sync_api import Browser, Page, Playwright
from tests.server import RunningServer, wait_until

CHROMIUM_NAMES: Final = ("chromium", "chromium-browser")
WCAG: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
AXE: Final = files("axe_playwright_python") / "axe.min.js"
# Without these Chromium looks for its maker's hosts at every start.
_ARGUMENTS: Final = ("--disable-quic", "--no-first-run", "--disable-component-update", "--disable-sync")


class _Node(msgspec.Struct, rename="camel"):
    html: str
    failure_summary: str


class _Violation(msgspec.Struct):
    id: str
    nodes: list[_Node]


class _Report(msgspec.Struct):
    violations: list[_Violation]


class Device(enum.Enum):
    """What the visitor holds, with the width and height of its window in CSS pixels."""

    PHONE = (390, 844)
    DESKTOP = (1280, 900)


class Look(msgspec.Struct, frozen=True):
    """How a page is looked at; ``language`` is what the browser asks for, ``scheme`` is ``light`` or ``dark``."""

    device: Device
    language: str
    scheme: str

    def __str__(self) -> str:
        return f"{self.device.name.lower()}-{self.language}-{self.scheme}"


LOOKS: Final = tuple(Look(*look) for look in product(Device, ("fr", "en"), ("light", "dark")))
PHONE: Final = Look(Device.PHONE, "fr", "light")
DESKTOP: Final = Look(Device.DESKTOP, "en", "light")


def launch(playwright: Playwright) -> Browser:
    """Starts Chromium. Where there is none the test is skipped, except in CI, where it fails."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        explain = pytest.fail if os.environ.get("CI") else pytest.skip
        explain("no Chromium on this machine: apt-get install chromium")
    return playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))


@contextmanager
def visiting(browser: Browser, address: str, look: Look) -> Generator[Page]:
    """Opens an empty page of a visitor without cookies, whose browser runs no scripts; paths are below ``address``."""
    width, height = look.device.value
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        locale=look.language,
        color_scheme="dark" if look.scheme == "dark" else "light",
        has_touch=look.device is Device.PHONE,
        java_script_enabled=False,
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def wait_for_mails(server: RunningServer) -> None:
    """Waits until the demo shop's mailbox is no longer empty."""
    wait_until(lambda: 'href="/mailbox/' in httpx.get(f"{server.address}/mailbox", trust_env=False).text)


def violations(page: Page) -> list[str]:
    """Returns what axe finds wrong with the page against WCAG 2.2 AA and good practice, one line a place."""
    with _twin(page) as twin:
        twin.add_script_tag(content=AXE.read_text())
        report = msgspec.convert(twin.evaluate("options => axe.run(document, options)", WCAG), _Report)
    return [
        f"{violation.id}: {node.html} ({node.failure_summary})"
        for violation in report.violations
        for node in violation.nodes
    ]


@contextmanager
def _twin(page: Page) -> Generator[Page]:
    """Shows the same page where scripts run, as axe needs them: also one that came as the answer to a form."""
    browser, content = page.context.browser, page.content()
    assert browser is not None
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    context = browser.new_context(viewport=page.viewport_size, color_scheme="dark" if is_dark else "light")
    context.route(page.url, lambda route: route.fulfill(body=content, content_type="text/html; charset=utf-8"))
    try:
        twin = context.new_page()
        twin.goto(page.url)
        yield twin
    finally:
        context.close()


def is_wider_than_its_window(page: Page) -> bool:
    """Tells whether the page must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
