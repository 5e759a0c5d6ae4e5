"""A customer with a browser: follows links, fills in forms as they are, and reads the mails the shop sends."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import msgspec
from tests.web.builders import Api, order

from aftercart.access.rules.derived_secrets import customer_code
from aftercart.customer_access import create_link
from aftercart.permissions import SYSTEM

LATEST_CODE = """
    SELECT stream FROM kit.event_log WHERE type = 'CustomerCodeRequested' ORDER BY position DESC LIMIT 1
"""


class Page(HTMLParser):
    """An answer as its reader sees it: text, links, and the forms with what is filled in."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.answer = answer
        self.status = answer.status_code
        self.headers = answer.headers
        self.path = answer.request.url.path
        self.title = ""
        self.texts: list[str] = []
        self.links: dict[str, str] = {}
        self.forms: list[Form] = []
        self._link: str | None = None
        self.feed(answer.text)

    @property
    def text(self) -> str:
        """Returns all text of the page, blanks as one."""
        return " ".join(" ".join(self.texts).split()).replace("\u00a0", " ").replace("\u202f", " ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._link = given.get("href", "")
        if tag == "form":
            self.forms.append(Form(action=given["action"], fields={}))
        if tag in {"input", "textarea", "select", "button"} and self.forms and "name" in given:
            self._fill(tag, given)
        if tag == "option" and "selected" in dict(attrs):
            self.forms[-1].fields[self.forms[-1].select] = given["value"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._link is not None and data.strip():
            self.links[data.strip()] = self._link
            self._link = None

    def _fill(self, tag: str, given: Mapping[str, str]) -> None:
        form, name = self.forms[-1], given["name"]
        if tag == "select":
            form.select = name
        elif given.get("type") in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(given.get("value", ""))
            if "checked" in given:
                form.fields[name] = given.get("value", "")
        elif tag == "button":
            form.buttons[name] = given.get("value", "")
        else:
            form.fields[name] = given.get("value", "")


class Form(msgspec.Struct):
    """A form with what is filled in, and what may be chosen."""

    action: str
    fields: dict[str, str]
    choices: dict[str, list[str]] = msgspec.field(default_factory=dict[str, list[str]])
    buttons: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    select: str = ""


class Customer:
    """A customer with an order and a browser of their own."""

    def __init__(self, api: Api, client: httpx.AsyncClient, placed: dict[str, Any]) -> None:
        self.api = api
        self.client = client
        self.order = placed
        self.order_id = UUID(placed["id"])
        self.number: str = placed["number"]

    @property
    def path(self) -> str:
        """Returns where the order's page is."""
        return f"/orders/{self.number}"

    async def link(self) -> str:
        """Returns the path of a new link to the order."""
        email = (await self.stored())["customer"]["email"]
        return urlsplit((await create_link(self.api.shop, self.order_id, SYSTEM, email=email)).url).path

    async def get(self, path: str, **options: Any) -> Page:
        """Opens a page and follows where it leads."""
        return Page(await self.client.get(path, follow_redirects=True, **options))

    async def post(self, path: str, fields: Mapping[str, str], **options: Any) -> Page:
        """Sends fields and follows where that leads."""
        return Page(await self.client.post(path, data=dict(fields), follow_redirects=True, **options))

    async def send(self, page: Page, *, form: int = 0, **fields: str) -> Page:
        """Sends a form of a page, filled in anew where ``fields`` say so."""
        chosen = page.forms[form]
        return await self.post(chosen.action, {**chosen.fields, **fields})

    async def enter(self) -> Page:
        """Opens the order's page by a link."""
        return await self.get(await self.link())

    async def code(self) -> str:
        """Returns the code that was mailed last."""
        await self.settle()
        rows = await self.api.shop.database.rows(LATEST_CODE)
        return customer_code(self.api.shop.surroundings.secret, rows[0][0])

    async def settle(self) -> None:
        """Waits for what the shop does after it has answered."""
        for hook in self.api.app.on_shutdown:
            await cast("Any", hook)()

    async def stored(self) -> dict[str, Any]:
        """Returns the order as the API tells it."""
        return (await self.api.get(f"/v1/orders/{self.order_id}")).json()


@asynccontextmanager
async def open_customer(api: Api, **changes: Any) -> AsyncGenerator[Customer]:
    """Places an order and opens a browser for its customer."""
    placed = await api.place(order(**changes))
    async with browser_of(api) as client:
        yield Customer(api, client, placed)


def browser_of(api: Api) -> httpx.AsyncClient:
    """Returns a browser that keeps cookies and asks for pages in French."""
    transport = httpx.ASGITransport(app=cast("Any", api.app), raise_app_exceptions=False)
    headers = {"Accept": "text/html", "Accept-Language": "fr"}
    return httpx.AsyncClient(transport=transport, base_url="http://shop", headers=headers)
