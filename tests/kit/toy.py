"""A toy business for proofs about the bus: units move between shelves and boxes, and none is ever made or lost."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from tests.kit.toy_store import BOXES, SCOUT_BOXES, SHELVES, Box, BoxKey, Shelf, ShelfKey

from aftercart.kit.commands import Actor, Command, Context, Decision, Handler, Registry, Scout
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Event, Key, Kind, State, Statement


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


class Peek(Command, frozen=True, kw_only=True):
    """Look into a box that was not named."""

    box_id: UUID


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


def _decide_peek(command: Peek, state: State, context: Context) -> Decision:
    units = sum(_box(state, command.box_id).contents.values())
    return Decision(stream=context.command_id, version=0, events=(), result=Done(units=units))


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


def _read_scouted(commands: Sequence[EmptyBox], rows: Sequence[Any], _facts: State) -> Iterator[list[ShelfKey]]:
    for command in commands:
        yield [ShelfKey(shelf) for box_id, shelf in rows if box_id == command.box_id]


SCOUT: Final = Scout[EmptyBox](
    ask=lambda commands, _facts: Statement(SCOUT_BOXES, {"ids": [command.box_id for command in commands]}),
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
    Handler(command=Peek, decide=_decide_peek),
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
