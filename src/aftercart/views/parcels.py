"""Parcels across orders: those in a house, those of a handover list, the one with a tracking number."""

from typing import Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import Parcel, ParcelStatus
from aftercart.kit.database import Database
from aftercart.kit.paging import Page, page_of

Cursor = tuple[UUID, int]
"""The order and the number of the last parcel of a page."""
_decode: Final = msgspec.json.Decoder(Parcel).decode


class ListedParcel(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel, with its order and the method it goes by."""

    order_id: UUID
    number: str
    method: str
    parcel: Parcel


class ParcelFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which parcels; ``None`` means any."""

    location: str | None = None
    status: ParcelStatus | None = None
    handover: str | None = None
    tracking_number: str | None = None


async def find_parcels(
    database: Database, wanted: ParcelFilter, *, cursor: Cursor | None, limit: int
) -> Page[ListedParcel]:
    """Returns a page of parcels, by order and number: the oldest orders first."""
    after = (None, None) if cursor is None else cursor
    rows = await database.rows(
        _FIND,
        {
            "location": wanted.location,
            "status": None if wanted.status is None else wanted.status.value,
            "handover": wanted.handover,
            "tracking_number": wanted.tracking_number,
            "after_id": after[0],
            "after_parcel": after[1],
            "limit": limit + 1,
        },
    )
    found = [
        ListedParcel(order_id=order_id, number=number, method=method, parcel=_decode(parcel))
        for order_id, number, method, parcel in rows
    ]
    return page_of(found, limit=limit, sort_key=lambda last: (last.order_id, last.parcel.parcel))


async def find_tracked_parcel(database: Database, tracking_number: str) -> tuple[UUID, int] | None:
    """Returns the order and the number of the parcel a carrier calls so, if there is one."""
    rows = await database.rows(_FIND_TRACKED, {"tracking_number": tracking_number})
    return (rows[0][0], rows[0][1]) if rows else None


_FIND: Final = """
    SELECT o.order_id, o.number, o.delivery ->> 'method', json_build_object(
        'parcel', p.parcel, 'location', p.location, 'status', p.status, 'contents', p.contents,
        'opened_at', p.opened_at, 'carton', p.carton, 'void_bps', p.void_bps, 'weight_grams', p.weight_grams,
        'labels', p.labels, 'tracked', p.tracked, 'handover', p.handover, 'closed_at', p.closed_at,
        'handed_over_at', p.handed_over_at, 'inserts', p.inserts)::text
    FROM fulfillment.parcels AS p
    JOIN orders.orders AS o ON o.order_id = p.order_id
    WHERE (%(location)s::text IS NULL OR p.location = %(location)s)
        AND (%(status)s::text IS NULL OR p.status = %(status)s)
        AND (%(handover)s::text IS NULL OR p.handover = %(handover)s)
        AND (%(tracking_number)s::text IS NULL OR p.tracking_number = %(tracking_number)s)
        AND (%(after_id)s::uuid IS NULL OR (p.order_id, p.parcel) > (%(after_id)s::uuid, %(after_parcel)s::integer))
    ORDER BY p.order_id, p.parcel
    LIMIT %(limit)s
"""

_FIND_TRACKED: Final = """
    SELECT p.order_id, p.parcel FROM fulfillment.parcels AS p WHERE p.tracking_number = %(tracking_number)s
"""
