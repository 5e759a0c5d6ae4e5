"""The mailbox of a demo shop shows what came, in the reader's language, and lets a mail do nothing but open links."""

from collections.abc import AsyncGenerator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from tests.notifications.messages.occasions import PAID, write
from tests.scenario import NOW
from tests.web.builders import client_of

from aftercart.integrations.sandbox.mailbox.folder import MailFolder
from aftercart.integrations.smtp.mime import Sender, message_bytes
from aftercart.notifications.messages.kinds import MessageKind
from aftercart.notifications.messages.render import render_html, render_text
from aftercart.notifications.ports import Mail
from aftercart.shop import Shop, open_shop
from aftercart.web.api.application import create_app
from aftercart.web.assets.routes import STYLE_URL

NAME = '<img src=x onerror="alert(1)">'


@pytest.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    async with open_shop(database_url) as shop:
        yield shop


@pytest.fixture
def folder(tmp_path: Path) -> MailFolder:
    return MailFolder(tmp_path)


@pytest.fixture
async def client(shop: Shop, folder: MailFolder) -> AsyncGenerator[httpx.AsyncClient]:
    async with client_of(create_app(shop, mailbox=folder)) as client:
        yield client


def deliver(folder: MailFolder) -> str:
    """Puts a confirmation into the mailbox and returns its id."""
    letter = write(MessageKind.ORDER_CONFIRMED, before=None, after=PAID)
    mail = Mail(
        mail_id=PAID.order_id,
        recipient="camille@example.com",
        recipient_name=NAME,
        subject=letter.subject,
        text=render_text(letter),
        html=render_html(letter),
        language="fr",
        written_at=NOW,
    )
    content = message_bytes(mail, Sender(name="Maison", address="orders@shop.example"))
    folder.keep(content, message_id="<1>", at=NOW)
    return folder.ids()[0]


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


async def test_an_empty_mailbox_says_how_to_fill_it(client: httpx.AsyncClient) -> None:
    assert "Place an order" in (await client.get("/mailbox")).text
    french = await client.get("/mailbox", headers={"Accept-Language": "fr"})
    assert "Passez une commande" in french.text
    assert Tags(french.text).all("html") == [{"lang": "fr"}]


async def test_a_mail_is_listed_and_shown_in_all_its_forms(client: httpx.AsyncClient, folder: MailFolder) -> None:
    mail_id = deliver(folder)
    listed = Tags((await client.get("/mailbox")).text)
    assert f"/mailbox/{mail_id}" in [link.get("href") for link in listed.all("a")]
    page = (await client.get(f"/mailbox/{mail_id}")).text
    for shown in ("Votre commande K41VT-MWZW8 est confirmée", "Message-ID", "multipart/alternative", "Auto-Submitted"):
        assert shown in page
    assert "https://shop.example/o/" in page
    (frame,) = Tags(page).all("iframe")
    html = await client.get(str(frame["src"]))
    assert "Merci, votre commande est confirmée." in html.text
    assert '<base target="_blank">' in html.text


async def test_what_a_mail_holds_is_shown_and_never_run(client: httpx.AsyncClient, folder: MailFolder) -> None:
    page = Tags((await client.get(f"/mailbox/{deliver(folder)}")).text)
    assert page.all("img") == page.all("script") == []
    (frame,) = page.all("iframe")
    assert frame["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"


async def test_pages_and_mails_may_load_nothing_from_elsewhere(client: httpx.AsyncClient, folder: MailFolder) -> None:
    mail_id = deliver(folder)
    for path in ("/mailbox", f"/mailbox/{mail_id}", f"/mailbox/{mail_id}/html", "/mailbox/nothing"):
        answer = await client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert ("sandbox" in policy) == path.endswith("/html")
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["nothing", "..%2F..%2Fserver-secret", "20260302T090000000000-0123456789abcdef"])
async def test_a_mail_that_does_not_exist_is_a_page_that_says_so(path: str, client: httpx.AsyncClient) -> None:
    for suffix in ("", "/html"):
        answer = await client.get(f"/mailbox/{path}{suffix}")
        assert answer.status_code == 404


async def test_the_style_may_be_kept_for_ever_under_its_address(client: httpx.AsyncClient) -> None:
    style = await client.get(STYLE_URL)
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in style.headers["cache-control"]
    assert f'href="{STYLE_URL}"' in (await client.get("/mailbox")).text
    assert (await client.head(STYLE_URL)).content == b""


async def test_a_shop_that_sends_its_mail_has_no_mailbox(shop: Shop) -> None:
    async with client_of(create_app(shop)) as client:
        assert (await client.get("/mailbox")).status_code == 404
