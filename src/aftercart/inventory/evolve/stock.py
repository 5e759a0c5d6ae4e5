"""How stock, movements and locations change on events."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, assert_never
from uuid import UUID

import msgspec

from aftercart.inventory.events import (
    LocationsUpserted,
    SafetyStockSet,
    StockAdjusted,
    StockCounted,
    StockDelta,
    StockQuarantined,
    StockReceived,
    SupplyChange,
    SupplyChanged,
)
from aftercart.inventory.model import (
    IN_HAND_STAGES,
    Location,
    LocationKey,
    LocationsKey,
    Movement,
    MovementKey,
    MovementKind,
    Stage,
    Stock,
    StockKey,
    SupplyKey,
    SupplyLine,
    SupplyLineKey,
    UnitMove,
)
from aftercart.inventory.rules.stock_changes import (
    backordered_deltas,
    changed_stock,
    in_hand_deltas,
    reserved_deltas,
    with_supply,
)
from aftercart.kit.state import Key, State


class MovesUnits(Protocol):
    """An event of any area that moves units of an order, and so may take or free stock, or begin to wait for it."""

    @property
    def moves(self) -> tuple[UnitMove, ...]:
        """The moves, already checked by the decision that made the event."""
        ...


class MovesGoods(MovesUnits, Protocol):
    """An event of any area by which goods leave their place; ``entry`` tells it from others of the same order."""

    @property
    def entry(self) -> str:
        """What tells these movements from others of the same document."""
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


def evolve_kept_back(
    _stream: UUID, event: SafetyStockSet | StockQuarantined, state: State
) -> Iterator[tuple[StockKey, Stock]]:
    """Yields the stock of which other units are kept back than before, for safety or in quarantine."""
    match event:
        case SafetyStockSet():
            for line in event.lines:
                key = StockKey(line.sku, event.location)
                yield key, msgspec.structs.replace(_stock(key, state), safety=line.safety)
        case StockQuarantined():
            for line in event.lines:
                key = StockKey(line.sku, event.location)
                stock = _stock(key, state)
                yield key, msgspec.structs.replace(stock, quarantined=stock.quarantined + line.delta)
        case _:
            assert_never(event)


def evolve_supply(
    _stream: UUID, event: SupplyChanged | StockReceived, state: State
) -> Iterator[tuple[Key[Any], SupplyLine | Stock | tuple[str, ...]]]:
    """Yields the lines of supply after an event, the stock they are to come to, and the list of their SKUs if known."""
    lines = _announced(event, state) if isinstance(event, SupplyChanged) else _arrived(event, state)
    stocks: dict[StockKey, Stock] = {}
    supplies: dict[SupplyKey, tuple[str, ...]] = {}
    for line in lines:
        yield SupplyLineKey(line.sku, line.location, line.reference), line
        stock_key, supply_key = StockKey(line.sku, line.location), SupplyKey(line.location, line.reference)
        stocks[stock_key] = with_supply(stocks.get(stock_key) or _stock(stock_key, state), line)
        if state.knows(supply_key):
            skus = supplies.get(supply_key) or state.find(supply_key) or ()
            supplies[supply_key] = skus if line.sku in skus else (*skus, line.sku)
    yield from stocks.items()
    yield from supplies.items()


def evolve_holdings(_stream: UUID, event: MovesUnits, state: State) -> Iterator[tuple[StockKey, Stock]]:
    """Yields the stock that the units an event moves begin or cease to hold, to wait for, or to have in hand."""
    reserved, backordered = reserved_deltas(event.moves), backordered_deltas(event.moves)
    in_hand = in_hand_deltas(event.moves)
    for key in {**reserved, **backordered, **in_hand}:
        changed = changed_stock(
            _stock(key, state),
            reserved_delta=reserved.get(key, 0),
            backordered_delta=backordered.get(key, 0),
            in_hand_delta=in_hand.get(key, 0),
        )
        yield key, changed


def evolve_shipment(stream: UUID, event: MovesGoods, state: State) -> Iterator[tuple[Key[Any], Stock | Movement]]:
    """Yields the stock after goods left in a parcel, and the movements that say so."""
    moves = (move for move in event.moves if move.target is Stage.SHIPPED)
    yield from _left(stream, event, moves, MovementKind.SHIPMENT, state)


def evolve_short_pick(stream: UUID, event: MovesGoods, state: State) -> Iterator[tuple[Key[Any], Stock | Movement]]:
    """Yields the stock without what was to be picked and was not there, and the movements that say so."""
    moves = (move for move in event.moves if move.source in IN_HAND_STAGES)
    yield from _left(stream, event, moves, MovementKind.SHORT_PICK, state)


def _left(
    stream: UUID, event: MovesGoods, moves: Iterable[UnitMove], kind: MovementKind, state: State
) -> Iterator[tuple[Key[Any], Stock | Movement]]:
    gone = Counter[StockKey]()
    for move in moves:
        gone[StockKey(move.sku, move.location)] += move.quantity
    for key, quantity in gone.items():
        yield key, changed_stock(_stock(key, state), on_hand_delta=-quantity)
        movement = Movement(sku=key.sku, location=key.location, quantity=-quantity, kind=kind, reference="")
        yield MovementKey(str(stream), key.sku, key.location, event.entry), movement


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
        yield key, changed_stock(_stock(key, state), on_hand_delta=line.delta)
        movement = Movement(sku=line.sku, location=location, quantity=line.delta, kind=kind, reference=reference)
        yield MovementKey(str(stream), line.sku, location), movement


def _announced(event: SupplyChanged, state: State) -> Iterator[SupplyLine]:
    for change in event.lines:
        line = state.find(SupplyLineKey(change.sku, change.location, change.reference))
        yield _line_after(change, line)


def _line_after(change: SupplyChange, line: SupplyLine | None) -> SupplyLine:
    received = 0 if line is None else line.received
    return SupplyLine(
        sku=change.sku,
        location=change.location,
        reference=change.reference,
        supplier=change.supplier,
        expected_date=change.after.expected_date,
        ordered=change.after.quantity,
        received=received,
        closed=change.after.outstanding == 0 and received < change.after.quantity,
        version=1 if line is None else line.version + 1,
    )


def _arrived(event: StockReceived, state: State) -> Iterator[SupplyLine]:
    for arrival in event.supply:
        line = state.find(SupplyLineKey(arrival.sku, event.location, event.reference))
        assert line is not None, f"{arrival.sku} of {event.reference} arrived, but was never announced"
        yield msgspec.structs.replace(
            line,
            received=line.received + arrival.quantity,
            closed=line.closed or arrival.short > 0,
            version=line.version + 1,
        )


def _stock(key: StockKey, state: State) -> Stock:
    return state.find(key) or Stock(sku=key.sku, location=key.location)
