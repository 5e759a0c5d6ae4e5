"""Who calls: the actor behind an API key."""

from typing import Final

from aftercart.access.model import hash_of_secret
from aftercart.kit.commands import Actor
from aftercart.kit.database import Database


async def find_actor(database: Database, secret: str) -> Actor | None:
    """Returns who calls with this secret, ``None`` for nobody."""
    rows = await database.rows(_FIND_ACTOR, {"secret_hash": hash_of_secret(secret)})
    if not rows:
        return None
    key_id, role, order_id = rows[0]
    return Actor(name=f"{role}:{key_id}", role=role, order_id=order_id)


_FIND_ACTOR: Final = """
    SELECT key_id, role, order_id FROM access.api_keys WHERE secret_hash = %(secret_hash)s
"""
