"""What the event log tells of the imported orders, as far as their promises and the floor are concerned."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final, NamedTuple

import msgspec

from aftercart.importing.orders import CHANNELS
from aftercart.kit.database import Database
from aftercart.shipping.model import Truck

CHANNEL_CODES: Final = tuple(channel.code for channel in CHANNELS.channels)


class Moment(NamedTuple):
    """An event of an order, and what it left: ``delivery_changed`` says that ``trucks`` and the date are new.

    ``on_hold`` and ``release_at`` are those from then on; ``locations`` are those it was released at.
    """

    type: str
    at: datetime
    delivery_changed: bool
    trucks: tuple[Truck, ...]
    promised_date: date | None
    on_hold: bool
    release_at: datetime | None
    locations: tuple[str, ...]


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """An order's moments in their order; ``number`` is that of its invoice."""

    number: str
    channel: str
    moments: tuple[Moment, ...]


async def find_lives(database: Database, references: Sequence[str]) -> list[Life]:
    """Returns the lives of these orders, by the numbers of their invoices."""
    rows = await database.rows(_FIND_MOMENTS, {"channels": list(CHANNEL_CODES), "references": list(references)})
    return [
        Life(number=number, channel=channel, moments=tuple(_moment(row[2:]) for row in group))
        for (number, channel), group in groupby(rows, key=lambda row: (row[0], row[1]))
    ]


def _moment(fields: Sequence[object]) -> Moment:
    kind, at, delivery_changed, trucks, promised_date, holds, release_at, locations = fields
    return msgspec.convert(
        (kind, at, delivery_changed, trucks or (), promised_date, holds, release_at, locations or ()), Moment
    )


# The JSON of an event leaves nothing out that is null, so both `null` and a missing field have to count as none.
_FIND_MOMENTS: Final = """
    SELECT o.reference, o.channel, e.type, e.at,
        coalesce(json_typeof(e.data -> 'delivery') = 'object', false),
        CASE json_typeof(e.data -> 'delivery' -> 'promise') WHEN 'object'
            THEN e.data -> 'delivery' -> 'promise' -> 'trucks' END,
        CASE json_typeof(e.data -> 'delivery' -> 'promise') WHEN 'object'
            THEN (e.data -> 'delivery' ->> 'promised_date')::date END,
        coalesce(json_array_length(e.data -> 'holds') > 0, false),
        (e.data ->> 'release_at')::timestamptz,
        e.data -> 'locations'
    FROM orders.orders AS o
    JOIN kit.event_log AS e ON e.stream = o.order_id
    WHERE o.channel = ANY(%(channels)s) AND o.reference = ANY(%(references)s)
    ORDER BY o.reference, o.channel, e.seq
"""
