"""How the toy business keeps its goods: a box is locked like an order, its contents with it, and a shelf like stock."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.kit.state import Change, Key, Kind, Statement

SCHEMA: Final = """
    CREATE SCHEMA toy;
    CREATE TABLE toy.shelves (name text PRIMARY KEY, units integer NOT NULL,
        CONSTRAINT units_are_not_negative CHECK (units >= 0));
    CREATE TABLE toy.boxes (box_id uuid PRIMARY KEY, version integer NOT NULL);
    CREATE TABLE toy.contents (box_id uuid, shelf text, units integer NOT NULL, PRIMARY KEY (box_id, shelf));
"""


class Shelf(msgspec.Struct, frozen=True):
    name: str
    units: int


class Box(msgspec.Struct, frozen=True, kw_only=True):
    box_id: UUID
    version: int
    contents: dict[str, int]


class BoxConsequences(msgspec.Struct, frozen=True, kw_only=True):
    contents: dict[str, int]


class ShelfKey(Key[Shelf], frozen=True, order=True, gc=False):
    name: str


class BoxKey(Key[Box], frozen=True, order=True, gc=False):
    box_id: UUID


def _names(keys: Sequence[ShelfKey]) -> dict[str, object]:
    return {"names": [key.name for key in keys]}


def _ids(keys: Sequence[BoxKey]) -> dict[str, object]:
    return {"ids": [key.box_id for key in keys]}


def _read_shelves(rows: Iterator[Any]) -> Iterator[tuple[ShelfKey, Shelf]]:
    return ((ShelfKey(name), Shelf(name, units)) for name, units in rows)


def _read_boxes(rows: Iterator[Any]) -> Iterator[tuple[BoxKey, Box]]:
    for box_id, version, contents in rows:
        yield BoxKey(box_id), Box(box_id=box_id, version=version, contents=contents or {})


def _save_shelves(changes: Sequence[Change]) -> Iterable[Statement]:
    parameters = {
        "names": [change.after.name for change in changes],
        "units": [change.after.units for change in changes],
    }
    yield Statement(_SAVE_SHELVES, parameters)


def _save_boxes(changes: Sequence[Change]) -> Iterable[Statement]:
    boxes: list[Box] = [change.after for change in changes]
    parts = [(box.box_id, shelf, units) for box in boxes for shelf, units in box.contents.items()]
    yield Statement(_SAVE_BOXES, {"ids": [box.box_id for box in boxes], "versions": [box.version for box in boxes]})
    ids, shelves, units = zip(*parts, strict=True)
    yield Statement(_SAVE_CONTENTS, {"ids": list(ids), "shelves": list(shelves), "units": list(units)})


_SAVE_SHELVES: Final = """
    INSERT INTO toy.shelves (name, units)
    SELECT r.name, r.units FROM unnest(%(names)s::text[], %(units)s::integer[]) AS r (name, units) ORDER BY r.name
    ON CONFLICT (name) DO UPDATE SET units = excluded.units
"""
_SAVE_BOXES: Final = """
    INSERT INTO toy.boxes (box_id, version)
    SELECT r.box_id, r.version FROM unnest(%(ids)s::uuid[], %(versions)s::integer[]) AS r (box_id, version)
    ON CONFLICT (box_id) DO UPDATE SET version = excluded.version
"""
_SAVE_CONTENTS: Final = """
    INSERT INTO toy.contents (box_id, shelf, units)
    SELECT r.box_id, r.shelf, r.units
    FROM unnest(%(ids)s::uuid[], %(shelves)s::text[], %(units)s::integer[]) AS r (box_id, shelf, units)
    ON CONFLICT (box_id, shelf) DO UPDATE SET units = excluded.units
"""
_CREATE_SHELVES: Final = """
    INSERT INTO toy.shelves (name, units) SELECT n, 0 FROM unnest(%(names)s::text[]) AS n ORDER BY n
    ON CONFLICT (name) DO NOTHING
"""
LOCK_SHELVES: Final = """
    SELECT name FROM toy.shelves WHERE name = ANY(%(names)s) ORDER BY name FOR NO KEY UPDATE
"""
LOAD_BOXES: Final = """
    SELECT b.box_id, b.version,
        (SELECT json_object_agg(c.shelf, c.units) FROM toy.contents AS c WHERE c.box_id = b.box_id)
    FROM toy.boxes AS b WHERE b.box_id = ANY(%(ids)s)
"""
_LOCK_BOXES: Final = "SELECT box_id FROM toy.boxes WHERE box_id = ANY(%(ids)s) ORDER BY box_id FOR NO KEY UPDATE"
_SKIP_BOXES: Final = (
    "SELECT box_id FROM toy.boxes WHERE box_id = ANY(%(ids)s) ORDER BY box_id FOR NO KEY UPDATE SKIP LOCKED"
)
_LOAD_SHELVES: Final = "SELECT name, units FROM toy.shelves WHERE name = ANY(%(names)s)"
SCOUT_BOXES: Final = "SELECT box_id, shelf FROM toy.contents WHERE box_id = ANY(%(ids)s) AND units > 0"

SHELVES: Final = Kind(
    key=ShelfKey,
    rank=90,
    create=lambda keys: Statement(_CREATE_SHELVES, _names(keys)),
    lock=lambda keys: Statement(LOCK_SHELVES, _names(keys)),
    locked=lambda row: ShelfKey(row[0]),
    load=lambda keys: Statement(_LOAD_SHELVES, _names(keys)),
    read=_read_shelves,
    save=_save_shelves,
)
BOXES: Final = Kind(
    key=BoxKey,
    rank=10,
    lock=lambda keys: Statement(_SKIP_BOXES, _ids(keys)),
    lock_waiting=lambda keys: Statement(_LOCK_BOXES, _ids(keys)),
    locked=lambda row: BoxKey(row[0]),
    load=lambda keys: Statement(LOAD_BOXES, _ids(keys)),
    read=_read_boxes,
    save=_save_boxes,
    consequences=lambda _before, after: BoxConsequences(contents=after.contents),
)
