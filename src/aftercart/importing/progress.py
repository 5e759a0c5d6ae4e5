"""What an earlier, interrupted import has done already: asked of the shop itself, so that no other memory is needed."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from aftercart.importing.deliveries import Delivery
from aftercart.importing.model import Invoice
from aftercart.importing.orders import CHANNELS, channel_of, order_of
from aftercart.kit.database import Database
from aftercart.kit.outcomes import command_id_of_key, fingerprint_of


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """``placed`` are the numbers of invoices whose orders exist; the first ``decided`` invoices were all answered.

    So one of those that was not placed was refused. ``unloaded`` are the ids of the deliveries in stock.
    """

    placed: frozenset[str]
    decided: int
    unloaded: frozenset[UUID]


def receipt_id(importer: str, delivery: Delivery) -> UUID:
    """Returns the command id of a delivery: the same goods never arrive twice, however often they are imported."""
    return command_id_of_key(importer, f"delivery {fingerprint_of(delivery.receipt)}")


async def find_progress(
    database: Database, invoices: Sequence[Invoice], deliveries: Iterable[UUID], *, in_flight_max: int
) -> Progress:
    """Finds out how far this file was imported, when at most ``in_flight_max`` orders were under way at a time."""
    channels = [channel.code for channel in CHANNELS.channels]
    rows = await database.rows(_FIND_PLACED, {"channels": channels})
    fingerprints = {(channel, reference): fingerprint for channel, reference, fingerprint in rows}
    placed: set[str] = set()
    decided = 0
    for index, invoice in enumerate(invoices if fingerprints else ()):
        fingerprint = fingerprints.get((channel_of(invoice), invoice.number))
        # The same number with other lines is another order: it is submitted, and the shop says no.
        if fingerprint is not None and fingerprint == fingerprint_of(order_of(invoice)):
            placed.add(invoice.number)
            decided = index - in_flight_max
    unloaded = await database.rows(_FIND_UNLOADED, {"streams": list(deliveries)})
    return Progress(
        placed=frozenset(placed), decided=max(decided, 0), unloaded=frozenset(stream for (stream,) in unloaded)
    )


_FIND_PLACED: Final = """
    SELECT channel, reference, fingerprint
    FROM orders.orders
    WHERE channel = ANY(%(channels)s) AND reference IS NOT NULL
"""

# Not the outcomes: those are forgotten after two days, the event log is not.
_FIND_UNLOADED: Final = """
    SELECT stream FROM kit.event_log WHERE stream = ANY(%(streams)s) AND seq = 1
"""
