"""How bins and what lies in them change on events."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, assert_never
from uuid import UUID

from aftercart.inventory.events import BinCounted, BinStockMoved, BinsUpserted, StockPutAway
from aftercart.inventory.evolve.stock import MovesGoods
from aftercart.inventory.model import (
    IN_HAND_STAGES,
    Bin,
    BinKey,
    BinMovement,
    BinMovementKey,
    BinMovementKind,
    BinQuantity,
    BinStockKey,
    Movement,
    MovementKey,
    MovementKind,
    Stage,
    Stock,
    StockKey,
)
from aftercart.inventory.rules.bin_changes import with_units
from aftercart.inventory.rules.stock_changes import changed_stock
from aftercart.kit.state import Key, State

BinState = tuple[Key[Any], tuple[BinQuantity, ...] | BinMovement]


class MovesFromBin(MovesGoods, Protocol):
    """An event of any area by which units of an order left a bin, or came back into it."""

    @property
    def location(self) -> str:
        """Where that is."""
        ...

    @property
    def bin(self) -> str | None:
        """Which bin; ``None`` for units that lie in none."""
        ...


def evolve_bins(_stream: UUID, event: BinsUpserted, _state: State) -> Iterator[tuple[BinKey, Bin]]:
    """Yields every bin of the event as it is from now on."""
    for one in event.bins:
        yield BinKey(one.location, one.code), one


def evolve_bin_documents(
    stream: UUID, event: StockPutAway | BinStockMoved | BinCounted, state: State
) -> Iterator[tuple[Key[Any], object]]:
    """Yields what lies in which bin after a document, and what a count found more or less on hand."""
    match event:
        case StockPutAway():
            moved = ((line.sku, line.bin, line.delta) for line in event.lines)
            yield from _moved(stream, event.location, moved, BinMovementKind.PUTAWAY, "", state)
        case BinStockMoved():
            moved = ((line.sku, line.bin, line.delta) for line in event.lines)
            yield from _moved(stream, event.location, moved, BinMovementKind.MOVE, "", state)
        case BinCounted():
            found = ((line.sku, event.bin, line.bin_delta) for line in event.lines)
            yield from _moved(stream, event.location, found, BinMovementKind.COUNT, "", state)
            yield from _counted(stream, event, state)
        case _:
            assert_never(event)


def evolve_bin_pick(stream: UUID, event: MovesFromBin, state: State) -> Iterator[BinState]:
    """Yields what lies in a bin after units were taken out of it into a hand, or were left in it or laid back."""
    if event.bin is None:
        return
    taken, left = Counter[str](), Counter[str]()
    for move in event.moves:
        if move.target is Stage.PICKED and move.source is Stage.RELEASED:
            taken[move.sku] -= move.quantity
        elif move.source in IN_HAND_STAGES and move.target in {Stage.RELEASED, Stage.CANCELED}:
            left[move.sku] += move.quantity
    for kind, units in ((BinMovementKind.PICK, taken), (BinMovementKind.RETURN, left)):
        moved = ((sku, event.bin, delta) for sku, delta in units.items())
        yield from _moved(stream, event.location, moved, kind, event.entry, state)


def _moved(
    stream: UUID,
    location: str,
    moved: Iterable[tuple[str, str, int]],
    kind: BinMovementKind,
    entry: str,
    state: State,
) -> Iterator[BinState]:
    stocks: dict[BinStockKey, tuple[BinQuantity, ...]] = {}
    for sku, code, delta in moved:
        key = BinStockKey(sku, location)
        bins = stocks[key] if key in stocks else state.find(key) or ()
        stocks[key], quantity = with_units(bins, code, delta)
        if quantity:
            movement = BinMovement(location=location, bin=code, sku=sku, quantity=quantity, kind=kind)
            yield BinMovementKey(str(stream), code, sku, entry), movement
    yield from stocks.items()


def _counted(stream: UUID, event: BinCounted, state: State) -> Iterator[tuple[Key[Any], Stock | Movement]]:
    for line in event.lines:
        if line.delta:
            key = StockKey(line.sku, event.location)
            stock = state.find(key) or Stock(sku=key.sku, location=key.location)
            yield key, changed_stock(stock, on_hand_delta=line.delta)
            movement = Movement(
                sku=key.sku,
                location=key.location,
                quantity=line.delta,
                kind=MovementKind.COUNT,
                reference=event.bin,
            )
            yield MovementKey(str(stream), key.sku, key.location), movement
