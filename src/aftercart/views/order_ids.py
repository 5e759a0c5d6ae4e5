"""Which order is meant: by its id, or by its number as people type it."""

from typing import Final
from uuid import UUID

from aftercart.kit.database import Database
from aftercart.kit.ids import parse_order_number

_UUID_CHARACTERS: Final = 36


async def find_order_id(database: Database, id_or_number: str) -> UUID | None:
    """Returns the order's id, ``None`` when nothing of that kind exists; an id is not looked up, a number is."""
    if len(id_or_number) == _UUID_CHARACTERS:
        try:
            return UUID(id_or_number)
        except ValueError:
            return None
    number = parse_order_number(id_or_number)
    if number is None:
        return None
    rows = await database.rows(_FIND_BY_NUMBER, {"number": number})
    return rows[0][0] if rows else None


async def load_order_id_of_reference(database: Database, channel: str, reference: str) -> UUID:
    """Returns the id of the order a channel placed under its reference; raises ``LookupError`` when there is none."""
    rows = await database.rows(_LOAD_BY_REFERENCE, {"channel": channel, "reference": reference})
    if not rows:
        raise LookupError(f"channel {channel} has no order {reference}")
    return rows[0][0]


_FIND_BY_NUMBER: Final = """
    SELECT order_id FROM orders.orders WHERE number = %(number)s
"""

_LOAD_BY_REFERENCE: Final = """
    SELECT order_id FROM orders.orders
    WHERE channel = %(channel)s AND reference = %(reference)s AND reference IS NOT NULL
"""
