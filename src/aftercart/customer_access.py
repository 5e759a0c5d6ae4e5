"""How customers reach their order: links and codes are made here, mailed, and understood again.

Everything that lets somebody in is derived from the server's secret and an id; the bus and the tables see hashes only.
A link is also derived from the e-mail address it is for, so it ends when the order gets another one.
"""

import hmac
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.access.decisions.create_customer_link import LINK_LIFETIME, CreateCustomerLink
from aftercart.access.decisions.redeem_customer_code import CustomerCodeRefused, RedeemCustomerCode
from aftercart.access.decisions.request_customer_code import CODE_LIFETIME, RequestCustomerCode
from aftercart.access.handlers import CodeRedemption, CustomerLinkRef
from aftercart.access.model import CodePurpose
from aftercart.access.queries import find_customer_link, find_order_of_token
from aftercart.access.rules.derived_secrets import customer_code, hash_of_code, hash_of_token, link_token
from aftercart.kit.commands import Actor, Lane
from aftercart.orders.model import Order
from aftercart.shop import Shop
from aftercart.views.order import OrderReader

NOBODY: Final = UUID(int=0)
"""Stands for an order there is not, so that the same is done for it."""
LINK_PATH: Final = "/o/"
"""Short, so that a mail program does not break the line within the link."""
LINK_RENEWED_BEFORE: Final = LINK_LIFETIME / 2
"""A mail repeats the order's link while it lives at least so long; else it brings a new one."""


class MadeLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link to the page of an order; whoever has ``url`` can see the order until ``expires_at``."""

    link_id: UUID
    url: str
    expires_at: datetime


class RequestedCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code that is on its way by mail; ``code_id`` goes back with what is typed."""

    code_id: UUID
    expires_at: datetime


async def create_link(
    shop: Shop,
    order_id: UUID,
    actor: Actor,
    *,
    email: str,
    command_id: UUID | None = None,
    lane: Lane = Lane.INTERACTIVE,
) -> MadeLink:
    """Makes a link for ``actor`` to hand out; the caller makes sure that there is such an order.

    It works while ``email`` is the order's address. With ``command_id`` the same link comes back however often it is
    asked for.
    """
    now = shop.clock.now()
    link_id = command_id or shop.ids.new_id(now)
    token = link_token(shop.surroundings.secret, link_id, email)
    command = CreateCustomerLink(order_id=order_id, link_id=link_id, token_hash=hash_of_token(token))
    answer = await shop.submit(command, actor, command_id=command_id, lane=lane, now=now)
    made = msgspec.json.decode(answer.result, type=CustomerLinkRef)
    return MadeLink(link_id=made.link_id, url=link_url(shop, made.link_id, email), expires_at=now + LINK_LIFETIME)


async def ensure_link(shop: Shop, order_id: UUID, actor: Actor, *, email: str, command_id: UUID) -> str:
    """Returns the URL of a link that lives long enough to be mailed to ``email``, a new one where there is none.

    Nobody waits for it.
    """
    valid_until = shop.clock.now() + LINK_RENEWED_BEFORE
    known = await find_customer_link(shop.database, order_id, valid_until=valid_until)
    if known is not None:
        token = link_token(shop.surroundings.secret, known.link_id, email)
        if hash_of_token(token) == known.token_hash:
            return link_url(shop, known.link_id, email)
    made = await create_link(shop, order_id, actor, email=email, command_id=command_id, lane=Lane.BACKGROUND)
    return made.url


def link_url(shop: Shop, link_id: UUID, email: str) -> str:
    """Returns where a link leads."""
    surroundings = shop.surroundings
    return f"{surroundings.public_url.rstrip('/')}{LINK_PATH}{link_token(surroundings.secret, link_id, email)}"


async def follow_link(shop: Shop, orders: OrderReader, token: str) -> tuple[Order, datetime] | None:
    """Returns the order that a link with this token opens, and until when; ``None`` for one that opens nothing.

    A link that is over, or was for an address the order has no longer, is one nobody knows, and takes the same work.
    """
    opened = await find_order_of_token(shop.database, token if token.isascii() else "", shop.clock.now())
    order = await orders.find(NOBODY if opened is None else opened.order_id)
    if opened is None or order is None:
        return None
    expected = link_token(shop.surroundings.secret, opened.link_id, order.customer.email)
    return (order, opened.expires_at) if hmac.compare_digest(expected, token) else None


async def request_code(
    shop: Shop, order_id: UUID, purpose: CodePurpose, actor: Actor, *, code_id: UUID | None = None
) -> RequestedCode:
    """Makes a code and lets it be mailed to the order's customer; the caller makes sure that there is such an order.

    With ``code_id`` one code is made however often it is asked for. Raises ``TooManyCustomerCodes``. For an order that
    does not exist, answer with ``shop.ids.new_id`` as the code's id, and nobody can tell the difference.
    """
    now = shop.clock.now()
    command_id, code_id = code_id, code_id or shop.ids.new_id(now)
    secret = shop.surroundings.secret
    code_hash = hash_of_code(secret, code_id, customer_code(secret, code_id))
    command = RequestCustomerCode(order_id=order_id, code_id=code_id, code_hash=code_hash, purpose=purpose)
    await shop.submit(command, actor, command_id=command_id, now=now)
    return RequestedCode(code_id=code_id, expires_at=now + CODE_LIFETIME)


async def redeem_code(
    shop: Shop, order_id: UUID, actor: Actor, *, code_id: UUID, code: str, purpose: CodePurpose, key: str | None = None
) -> None:
    """Uses the code up; raises ``CustomerCodeRefused`` for anything but the right code in time, and says no more.

    Blanks and dashes that people type between digits do not count. With ``key`` the same try counts once.
    """
    typed = "".join(character for character in code if character not in _BETWEEN_DIGITS)
    command = RedeemCustomerCode(
        order_id=order_id,
        code_id=code_id,
        code_hash=hash_of_code(shop.surroundings.secret, code_id, typed),
        purpose=purpose,
    )
    # Another code typed with the same key is another try, so the key alone does not name it.
    answer = await shop.submit(command, actor, key=None if key is None else f"{key} {command.code_hash}")
    if not msgspec.json.decode(answer.result, type=CodeRedemption).redeemed:
        raise CustomerCodeRefused


_BETWEEN_DIGITS: Final = frozenset(" -\u00a0\u202f\u2009\u2010\u2011\u2012\u2013")
