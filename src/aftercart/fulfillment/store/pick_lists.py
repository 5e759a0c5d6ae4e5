"""Pick lists, whose work is on which, and what was reached and taken, in PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import AssignmentKey, Pick, PickList, PickListKey, Stop
from aftercart.kit.state import Change, Kind, Statement

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(PickList).decode


class _ListRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    pick_list: UUID
    location: str
    wave: str | None
    status: str
    picker: str | None
    stops: tuple[Stop, ...]
    meters: float
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    version: int


class _AssignmentRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    pick_list: UUID
    order_id: UUID
    location: str
    tote: int


class _PickRow(Pick, frozen=True, kw_only=True, gc=False):
    pick_list: UUID


def _lists(keys: Sequence[PickListKey]) -> dict[str, object]:
    return {"pick_lists": [key.pick_list for key in keys]}


def _rows(rows: Iterable[msgspec.Struct]) -> dict[str, object]:
    return {"rows": _encode(tuple(rows)).decode()}


def _read(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[PickListKey, PickList]]:
    for (row,) in rows:
        pick_list = _decode(row)
        yield PickListKey(pick_list.pick_list), pick_list


def _save(changes: Sequence[Change]) -> Iterable[Statement]:
    created = [change.after for change in changes if change.before is None]
    changed = [(change.before, change.after) for change in changes if change.before is not None]
    if created:
        yield Statement(_INSERT_LISTS, _rows(_list_row(one) for one in created))
        yield Statement(_INSERT_ASSIGNMENTS, _rows(row for one in created for row in _assignment_rows(one)))
    moved_on = [after for before, after in changed if before.version != after.version]
    if moved_on:
        yield Statement(_UPDATE_LISTS, _rows(_list_row(one) for one in moved_on))
    ended = [after.pick_list for before, after in changed if before.ended_at is None and after.ended_at is not None]
    if ended:
        yield Statement(_END_ASSIGNMENTS, {"pick_lists": ended})
    picks = [_pick_row(after, pick) for before, after in changed for pick in after.picks if pick not in before.picks]
    if picks:
        yield Statement(_SAVE_PICKS, _rows(picks))


def _list_row(pick_list: PickList) -> _ListRow:
    return _ListRow(
        pick_list=pick_list.pick_list,
        location=pick_list.location,
        wave=pick_list.wave,
        status=pick_list.status.value,
        picker=pick_list.picker,
        stops=pick_list.stops,
        meters=pick_list.meters,
        created_at=pick_list.created_at,
        started_at=pick_list.started_at,
        ended_at=pick_list.ended_at,
        version=pick_list.version,
    )


def _assignment_rows(pick_list: PickList) -> Iterator[_AssignmentRow]:
    for tote in pick_list.totes:
        yield _AssignmentRow(
            pick_list=pick_list.pick_list, order_id=tote.order_id, location=pick_list.location, tote=tote.tote
        )


def _pick_row(pick_list: PickList, pick: Pick) -> _PickRow:
    return _PickRow(
        pick_list=pick_list.pick_list,
        order_id=pick.order_id,
        sku=pick.sku,
        bin=pick.bin,
        reached=pick.reached,
        taken=pick.taken,
        short=pick.short,
        written_off=pick.written_off,
        returned=pick.returned,
        short_reason=pick.short_reason,
    )


def _assignments(keys: Sequence[AssignmentKey]) -> dict[str, object]:
    return {"keys": _encode(keys).decode()}


def _read_assignments(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[AssignmentKey, UUID]]:
    for order_id, location, pick_list in rows:
        yield AssignmentKey(order_id, location), pick_list


_LOCK_LISTS: Final = """
    SELECT l.pick_list
    FROM fulfillment.pick_lists AS l
    WHERE l.pick_list = ANY(%(pick_lists)s)
    ORDER BY l.pick_list
    FOR NO KEY UPDATE
"""

_LOAD_LISTS: Final = """
    SELECT json_build_object(
        'pick_list', l.pick_list, 'location', l.location, 'wave', l.wave, 'status', l.status, 'picker', l.picker,
        'stops', l.stops, 'meters', l.meters, 'created_at', l.created_at, 'started_at', l.started_at,
        'ended_at', l.ended_at, 'version', l.version,
        'totes', (
            SELECT json_agg(json_build_object('tote', a.tote, 'order_id', a.order_id) ORDER BY a.tote)
            FROM fulfillment.assignments AS a
            WHERE a.pick_list = l.pick_list),
        'picks', (
            SELECT coalesce(json_agg(json_build_object(
                'order_id', p.order_id, 'sku', p.sku, 'bin', p.bin, 'reached', p.reached, 'taken', p.taken,
                'short', p.short, 'written_off', p.written_off, 'returned', p.returned,
                'short_reason', p.short_reason)
                ORDER BY p.order_id, p.sku COLLATE "C", p.bin COLLATE "C"), '[]')
            FROM fulfillment.picks AS p
            WHERE p.pick_list = l.pick_list))::text
    FROM fulfillment.pick_lists AS l
    WHERE l.pick_list = ANY(%(pick_lists)s)
"""

_INSERT_LISTS: Final = """
    INSERT INTO fulfillment.pick_lists (
        pick_list, location, wave, status, picker, stops, meters, created_at, started_at, ended_at, version)
    SELECT pick_list, location, wave, status, picker, stops, meters, created_at, started_at, ended_at, version
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
        pick_list uuid, location text, wave text, status text, picker text, stops jsonb, meters double precision,
        created_at timestamptz, started_at timestamptz, ended_at timestamptz, version integer)
"""

_UPDATE_LISTS: Final = """
    UPDATE fulfillment.pick_lists AS l
    SET status = r.status, picker = r.picker, started_at = r.started_at, ended_at = r.ended_at, version = r.version
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
        pick_list uuid, status text, picker text, started_at timestamptz, ended_at timestamptz, version integer)
    WHERE l.pick_list = r.pick_list
"""

_INSERT_ASSIGNMENTS: Final = """
    INSERT INTO fulfillment.assignments (pick_list, order_id, location, tote)
    SELECT pick_list, order_id, location, tote
    FROM json_to_recordset(%(rows)s) AS r (pick_list uuid, order_id uuid, location text, tote integer)
"""

_END_ASSIGNMENTS: Final = """
    UPDATE fulfillment.assignments SET ended = true WHERE pick_list = ANY(%(pick_lists)s)
"""

_SAVE_PICKS: Final = """
    INSERT INTO fulfillment.picks (
        pick_list, order_id, sku, bin, reached, taken, short, written_off, returned, short_reason)
    SELECT pick_list, order_id, sku, bin, reached, taken, short, written_off, returned, short_reason
    FROM json_to_recordset(%(rows)s) AS r (
        pick_list uuid, order_id uuid, sku text, bin text, reached integer, taken integer, short integer,
        written_off integer, returned integer, short_reason text)
    ORDER BY pick_list, order_id, sku, bin
    ON CONFLICT (pick_list, order_id, sku, bin) DO UPDATE SET
        reached = excluded.reached, taken = excluded.taken, short = excluded.short,
        written_off = excluded.written_off, returned = excluded.returned, short_reason = excluded.short_reason
"""

# Work that is on no list has no row to lock.
_LOCK_ASSIGNMENTS: Final = """
    SELECT pg_advisory_xact_lock(k.name)
    FROM (
        SELECT DISTINCT hashtextextended(r.order_id || chr(31) || r.location, 2) AS name
        FROM json_to_recordset(%(keys)s) AS r (order_id text, location text)
        ORDER BY name
    ) AS k
"""

_LOAD_ASSIGNMENTS: Final = """
    SELECT a.order_id, a.location, a.pick_list
    FROM fulfillment.assignments AS a
    JOIN json_to_recordset(%(keys)s) AS k (order_id uuid, location text)
        ON a.order_id = k.order_id AND a.location = k.location
    WHERE NOT a.ended
"""

PICK_LISTS: Final = Kind(
    key=PickListKey,
    rank=12,
    lock=lambda keys: Statement(_LOCK_LISTS, _lists(keys)),
    load=lambda keys: Statement(_LOAD_LISTS, _lists(keys)),
    read=_read,
    save=_save,
)
ASSIGNMENTS: Final = Kind(
    key=AssignmentKey,
    rank=13,
    lock=lambda keys: Statement(_LOCK_ASSIGNMENTS, _assignments(keys)),
    load=lambda keys: Statement(_LOAD_ASSIGNMENTS, _assignments(keys)),
    read=_read_assignments,
)
