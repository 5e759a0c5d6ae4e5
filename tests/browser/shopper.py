"""A customer of the demo shop: orders by the shop's API, reads the mailbox, and opens what was mailed."""

import re
from typing import Any, Final, Self
from uuid import uuid4

import httpx
from playwright.sync_api import Locator, Page
from tests.server import RunningServer, wait_until

_KEY: Final = re.compile(r"ak_[\w-]+")
_CODE: Final = re.compile(r"\b\d{4} \d{4}\b")
SHOES: Final = "QUAI-NOIR-42"
HOME: Final = {
    "name": "Zoé Martin",
    "line1": "12 rue de la Paix",
    "postcode": "75002",
    "city": "Paris",
    "country": "FR",
}


class Shopper:
    """Orders in the demo shop, and finds her mails in its mailbox."""

    def __init__(self, server: RunningServer) -> None:
        key = _KEY.search(server.output)
        assert key is not None, "the greeting shows the key"
        headers = {"Authorization": f"Bearer {key.group()}"}
        self._api = httpx.Client(base_url=server.address, headers=headers, trust_env=False, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._api.close()

    def order(self, *skus: str, language: str = "fr", **changes: Any) -> str:
        """Orders one of each SKU, sent home and paid by card, and returns the order's number."""
        body: dict[str, Any] = {
            "channel": "web",
            "customer": {"email": f"zoe+{uuid4().hex[:8]}@example.fr", "name": "Zoé Martin", "locale": language},
            "currency": "EUR",
            "lines": [{"sku": sku, "quantity": 1} for sku in skus or (SHOES,)],
            "delivery": {"method": "colissimo-home", "address": HOME},
            "payment": {"method": "card", "authorized": {"minor_units": 20_000, "currency": "EUR"}},
        }
        answer = self._api.post("/v1/orders", json=body | changes, headers={"Idempotency-Key": uuid4().hex})
        assert answer.status_code == 201, answer.text
        return answer.json()["number"]

    def stored(self, number: str) -> dict[str, Any]:
        """Returns an order as the API tells it."""
        return self._api.get(f"/v1/orders/{number}").json()

    def change(self, number: str, change: str, body: dict[str, Any]) -> None:
        """Changes an order as the shop's own systems do."""
        answer = self._api.post(f"/v1/orders/{number}/{change}", json=body)
        assert answer.status_code == 200, answer.text

    def link(self, number: str) -> str:
        """Returns a link to an order's page, as an agent hands it out."""
        return self._api.post(f"/v1/orders/{number}/create-customer-link").json()["url"]

    def email(self, number: str) -> str:
        """Returns the address an order was placed with."""
        return self.stored(number)["customer"]["email"]


def mail_in(page: Page, number: str, about: str) -> Locator:
    """Waits in the mailbox for the newest mail about an order whose subject holds a word; returns its entry."""
    mail = page.locator("main li a").filter(has_text=number).filter(has_text=about).first

    def is_there() -> bool:
        page.goto("/mailbox")
        return mail.count() > 0

    wait_until(is_there)
    return mail


def open_order_from_mail(page: Page, number: str, about: str) -> Page:
    """Opens the order's page by the link of its mail, in a new tab, as a mail program does."""
    mail_in(page, number, about).click()
    with page.context.expect_page() as opened:
        page.frame_locator("iframe").get_by_role("link").first.click()
    opened.value.wait_for_url(f"**/orders/{number}")
    return opened.value


def code_from_mail(page: Page, number: str) -> str:
    """Returns the code of the newest mail that brings one, as it is printed: in two halves."""
    mailbox = page.context.new_page()
    mail_in(mailbox, number, "code").click()
    mailbox.locator("details summary").first.click()
    found = _CODE.search(mailbox.locator("pre").first.inner_text())
    assert found is not None
    mailbox.close()
    return found.group()
