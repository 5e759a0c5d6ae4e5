"""The mailbox as people see it: readable by everybody, on any device, without a script."""

import pytest
from playwright.sync_api import Browser
from tests.browser.visitor import LOOKS, Look, is_wider_than_its_window, violations, visiting
from tests.server import RunningServer


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_mailbox_is_for_everybody(browser: Browser, demo: RunningServer, look: Look) -> None:
    with visiting(browser, demo.address, look) as page:
        page.goto("/mailbox")
        page.locator("main a").first.wait_for()
        assert violations(page) == []
        assert not is_wider_than_its_window(page)
        page.locator("main a").first.click()
        page.wait_for_url("**/mailbox/*")
        assert page.locator("html").get_attribute("lang") == look.language
        assert violations(page) == []
        assert not is_wider_than_its_window(page)
