"""Cookies and forms cannot be made by others, do not live too long, and let in to one order."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any, LiteralString, cast

import httpx
import msgspec
import pytest
from tests.portal.browsing import Customer, Page
from tests.web.builders import Api, client_of, order

from aftercart.access.decisions.create_customer_link import LINK_LIFETIME
from aftercart.kit.clock import SimulatedClock
from aftercart.web.api.application import create_app
from aftercart.web.portal.sessions import LINK_SESSION, Seals, Session, Stranger

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def cookie_of(answer: httpx.Response, name: str) -> Any:
    """Returns a cookie as it was set."""
    jar: SimpleCookie = SimpleCookie()
    for header in answer.headers.get_list("set-cookie"):
        jar.load(header)
    return jar[name]


def later(api: Api, wait: timedelta) -> None:
    clock = api.shop.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance_to(clock.now() + wait)


async def test_the_cookie_of_a_link_is_for_its_order_alone_and_out_of_reach_of_scripts(customer: Customer) -> None:
    cookie = cookie_of(await customer.client.get(await customer.link()), "o")
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (customer.path, "Lax", True)
    assert cookie["secure"] == ""  # the shop is tried out on http://localhost
    assert int(cookie["max-age"]) == LINK_SESSION.total_seconds()


async def test_a_session_never_outlives_its_link(customer: Customer) -> None:
    link = await customer.link()
    later(customer.api, LINK_LIFETIME - timedelta(hours=1))
    cookie = cookie_of(await customer.client.get(link), "o")
    assert int(cookie["max-age"]) == 3600
    assert (await customer.get(customer.path)).path == customer.path
    later(customer.api, timedelta(hours=1))
    assert (await customer.get(customer.path)).path == "/find"


@pytest.mark.parametrize("url", ["https://shop.example", "http://shop.example"])
async def test_a_shop_in_the_world_lets_its_cookies_travel_by_tls_alone(url: str, customer: Customer) -> None:
    api = customer.api
    shop = msgspec.structs.replace(
        api.shop, surroundings=msgspec.structs.replace(api.shop.surroundings, public_url=url)
    )
    async with client_of(create_app(shop)) as client:
        assert cookie_of(await client.get(await customer.link()), "o")["secure"] is True
        assert cookie_of(await client.get("/find"), "f")["secure"] is True
        assert cookie_of(await client.get("/find?language=fr"), "language")["secure"] is True


async def test_what_was_sealed_as_one_thing_opens_nothing_else(customer: Customer) -> None:
    seals = Seals(customer.api.shop.surroundings.secret)
    session = Session(
        session_id="a", order_id=customer.order_id, number=customer.number, until=customer.api.shop.clock.now()
    )
    sealed = seals.seal(session)
    assert seals.open(sealed, Session) == session
    assert seals.open(seals.seal(Stranger(session_id="a")), Session) is None
    assert seals.open(sealed[:-1], Session) is None
    assert seals.open("", Session) is None
    assert Seals(b"another secret of another shop..").open(sealed, Session) is None
    assert not seals.is_form_token("b", seals.form_token("a"))


async def posts_of(customer: Customer) -> list[tuple[str, dict[str, str]]]:
    """Returns every form of the pages with what it would send, right as it is."""
    page = await customer.enter()
    form = await customer.get(f"{customer.path}/change/cancel-order")
    preview = await customer.send(form)
    find = await customer.get("/find")
    found = await customer.send(find, number=customer.number, email="ada@example.com")
    await customer.settle()
    named = {"number": customer.number, "email": "ada@example.com"}
    forms = (page.forms[-1], form.forms[0], preview.forms[0], found.forms[0])
    return [(find.forms[0].action, {**find.forms[0].fields, **named}), *((one.action, one.fields) for one in forms)]


FOREIGN: list[tuple[dict[str, str], dict[str, str]]] = [
    ({}, {"token": ""}),
    ({}, {"token": "0" * 32}),
    ({"Sec-Fetch-Site": "cross-site"}, {}),
    ({"Sec-Fetch-Site": "same-site"}, {}),
    ({"Origin": "https://evil.example"}, {}),
]


@pytest.mark.parametrize(("headers", "fields"), FOREIGN)
async def test_a_form_from_elsewhere_is_refused(
    headers: dict[str, str], fields: dict[str, str], customer: Customer
) -> None:
    for action, own in await posts_of(customer):
        answer = await customer.client.post(action, data=own | fields, headers=headers)
        assert answer.status_code == 403, action
        assert answer.headers["content-security-policy"] == POLICY
    await customer.settle()
    assert (await customer.stored())["version"] == 1


async def test_a_form_of_ones_own_is_taken(customer: Customer) -> None:
    """The control of the test above: the same forms go through as browsers send them from our pages."""
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    posts = await posts_of(customer)
    for action, own in reversed(posts):
        answer = await customer.client.post(action, data=own, headers=headers)
        assert answer.status_code != 403, action


async def test_every_answer_keeps_scripts_and_strangers_out(customer: Customer) -> None:
    await customer.enter()
    paths = [
        customer.path,
        "/find",
        "/o/unknown",
        f"{customer.path}/change/nothing",
        f"{customer.path}/change/swap-variant",
        f"{customer.path}/change/cancel-order",
        "/orders/ABCDE-FGHJK",
    ]
    for path in (*paths, await customer.link(), "/nowhere"):
        answer = await customer.client.get(path)
        assert answer.headers["content-security-policy"] == POLICY, path
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "<script" not in answer.text
        assert 'style="' not in answer.text
        assert len(answer.content) < 100_000


async def test_reading_changes_nothing(customer: Customer) -> None:
    page = await customer.enter()
    before = await contents(customer)
    paths = {link for link in page.links.values() if link.startswith("/")}
    assert len(paths) > 10
    for path in sorted(paths | {"/find", "/o/unknown", f"{customer.path}?done=cancel_order&language=en"}):
        assert (await customer.get(path)).status in {200, 404, 409}, path
    await customer.settle()
    assert await contents(customer) == before


async def contents(customer: Customer) -> dict[str, str]:
    """Returns a digest of every table."""
    database = customer.api.shop.database
    digests: dict[str, str] = {}
    for (table,) in await database.rows(TABLES):
        query = f"SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {table} AS t"  # noqa: S608
        digests[table] = (await database.rows(cast("LiteralString", query)))[0][0]
    return digests


async def test_a_page_speaks_the_language_that_was_chosen(customer: Customer) -> None:
    page = await customer.enter()
    english = await customer.get(page.links["In English"])
    assert "Everything is reserved for you" in english.text
    assert "Everything is reserved for you" in (await customer.get(customer.path)).text
    assert "Tout est réservé pour vous" in (await customer.get(english.links["En français"])).text


async def test_an_english_order_has_an_english_page_whatever_the_browser_asks_for(api: Api) -> None:
    wish = order()
    wish["customer"]["locale"] = "en"
    placed = await api.place(wish)
    async with client_of(api.app) as client:
        shown = Customer(api, client, placed)
        assert "Everything is reserved for you" in (await shown.enter()).text


def test_pages_are_read_as_they_are() -> None:
    """The reader of the tests finds what a browser would send."""
    html = '<form action="/a"><input name="n" value="1"><input type="radio" name="r" value="x" checked></form>'
    page = Page(httpx.Response(200, text=html, request=httpx.Request("GET", "http://shop/")))
    assert page.forms[0].fields == {"n": "1", "r": "x"}


TABLES = """
    SELECT format('%I.%I', schemaname, tablename)
    FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""
