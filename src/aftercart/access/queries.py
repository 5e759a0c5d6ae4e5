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
    """What a customer's link opens, and until when."""

    order_id: UUID
    expires_at: datetime


async def find_order_of_token(database: Database, token: str, now: datetime) -> OpenedOrder | None:
    """Returns the order that a customer's link with this token opens, ``None`` for no link or one that is over.

    It is looked up by the token's hash, so how long that takes tells nothing about the tokens there are.
    """
    rows = await database.rows(_FIND_ORDER, {"token_hash": hash_of_token(token), "now": now})
    return OpenedOrder(order_id=rows[0][0], expires_at=rows[0][1]) if rows else None


async def find_customer_link(database: Database, order_id: UUID, *, valid_until: datetime) -> UUID | None:
    """Returns the newest link of an order that works until ``valid_until`` at least."""
    rows = await database.rows(_FIND_LINK, {"order_id": order_id, "valid_until": valid_until})
    return rows[0][0] if rows else None


_FIND_ACTOR: Final = """
    SELECT key_id, role, order_id FROM access.api_keys WHERE secret_hash = %(secret_hash)s
"""

_FIND_ORDER: Final = """
    SELECT order_id, expires_at FROM access.customer_links WHERE token_hash = %(token_hash)s AND expires_at > %(now)s
"""

_FIND_LINK: Final = """
    SELECT link_id
    FROM access.customer_links
    WHERE order_id = %(order_id)s AND expires_at >= %(valid_until)s
    ORDER BY expires_at DESC, link_id DESC
    LIMIT 1
"""
