"""What others may ask about endpoints."""

from typing import Final
from uuid import UUID

from aftercart.kit.database import Database


async def load_endpoint_url(database: Database, endpoint_id: UUID) -> str:
    """Returns where an endpoint is called; raises ``LookupError`` when there is none."""
    rows = await database.rows(_LOAD_URL, {"endpoint_id": endpoint_id})
    if not rows:
        raise LookupError(f"there is no endpoint {endpoint_id}")
    return rows[0][0]


_LOAD_URL: Final = """
    SELECT url FROM notifications.webhook_endpoints WHERE endpoint_id = %(endpoint_id)s
"""
