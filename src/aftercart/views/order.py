"""One order as it is now."""

from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database
from aftercart.orders.model import Order
from aftercart.orders.store_sql import LOAD_ORDERS

_decode: Final = msgspec.json.Decoder(Order).decode


async def find_order(database: Database, order_id: UUID) -> Order | None:
    """Returns the order with its lines and units, all of one moment; ``None`` when there is none."""
    rows = await database.rows(LOAD_ORDERS, {"order_ids": [order_id]})
    return _decode(rows[0][0]) if rows else None
