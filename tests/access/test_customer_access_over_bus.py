"""Links and codes as the bus keeps them: what lets somebody in is nowhere to be read, and guessing leads nowhere."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import cast
from uuid import UUID

import psycopg
import pytest
from tests.scenario import NOW, ORDER_ID, cart
from tests.small_shop import ADMIN, open_for_business, order_of, receipt

from aftercart.access.decisions.create_customer_link import LINK_LIFETIME
from aftercart.access.decisions.redeem_customer_code import CODE_TRIES_MAX, CustomerCodeRefused
from aftercart.access.decisions.request_customer_code import CODE_LIFETIME, CODES_MAX, TooManyCustomerCodes
from aftercart.access.model import CodePurpose
from aftercart.access.queries import find_order_of_token
from aftercart.access.rules.derived_secrets import customer_code
from aftercart.customer_access import (
    LINK_PATH,
    LINK_RENEWED_BEFORE,
    create_link,
    ensure_link,
    follow_link,
    redeem_code,
    request_code,
)
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Actor
from aftercart.kit.ids import SeededIds
from aftercart.orders.decisions.change_contact import ChangeContact
from aftercart.orders.handlers import OrderNotFound
from aftercart.permissions import Forbidden
from aftercart.shop import Shop, Surroundings, open_shop
from aftercart.views.order import OrderReader

pytestmark = pytest.mark.anyio

SECRET = b"what only the server knows, and nobody else"
SIGN_IN = CodePurpose.SIGN_IN
EMAIL = "ada@example.org"


@pytest.fixture
async def shop(database_url: str) -> AsyncGenerator[Shop]:
    surroundings = Surroundings(secret=SECRET, public_url="https://shop.example/")
    async with open_shop(database_url, clock=SimulatedClock(NOW), ids=SeededIds(5), surroundings=surroundings) as shop:
        await open_for_business(shop, ["A"])
        await shop.submit(receipt("W1", {"A": 50}), ADMIN)
        yield shop


@pytest.fixture
async def order_id(shop: Shop) -> UUID:
    return order_of(await shop.submit(cart(), ADMIN)).order_id


def later(shop: Shop, wait: timedelta) -> None:
    clock = cast("SimulatedClock", shop.clock)
    clock.advance_to(clock.now() + wait)


def customer(order_id: UUID) -> Actor:
    return Actor(name="link", role="customer", order_id=order_id)


def token_of(url: str) -> str:
    return url.removeprefix(f"https://shop.example{LINK_PATH}")


async def redeem(shop: Shop, order_id: UUID, code_id: UUID, code: str, purpose: CodePurpose = SIGN_IN) -> bool:
    try:
        await redeem_code(shop, order_id, customer(order_id), code_id=code_id, code=code, purpose=purpose)
    except CustomerCodeRefused:
        return False
    return True


async def test_a_link_opens_its_order_until_it_is_over(shop: Shop, order_id: UUID) -> None:
    link = await create_link(shop, order_id, ADMIN, email=EMAIL)
    token = token_of(link.url)
    assert link.expires_at == NOW + LINK_LIFETIME
    opened = await find_order_of_token(shop.database, token, NOW)
    assert opened is not None
    assert (opened.order_id, opened.expires_at) == (order_id, link.expires_at)
    last_moment = link.expires_at - timedelta(microseconds=1)
    assert await find_order_of_token(shop.database, token, last_moment) == opened
    assert await find_order_of_token(shop.database, token, link.expires_at) is None


async def test_any_other_token_opens_nothing(shop: Shop, order_id: UUID) -> None:
    token = token_of((await create_link(shop, order_id, ADMIN, email=EMAIL)).url)
    for other in (token[:-1], f"{token}A", token.lower(), token.swapcase(), token[::-1], ""):
        assert await find_order_of_token(shop.database, other, NOW) is None


async def test_a_link_is_repeated_while_it_is_young_and_made_anew_before_it_is_old(shop: Shop, order_id: UUID) -> None:
    ids = [shop.ids.new_id(NOW) for _ in range(3)]
    first = await ensure_link(shop, order_id, ADMIN, email=EMAIL, command_id=ids[0])
    assert await ensure_link(shop, order_id, ADMIN, email=EMAIL, command_id=ids[0]) == first
    later(shop, LINK_RENEWED_BEFORE)
    assert await ensure_link(shop, order_id, ADMIN, email=EMAIL, command_id=ids[1]) == first
    later(shop, timedelta(seconds=1))
    assert await ensure_link(shop, order_id, ADMIN, email=EMAIL, command_id=ids[2]) != first


async def test_two_mails_at_once_may_make_two_links_and_each_works(shop: Shop, order_id: UUID) -> None:
    ids = [shop.ids.new_id(NOW) for _ in range(5)]
    links = await asyncio.gather(*(ensure_link(shop, order_id, ADMIN, email=EMAIL, command_id=one) for one in ids))
    for link in links:
        opened = await find_order_of_token(shop.database, token_of(link), NOW)
        assert opened is not None
        assert opened.order_id == order_id


async def test_a_link_is_for_one_address(shop: Shop, order_id: UUID) -> None:
    orders = OrderReader(shop.database)
    ids = [shop.ids.new_id(NOW) for _ in range(4)]
    before = await ensure_link(shop, order_id, ADMIN, email=EMAIL, command_id=ids[0])
    found = await follow_link(shop, orders, token_of(before))
    assert found is not None
    assert (found[0].order_id, found[1]) == (order_id, NOW + LINK_LIFETIME)
    await shop.submit(ChangeContact(order_id=order_id, email="ada@example.net"), ADMIN)
    assert await follow_link(shop, orders, token_of(before)) is None
    # A mail to the address before may be on its way still.
    late = await ensure_link(shop, order_id, ADMIN, email=EMAIL, command_id=ids[1])
    assert await follow_link(shop, orders, token_of(late)) is None
    after = await ensure_link(shop, order_id, ADMIN, email="ada@example.net", command_id=ids[2])
    assert await follow_link(shop, orders, token_of(after)) is not None
    await shop.submit(ChangeContact(order_id=order_id, name="Ada Lovelace"), ADMIN)
    assert await ensure_link(shop, order_id, ADMIN, email="ada@example.net", command_id=ids[3]) == after
    assert await follow_link(shop, orders, token_of(after)) is not None
    assert await follow_link(shop, orders, "no token") is await follow_link(shop, orders, "é") is None


async def test_the_right_code_works_once(shop: Shop, order_id: UUID) -> None:
    requested = await request_code(shop, order_id, SIGN_IN, ADMIN)
    code = customer_code(SECRET, requested.code_id)
    assert await redeem(shop, order_id, requested.code_id, f"{code[:4]} {code[4:]}")
    assert not await redeem(shop, order_id, requested.code_id, code)


async def test_a_code_is_for_its_order_and_its_purpose(shop: Shop, order_id: UUID) -> None:
    other = order_of(await shop.submit(cart(), ADMIN)).order_id
    requested = await request_code(shop, order_id, SIGN_IN, ADMIN)
    code = customer_code(SECRET, requested.code_id)
    assert not await redeem(shop, other, requested.code_id, code)
    assert not await redeem(shop, order_id, requested.code_id, code, CodePurpose.CONFIRM_CHANGE)
    assert not await redeem(shop, order_id, shop.ids.new_id(NOW), code)
    assert await redeem(shop, order_id, requested.code_id, code)


async def test_a_code_is_over_after_a_quarter_of_an_hour(shop: Shop, order_id: UUID) -> None:
    requested = await request_code(shop, order_id, SIGN_IN, ADMIN)
    later(shop, CODE_LIFETIME)
    assert not await redeem(shop, order_id, requested.code_id, customer_code(SECRET, requested.code_id))


async def test_after_five_wrong_tries_the_right_code_is_of_no_use(shop: Shop, order_id: UUID) -> None:
    requested = await request_code(shop, order_id, SIGN_IN, ADMIN)
    code = customer_code(SECRET, requested.code_id)
    for _ in range(CODE_TRIES_MAX):
        assert not await redeem(shop, order_id, requested.code_id, "00000000")
    assert not await redeem(shop, order_id, requested.code_id, code)
    tries = await shop.database.rows("SELECT type FROM kit.event_log WHERE stream = %(id)s", {"id": requested.code_id})
    assert len(tries) == 1 + CODE_TRIES_MAX, "what cannot be tried any more is not even logged"


async def test_of_fifty_guesses_at_once_five_count(shop: Shop, order_id: UUID) -> None:
    requested = await request_code(shop, order_id, SIGN_IN, ADMIN)
    guesses = (redeem(shop, order_id, requested.code_id, f"{guess:08}") for guess in range(50))
    await asyncio.gather(*guesses)
    assert await shop.database.rows("SELECT attempts FROM access.customer_codes") == [(CODE_TRIES_MAX,)]


async def test_of_fifty_who_have_the_right_code_one_gets_in(shop: Shop, order_id: UUID, database_url: str) -> None:
    requested = await request_code(shop, order_id, SIGN_IN, ADMIN)
    code = customer_code(SECRET, requested.code_id)
    async with open_shop(database_url, clock=shop.clock, surroundings=shop.surroundings) as second:
        asked = (redeem((shop, second)[number % 2], order_id, requested.code_id, code) for number in range(50))
        assert sum(await asyncio.gather(*asked)) == 1


async def test_of_fifty_requests_at_once_five_are_granted(shop: Shop, order_id: UUID) -> None:
    asked = (request_code(shop, order_id, SIGN_IN, ADMIN) for _ in range(50))
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, TooManyCustomerCodes) for one in outcomes) == 50 - CODES_MAX
    other = order_of(await shop.submit(cart(), ADMIN)).order_id
    await request_code(shop, other, SIGN_IN, ADMIN)
    later(shop, timedelta(hours=1))
    await request_code(shop, order_id, SIGN_IN, ADMIN)


async def test_a_customer_reaches_codes_of_their_own_order_only_and_makes_no_links(shop: Shop, order_id: UUID) -> None:
    stranger = customer(ORDER_ID)
    with pytest.raises(OrderNotFound):
        await request_code(shop, order_id, SIGN_IN, stranger)
    with pytest.raises(OrderNotFound):
        await redeem_code(shop, order_id, stranger, code_id=ORDER_ID, code="1", purpose=SIGN_IN)
    for order in (order_id, ORDER_ID):
        with pytest.raises(Forbidden):
            await create_link(shop, order, customer(order_id), email=EMAIL)
    for role in ("picker", "packer", "store", "partner"):
        with pytest.raises(Forbidden):
            await request_code(shop, order_id, SIGN_IN, Actor(name=role, role=role))


async def test_nothing_that_lets_somebody_in_stands_in_the_database(
    shop: Shop, order_id: UUID, database_url: str
) -> None:
    link = await create_link(shop, order_id, ADMIN, email=EMAIL)
    requested = await request_code(shop, order_id, SIGN_IN, ADMIN)
    code = customer_code(SECRET, requested.code_id)
    assert not await redeem(shop, order_id, requested.code_id, "00000000")
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(TABLES).fetchall()
        assert len(tables) > 15
        stored = "".join(str(row) for (table,) in tables for row in connection.execute(table.encode()))
    assert str(requested.code_id) in stored
    for secret in (token_of(link.url), code, SECRET.decode()):
        assert secret not in stored


TABLES = """
    SELECT format('SELECT t::text FROM %I.%I AS t', schemaname, tablename)
    FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""
