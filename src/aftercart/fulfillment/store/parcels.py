"""Parcels in PostgreSQL; they stand under the lock of their order."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import Content, Label, LabelState, Parcel, ParcelsKey, Tracked
from aftercart.kit.state import Change, Kind, Statement

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Parcel).decode
_WAITING: Final = frozenset({LabelState.REQUESTED, LabelState.VOID_REQUESTED})


class _ParcelRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    order_id: UUID
    parcel: int
    location: str
    status: str
    contents: tuple[Content, ...]
    opened_at: datetime
    carton: str | None
    void_bps: int | None
    weight_grams: int | None
    labels: tuple[Label, ...]
    tracked: tuple[Tracked, ...]
    handover: str | None
    closed_at: datetime | None
    handed_over_at: datetime | None
    inserts: tuple[str, ...]
    tracking_number: str | None
    waits_for_carrier: bool


def _load(keys: Sequence[ParcelsKey]) -> Statement:
    return Statement(_LOAD_PARCELS, {"order_ids": [key.order_id for key in keys]})


def _read(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[ParcelsKey, tuple[Parcel, ...]]]:
    for order_id, of_order in groupby(rows, key=lambda row: row[0]):
        yield ParcelsKey(order_id), tuple(_decode(row) for _, row in of_order)


def _save(changes: Sequence[Change]) -> Iterable[Statement]:
    rows = [
        _row(change.key.order_id, parcel)
        for change in changes
        for parcel in change.after
        if change.before is None or parcel not in change.before
    ]
    return (Statement(_SAVE_PARCELS, {"rows": _encode(rows).decode()}),) if rows else ()


def _row(order_id: UUID, parcel: Parcel) -> _ParcelRow:
    label = parcel.label
    printed = label is not None and label.state is LabelState.PRINTED
    return _ParcelRow(
        order_id=order_id,
        parcel=parcel.parcel,
        location=parcel.location,
        status=parcel.status.value,
        contents=parcel.contents,
        opened_at=parcel.opened_at,
        carton=parcel.carton,
        void_bps=parcel.void_bps,
        weight_grams=parcel.weight_grams,
        labels=parcel.labels,
        tracked=parcel.tracked,
        handover=parcel.handover,
        closed_at=parcel.closed_at,
        handed_over_at=parcel.handed_over_at,
        inserts=parcel.inserts,
        tracking_number=label.tracking_number if label is not None and printed else None,
        waits_for_carrier=any(one.state in _WAITING for one in parcel.labels),
    )


_LOAD_PARCELS: Final = """
    SELECT p.order_id, json_build_object(
        'parcel', p.parcel, 'location', p.location, 'status', p.status, 'contents', p.contents,
        'opened_at', p.opened_at, 'carton', p.carton, 'void_bps', p.void_bps, 'weight_grams', p.weight_grams,
        'labels', p.labels, 'tracked', p.tracked, 'handover', p.handover, 'closed_at', p.closed_at,
        'handed_over_at', p.handed_over_at, 'inserts', p.inserts)::text
    FROM fulfillment.parcels AS p
    WHERE p.order_id = ANY(%(order_ids)s)
    ORDER BY p.order_id, p.parcel
"""

_SAVE_PARCELS: Final = """
    INSERT INTO fulfillment.parcels AS p (
        order_id, parcel, location, status, contents, opened_at, carton, void_bps, weight_grams, labels, tracked,
        handover, closed_at, handed_over_at, inserts, tracking_number, waits_for_carrier)
    SELECT
        r.order_id, r.parcel, r.location, r.status, r.contents, r.opened_at, r.carton, r.void_bps, r.weight_grams,
        r.labels, r.tracked, r.handover, r.closed_at, r.handed_over_at, r.inserts, r.tracking_number,
        r.waits_for_carrier
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
        order_id uuid, parcel integer, location text, status text, contents jsonb, opened_at timestamptz, carton text,
        void_bps integer, weight_grams integer, labels jsonb, tracked jsonb, handover text, closed_at timestamptz,
        handed_over_at timestamptz, inserts jsonb, tracking_number text, waits_for_carrier boolean)
    ORDER BY r.order_id, r.parcel
    ON CONFLICT (order_id, parcel) DO UPDATE SET
        status = EXCLUDED.status, contents = EXCLUDED.contents, carton = EXCLUDED.carton,
        void_bps = EXCLUDED.void_bps, weight_grams = EXCLUDED.weight_grams, labels = EXCLUDED.labels,
        tracked = EXCLUDED.tracked, handover = EXCLUDED.handover, closed_at = EXCLUDED.closed_at,
        handed_over_at = EXCLUDED.handed_over_at, inserts = EXCLUDED.inserts,
        tracking_number = EXCLUDED.tracking_number, waits_for_carrier = EXCLUDED.waits_for_carrier
"""

PARCELS: Final = Kind(key=ParcelsKey, rank=11, load=_load, read=_read, save=_save)
