"""Who calls: the actor behind an API key, the order behind a customer's link."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.access.model import hash_of_secret
from aftercart.access.rules.derived_secrets import hash_of_token
from aftercart.kit.commands import Actor
from aftercart.kit.database import Database


async def find_actor(database: Database, secret: str) -> Actor | None:
    """Returns who calls with this secret, ``None`` for nobody."""
    rows = await database.rows(_FIND_ACTOR, {"secret_hash": hash_of_secret(secret)})
    if not rows:
        return None
    key_id, role, order_id = rows[0]
    return Actor(name=f"{role}:{key_id}", role=role, order_id=order_id)


class OpenedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer's link opens, and until when; only while the order has the address that the link is for."""

    link_id: UUID
    order_id: UUID
    expires_at: datetime


async def find_order_of_token(database: Database, token: str, now: datetime) -> OpenedOrder | None:
    """Returns the order that a customer's link with this token is of, ``None`` for no link or one that is over.

    It is looked up by the token's hash, so how long that takes tells nothing about the tokens there are.
    """
    rows = await database.rows(_FIND_ORDER, {"token_hash": hash_of_token(token), "now": now})
    if not rows:
        return None
    link_id, order_id, expires_at = rows[0]
    return OpenedOrder(link_id=link_id, order_id=order_id, expires_at=expires_at)


class KnownLink(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's link as it is kept."""

    link_id: UUID
    token_hash: str


async def find_customer_link(database: Database, order_id: UUID, *, valid_until: datetime) -> KnownLink | None:
    """Returns the newest link of an order that lives until ``valid_until`` at least, whichever address it is for."""
    rows = await database.rows(_FIND_LINK, {"order_id": order_id, "valid_until": valid_until})
    return KnownLink(link_id=rows[0][0], token_hash=rows[0][1]) if rows else None


_FIND_ACTOR: Final = """
    SELECT key_id, role, order_id FROM access.api_keys WHERE secret_hash = %(secret_hash)s
"""

_FIND_ORDER: Final = """
    SELECT link_id, order_id, expires_at
    FROM access.customer_links
    WHERE token_hash = %(token_hash)s AND expires_at > %(now)s
"""

_FIND_LINK: Final = """
    SELECT link_id, token_hash
    FROM access.customer_links
    WHERE order_id = %(order_id)s AND expires_at >= %(valid_until)s
    ORDER BY expires_at DESC, link_id DESC
    LIMIT 1
"""
