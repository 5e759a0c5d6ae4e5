"""An order as it was at an earlier version, folded from its events: what a repeated call is answered with."""

from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database
from aftercart.orders.events import OrderEvent
from aftercart.orders.evolve import evolve
from aftercart.orders.model import Order
from aftercart.views.order_events import ORDER_EVENTS


async def load_order_at_version(database: Database, order_id: UUID, version: int) -> Order:
    """Returns the order after its first ``version`` events; raises ``LookupError`` when it has fewer."""
    rows = await database.rows(_LOAD_EVENTS, {"stream": order_id, "version": version})
    order: Order | None = None
    for event_type, event_json in rows:
        event: OrderEvent = msgspec.json.decode(event_json, type=ORDER_EVENTS[event_type])
        order = evolve(order, event, order_id=order_id)  # pyright: ignore[reportArgumentType]
    if order is None or order.version != version:
        raise LookupError(f"order {order_id} has no version {version}")
    return order


_LOAD_EVENTS: Final = """
    SELECT type, data::text
    FROM kit.event_log
    WHERE stream = %(stream)s AND seq <= %(version)s
    ORDER BY seq
"""
