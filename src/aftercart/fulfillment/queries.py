"""What the worker and other readers ask of parcels: what carriers are to be asked, and what they made."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import DEFAULT_PACKING, Packing
from aftercart.fulfillment.store_sql import LOAD_PACKING
from aftercart.kit.database import Database
from aftercart.kit.state import Statement


class LabelDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A label as a carrier made it: for a printer of labels (``zpl``) or of pages (``pdf``)."""

    zpl: str
    pdf: bytes


async def find_parcels_waiting_for_carrier(database: Database, *, limit: int) -> list[tuple[UUID, int]]:
    """Returns the order and number of parcels with a label to be asked for or given back, the longest closed first."""
    return [(row[0], row[1]) for row in await database.rows(_FIND_WAITING, {"limit": limit})]


async def find_parcels_just_left(database: Database, *, since: datetime, limit: int) -> list[tuple[UUID, int, str]]:
    """Returns order, number and tracking number of parcels that left ``since`` and that no carrier told of yet."""
    rows = await database.rows(_FIND_JUST_LEFT, {"since": since, "limit": limit})
    return [(row[0], row[1], row[2]) for row in rows]


async def find_tracked_parcels(database: Database, tracking_numbers: list[str]) -> dict[str, tuple[UUID, int]]:
    """Returns the order and number of the parcels with these tracking numbers, of those there are."""
    rows = await database.rows(_FIND_TRACKED, {"tracking_numbers": tracking_numbers})
    return {row[0]: (row[1], row[2]) for row in rows}


async def find_label_document(database: Database, order_id: UUID, parcel: int, request: int) -> LabelDocument | None:
    """Returns what the carrier made for a request, if it did."""
    rows = await database.rows(_FIND_DOCUMENT, {"order_id": order_id, "parcel": parcel, "request": request})
    return LabelDocument(zpl=rows[0][0], pdf=bytes(rows[0][1])) if rows else None


async def load_packing(database: Database) -> Packing:
    """Returns the latest version of the packing, the built-in one when nobody has set any."""
    rows = await database.rows(LOAD_PACKING)
    return msgspec.json.decode(rows[0][0], type=Packing) if rows else DEFAULT_PACKING


def keep_label_statement(
    order_id: UUID, parcel: int, request: int, *, zpl: str, pdf: bytes, price_minor: int | None
) -> Statement:
    """Returns the statement that keeps what a carrier made; the same once more changes nothing."""
    return Statement(
        _KEEP_DOCUMENT,
        {
            "order_id": order_id,
            "parcel": parcel,
            "request": request,
            "zpl": zpl,
            "pdf": pdf,
            "price_minor": price_minor,
        },
    )


async def load_carrier_cursor(database: Database, carrier: str) -> str:
    """Returns how far what a carrier tells was read, ``""`` before anything was."""
    rows = await database.rows(_LOAD_CURSOR, {"carrier": carrier})
    return rows[0][0] if rows else ""


def save_carrier_cursor_statement(carrier: str, after: str) -> Statement:
    """Returns the statement that remembers how far a carrier was read."""
    return Statement(_SAVE_CURSOR, {"carrier": carrier, "after": after})


_FIND_WAITING: Final = """
    SELECT p.order_id, p.parcel
    FROM fulfillment.parcels AS p
    WHERE p.waits_for_carrier
    ORDER BY p.closed_at, p.order_id, p.parcel
    LIMIT %(limit)s
"""

_FIND_JUST_LEFT: Final = """
    SELECT p.order_id, p.parcel, p.tracking_number
    FROM fulfillment.parcels AS p
    WHERE p.status = 'handed_over' AND p.handed_over_at > %(since)s AND p.tracking_number IS NOT NULL
    ORDER BY p.handed_over_at, p.order_id, p.parcel
    LIMIT %(limit)s
"""

_FIND_TRACKED: Final = """
    SELECT p.tracking_number, p.order_id, p.parcel
    FROM fulfillment.parcels AS p
    WHERE p.tracking_number = ANY(%(tracking_numbers)s)
"""

_FIND_DOCUMENT: Final = """
    SELECT d.zpl, d.pdf
    FROM fulfillment.label_documents AS d
    WHERE d.order_id = %(order_id)s AND d.parcel = %(parcel)s AND d.request = %(request)s
"""

_KEEP_DOCUMENT: Final = """
    INSERT INTO fulfillment.label_documents (order_id, parcel, request, zpl, pdf, price_minor)
    VALUES (%(order_id)s, %(parcel)s, %(request)s, %(zpl)s, %(pdf)s, %(price_minor)s)
    ON CONFLICT DO NOTHING
"""

_LOAD_CURSOR: Final = """
    SELECT c.after FROM fulfillment.carrier_cursors AS c WHERE c.carrier = %(carrier)s
"""

_SAVE_CURSOR: Final = """
    INSERT INTO fulfillment.carrier_cursors (carrier, after)
    VALUES (%(carrier)s, %(after)s)
    ON CONFLICT (carrier) DO UPDATE SET after = EXCLUDED.after
"""
