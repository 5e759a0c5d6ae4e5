"""How stock, movements and locations change on events."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, assert_never
from uuid import UUID

from aftercart.inventory.events import LocationsUpserted, StockAdjusted, StockCounted, StockDelta, StockReceived
from aftercart.inventory.model import (
    Location,
    LocationKey,
    LocationsKey,
    Movement,
    MovementKey,
    MovementKind,
    Stock,
    StockKey,
    UnitMove,
)
from aftercart.inventory.rules.stock_changes import changed_stock, reserved_deltas
from aftercart.kit.state import Key, State


class MovesUnits(Protocol):
    """An event of any area that moves units of an order, and so may take or free reserved stock."""

    @property
    def moves(self) -> tuple[UnitMove, ...]:
        """The moves, already checked by the decision that made the event."""
        ...


class MakesUnits(Protocol):
    """An event of any area by which units came into being at a place."""

    @property
    def sku(self) -> str:
        """What was made."""
        ...

    @property
    def location(self) -> str:
        """Where it was made."""
        ...

    @property
    def quantity(self) -> int:
        """How many units were made."""
        ...

    @property
    def entry(self) -> str:
        """What tells this piece of work from others of the same order."""
        ...


def evolve_locations(
    _stream: UUID, event: LocationsUpserted, state: State
) -> Iterator[tuple[Key[Any], Location | tuple[Location, ...]]]:
    """Yields every location of the event as it is from now on, and the list of all of them where it is known."""
    for location in event.locations:
        yield LocationKey(location.code), location
    if state.knows(LocationsKey()):
        by_code = {location.code: location for location in state.find(LocationsKey()) or ()}
        by_code.update((location.code, location) for location in event.locations)
        yield LocationsKey(), tuple(by_code[code] for code in sorted(by_code))


def evolve_stock(
    stream: UUID, event: StockReceived | StockAdjusted | StockCounted, state: State
) -> Iterator[tuple[Key[Any], Stock | Movement]]:
    """Yields the stock after a document, and the movements it writes."""
    match event:
        case StockReceived():
            yield from _moved(stream, event.location, event.lines, MovementKind.RECEIPT, event.reference, state)
        case StockAdjusted():
            yield from _moved(stream, event.location, event.lines, MovementKind.ADJUSTMENT, event.reason, state)
        case StockCounted():
            lines = tuple(StockDelta(sku=line.sku, delta=line.delta) for line in event.lines)
            yield from _moved(stream, event.location, lines, MovementKind.COUNT, "", state)
        case _:
            assert_never(event)


def evolve_reserved(_stream: UUID, event: MovesUnits, state: State) -> Iterator[tuple[StockKey, Stock]]:
    """Yields the stock whose reserved quantity changes with the units an event moves."""
    for key, delta in reserved_deltas(event.moves).items():
        stock = state.find(key) or Stock(sku=key.sku, location=key.location)
        yield key, changed_stock(stock, reserved_delta=delta)


def evolve_finished_production(
    stream: UUID, event: MakesUnits, state: State
) -> Iterator[tuple[Key[Any], Stock | Movement]]:
    """Yields the stock that units made to order add to, and the movement that brings them in."""
    key = StockKey(event.sku, event.location)
    yield key, changed_stock(state.find(key) or Stock(sku=key.sku, location=key.location), on_hand_delta=event.quantity)
    movement = Movement(
        sku=key.sku, location=key.location, quantity=event.quantity, kind=MovementKind.PRODUCTION, reference=""
    )
    yield MovementKey(str(stream), key.sku, key.location, event.entry), movement


def _moved(
    stream: UUID, location: str, lines: Iterable[StockDelta], kind: MovementKind, reference: str, state: State
) -> Iterator[tuple[Key[Any], Stock | Movement]]:
    for line in lines:
        if line.delta == 0:
            continue
        key = StockKey(line.sku, location)
        stock = state.find(key) or Stock(sku=line.sku, location=location)
        yield key, changed_stock(stock, on_hand_delta=line.delta)
        movement = Movement(sku=line.sku, location=location, quantity=line.delta, kind=kind, reference=reference)
        yield MovementKey(str(stream), line.sku, location), movement
