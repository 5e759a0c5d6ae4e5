"""What one command did to an order: the order before and after, folded from its events, and the events themselves."""

from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database
from aftercart.orders.evolve import AnyOrderEvent, evolve
from aftercart.orders.model import Order
from aftercart.views.order_events import ORDER_EVENTS


class CausedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event that a command led to; ``data`` is its JSON."""

    type: str
    data: bytes


class ChangeOfOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order before a command (``None``: it was placed by it) and after, and what happened in between."""

    before: Order | None
    after: Order
    events: tuple[CausedEvent, ...]


async def find_caused_events(database: Database, stream: UUID, cause: UUID) -> tuple[CausedEvent, ...]:
    """Returns the events of a stream that one command led to, in the order they happened."""
    rows = await database.rows(_FIND_CAUSED, {"stream": stream, "cause": cause})
    return tuple(CausedEvent(type=event_type, data=event_json.encode()) for event_type, event_json in rows)


async def load_change_of_order(database: Database, order_id: UUID, cause: UUID) -> ChangeOfOrder:
    """Returns what the command ``cause`` did to an order; raises ``LookupError`` when it did nothing to it."""
    rows = await database.rows(_LOAD_STREAM, {"stream": order_id, "cause": cause})
    before: Order | None = None
    after: Order | None = None
    caused: list[CausedEvent] = []
    for event_type, event_json, by_it in rows:
        if by_it and not caused:
            before = after
        if by_it:
            caused.append(CausedEvent(type=event_type, data=event_json.encode()))
        event: AnyOrderEvent = msgspec.json.decode(event_json, type=ORDER_EVENTS[event_type])
        after = evolve(after, event, order_id=order_id)
    if after is None or not caused:
        raise LookupError(f"command {cause} did nothing to order {order_id}")
    return ChangeOfOrder(before=before, after=after, events=tuple(caused))


_FIND_CAUSED: Final = """
    SELECT type, data::text FROM kit.event_log WHERE stream = %(stream)s AND cause = %(cause)s ORDER BY seq
"""

# A command's events stand together, so its last one ends what has to be folded.
_LOAD_STREAM: Final = """
    SELECT type, data::text, cause = %(cause)s
    FROM kit.event_log
    WHERE stream = %(stream)s
        AND seq <= (SELECT max(seq) FROM kit.event_log WHERE stream = %(stream)s AND cause = %(cause)s)
    ORDER BY seq
"""
