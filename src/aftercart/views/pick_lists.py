"""Pick lists across a location or a wave, and the waves themselves, the newest first."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import PickListStatus
from aftercart.kit.database import Database
from aftercart.kit.paging import Page, page_of

Cursor = tuple[datetime, UUID]
"""When the last list of a page was made, and its id."""
WaveCursor = tuple[datetime, str]
"""When the last wave of a page was built, and its name."""


class ListedPickList(msgspec.Struct, frozen=True, kw_only=True):
    """One pick list with the number of its orders."""

    pick_list: UUID
    location: str
    wave: str | None
    status: PickListStatus
    picker: str | None
    order_count: int
    meters: float
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class ListFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lists; ``None`` means any."""

    location: str | None = None
    wave: str | None = None
    status: PickListStatus | None = None


class ListedWave(msgspec.Struct, frozen=True, kw_only=True):
    """One wave: its lists by their status, its orders, and the meters of all its walks."""

    wave: str
    location: str
    built_at: datetime
    lists: dict[PickListStatus, int]
    order_count: int
    meters: float


async def find_pick_lists(
    database: Database, wanted: ListFilter, *, cursor: Cursor | None, limit: int
) -> Page[ListedPickList]:
    """Returns a page of pick lists, the newest first."""
    after = (None, None) if cursor is None else cursor
    rows = await database.rows(
        _FIND_LISTS,
        {
            "location": wanted.location,
            "wave": wanted.wave,
            "status": None if wanted.status is None else wanted.status.value,
            "before_at": after[0],
            "before_id": after[1],
            "limit": limit + 1,
        },
    )
    found = [
        ListedPickList(
            pick_list=pick_list,
            location=location,
            wave=wave,
            status=PickListStatus(status),
            picker=picker,
            order_count=order_count,
            meters=meters,
            created_at=created_at,
            started_at=started_at,
            ended_at=ended_at,
        )
        for pick_list, location, wave, status, picker, order_count, meters, created_at, started_at, ended_at in rows
    ]
    return page_of(found, limit=limit, sort_key=lambda last: (last.created_at, last.pick_list))


async def find_waves(
    database: Database, *, location: str | None, cursor: WaveCursor | None, limit: int
) -> Page[ListedWave]:
    """Returns a page of waves, the newest first."""
    after = (None, None) if cursor is None else cursor
    rows = await database.rows(
        _FIND_WAVES, {"location": location, "before_at": after[0], "before_wave": after[1], "limit": limit + 1}
    )
    found = [_wave(row) for row in rows]
    return page_of(found, limit=limit, sort_key=lambda last: (last.built_at, last.wave))


async def find_wave(database: Database, wave: str) -> ListedWave | None:
    """Returns one wave, ``None`` when there is none of this name."""
    rows = await database.rows(_FIND_WAVE, {"wave": wave})
    return _wave(rows[0]) if rows else None


def _wave(row: tuple[str, str, datetime, dict[str, int], int, float]) -> ListedWave:
    wave, location, built_at, lists, order_count, meters = row
    return ListedWave(
        wave=wave,
        location=location,
        built_at=built_at,
        lists={PickListStatus(status): number for status, number in lists.items()},
        order_count=order_count,
        meters=round(meters, 1),
    )


_FIND_LISTS: Final = """
    SELECT
        l.pick_list, l.location, l.wave, l.status, l.picker,
        (SELECT count(*) FROM fulfillment.assignments AS a WHERE a.pick_list = l.pick_list)::integer,
        l.meters, l.created_at, l.started_at, l.ended_at
    FROM fulfillment.pick_lists AS l
    WHERE (%(location)s::text IS NULL OR l.location = %(location)s)
        AND (%(wave)s::text IS NULL OR l.wave = %(wave)s)
        AND (%(status)s::text IS NULL OR l.status = %(status)s)
        AND (%(before_id)s::uuid IS NULL
            OR (l.created_at, l.pick_list) < (%(before_at)s::timestamptz, %(before_id)s::uuid))
    ORDER BY l.created_at DESC, l.pick_list DESC
    LIMIT %(limit)s
"""

_FIND_WAVES: Final = """
    SELECT w.wave, w.location, w.built_at, w.lists, w.orders, w.meters
    FROM (
        SELECT s.wave, s.location, min(s.built_at) AS built_at, jsonb_object_agg(s.status, s.lists) AS lists,
            sum(s.orders)::integer AS orders, sum(s.meters) AS meters
        FROM (
            SELECT l.wave, l.location, l.status, min(l.created_at) AS built_at, count(*) AS lists,
                sum(l.meters) AS meters, sum((
                    SELECT count(*) FROM fulfillment.assignments AS a WHERE a.pick_list = l.pick_list)) AS orders
            FROM fulfillment.pick_lists AS l
            WHERE l.wave IS NOT NULL AND (%(location)s::text IS NULL OR l.location = %(location)s)
            GROUP BY l.wave, l.location, l.status) AS s
        GROUP BY s.wave, s.location) AS w
    WHERE %(before_wave)s::text IS NULL OR (w.built_at, w.wave) < (%(before_at)s::timestamptz, %(before_wave)s::text)
    ORDER BY w.built_at DESC, w.wave DESC
    LIMIT %(limit)s
"""

_FIND_WAVE: Final = """
    SELECT s.wave, s.location, min(s.built_at), jsonb_object_agg(s.status, s.lists), sum(s.orders)::integer,
        sum(s.meters)
    FROM (
        SELECT l.wave, l.location, l.status, min(l.created_at) AS built_at, count(*) AS lists,
            sum(l.meters) AS meters, sum((
                SELECT count(*) FROM fulfillment.assignments AS a WHERE a.pick_list = l.pick_list)) AS orders
        FROM fulfillment.pick_lists AS l
        WHERE l.wave = %(wave)s
        GROUP BY l.wave, l.location, l.status) AS s
    GROUP BY s.wave, s.location
"""
