"""A toy business for proofs about the bus: units move between shelves and boxes, and none is ever made or lost.

A box is locked like an order (its contents have no lock of their own), a shelf like stock.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.kit.commands import Actor, Command, Context, Decision, Handler, Registry, Scout
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Change, Event, Key, Kind, State, Statement

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


class ShelfKey(Key[Shelf], frozen=True, order=True, gc=False):
    name: str


class BoxKey(Key[Box], frozen=True, order=True, gc=False):
    box_id: UUID


class UnitsMoved(Event, frozen=True, kw_only=True):
    """Units went from shelves into a box; negative numbers go back."""

    units: dict[str, int]


class ShelfFilled(Event, frozen=True, kw_only=True):
    shelf: str
    units: int


class FillShelf(Command, frozen=True, kw_only=True):
    """Put new units onto a shelf; far too few of them poison the batch that saves them."""

    shelf: str
    units: int


class Pack(Command, frozen=True, kw_only=True):
    """Move units from a shelf into a box, which is made if there is none."""

    box_id: UUID
    shelf: str
    units: int = 1


class EmptyBox(Command, frozen=True, kw_only=True):
    """Put everything in a box back; which shelves that takes, only the box knows."""

    box_id: UUID


class Reach(Command, frozen=True, kw_only=True):
    """Look at shelves that were not named, one after the other."""

    shelves: tuple[str, ...]


class Break(Command, frozen=True, kw_only=True):
    """Fail in the decision."""


class Weigh(Command, frozen=True, kw_only=True):
    """Do nothing, but weigh so many lines."""

    lines: int


class ShelfIsEmpty(Refusal):
    def __init__(self, *, units: int) -> None:
        super().__init__(units=units)


class NotYours(Refusal):
    status = 403


class Done(msgspec.Struct, frozen=True, kw_only=True):
    units: int


class BoxConsequences(msgspec.Struct, frozen=True, kw_only=True):
    contents: dict[str, int]


def _box(state: State, box_id: UUID) -> Box:
    return state.find(BoxKey(box_id)) or Box(box_id=box_id, version=0, contents={})


def _decide_fill(command: FillShelf, _state: State, context: Context) -> Decision:
    event = ShelfFilled(shelf=command.shelf, units=command.units)
    return Decision(stream=context.command_id, version=0, events=(event,), result=Done(units=command.units))


def _decide_pack(command: Pack, state: State, _context: Context) -> Decision:
    shelf = state.find(ShelfKey(command.shelf))
    there = 0 if shelf is None else shelf.units
    if there < command.units:
        raise ShelfIsEmpty(units=there)
    return _moved(_box(state, command.box_id), {command.shelf: command.units})


def _decide_empty(command: EmptyBox, state: State, _context: Context) -> Decision:
    box = _box(state, command.box_id)
    return _moved(box, {shelf: -units for shelf, units in box.contents.items() if units})


def _moved(box: Box, units: dict[str, int]) -> Decision:
    events = (UnitsMoved(units=units),) if units else ()
    result = Done(units=sum(units.values()))
    return Decision(stream=box.box_id, version=box.version, events=events, result=result, root=BoxKey(box.box_id))


def _decide_reach(command: Reach, state: State, context: Context) -> Decision:
    found = [state.find(ShelfKey(name)) for name in command.shelves]
    result = Done(units=sum(shelf.units for shelf in found if shelf is not None))
    return Decision(stream=context.command_id, version=0, events=(), result=result)


def _decide_break(_command: Break, _state: State, _context: Context) -> Decision:
    raise RuntimeError("broken on purpose")


def _decide_weigh(command: Weigh, _state: State, context: Context) -> Decision:
    return Decision(stream=context.command_id, version=0, events=(), result=Done(units=command.lines))


def evolve_box(stream: UUID, event: UnitsMoved, state: State) -> Iterator[tuple[BoxKey, Box]]:
    box = _box(state, stream)
    contents = {shelf: box.contents.get(shelf, 0) + units for shelf, units in event.units.items()}
    yield BoxKey(stream), Box(box_id=stream, version=box.version + 1, contents=box.contents | contents)


def evolve_shelves(_stream: UUID, event: UnitsMoved | ShelfFilled, state: State) -> Iterator[tuple[ShelfKey, Shelf]]:
    deltas = {event.shelf: event.units} if isinstance(event, ShelfFilled) else event.units
    sign = 1 if isinstance(event, ShelfFilled) else -1
    for name, units in deltas.items():
        shelf = state.find(ShelfKey(name)) or Shelf(name, 0)
        yield ShelfKey(name), Shelf(name, shelf.units + sign * units)


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
_SCOUT_BOXES: Final = "SELECT box_id, shelf FROM toy.contents WHERE box_id = ANY(%(ids)s) AND units > 0"

SHELVES: Final = Kind(
    key=ShelfKey,
    rank=90,
    create=lambda keys: Statement(_CREATE_SHELVES, _names(keys)),
    lock=lambda keys: Statement(LOCK_SHELVES, _names(keys)),
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


def _read_scouted(commands: Sequence[EmptyBox], rows: Sequence[Any], _facts: State) -> Iterator[list[ShelfKey]]:
    for command in commands:
        yield [ShelfKey(shelf) for box_id, shelf in rows if box_id == command.box_id]


SCOUT: Final = Scout[EmptyBox](
    ask=lambda commands, _facts: Statement(_SCOUT_BOXES, {"ids": [command.box_id for command in commands]}),
    read=_read_scouted,
)


def _box_root(command: Any) -> BoxKey:
    return BoxKey(command.box_id)


FILL: Final = Handler(
    command=FillShelf,
    needs=lambda command, _facts: (ShelfKey(command.shelf),),
    create=lambda command, _facts: (ShelfKey(command.shelf),),
    decide=_decide_fill,
)
HANDLERS: Final[tuple[Handler[Any], ...]] = (
    FILL,
    Handler(
        command=Pack,
        needs=lambda command, _facts: (BoxKey(command.box_id), ShelfKey(command.shelf)),
        root=_box_root,
        decide=_decide_pack,
    ),
    Handler(
        command=EmptyBox,
        needs=lambda command, _facts: (BoxKey(command.box_id),),
        scout=SCOUT,
        root=_box_root,
        decide=_decide_empty,
    ),
    Handler(command=Reach, decide=_decide_reach),
    Handler(command=Break, decide=_decide_break),
    Handler(command=Weigh, decide=_decide_weigh, weight=lambda command: command.lines),
)


def _authorize(actor: Actor, _command: Command, _root: Key[Any] | None) -> None:
    if actor.role == "stranger":
        raise NotYours


def toy_registry(*, boxes: Kind = BOXES, shelves: Kind = SHELVES, fill: Handler[FillShelf] = FILL) -> Registry:
    """Returns the toy business, with parts replaced by broken ones."""
    return Registry(
        handlers={handler.command: handler for handler in (*HANDLERS, fill)},
        kinds={BoxKey: boxes, ShelfKey: shelves},
        evolvers={UnitsMoved: (evolve_box, evolve_shelves), ShelfFilled: (evolve_shelves,)},
        authorize=_authorize,
    )
