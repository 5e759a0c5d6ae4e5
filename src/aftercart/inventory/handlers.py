"""How the inventory's commands are carried out: which rows each needs and which decision it calls."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import msgspec

from aftercart.catalog.model import VariantKey, VariantKind
from aftercart.inventory.decisions.adjust_stock import AdjustStock, adjust_stock
from aftercart.inventory.decisions.count_bin import CountBin, count_bin
from aftercart.inventory.decisions.count_stock import CountStock, count_stock
from aftercart.inventory.decisions.move_bin_stock import MoveBinStock, move_bin_stock
from aftercart.inventory.decisions.put_away_stock import PutAwayStock, put_away_stock
from aftercart.inventory.decisions.quarantine_stock import QuarantineStock, quarantine_stock
from aftercart.inventory.decisions.receive_stock import ReceiveStock, receive_stock
from aftercart.inventory.decisions.set_safety_stock import SetSafetyStock, set_safety_stock
from aftercart.inventory.decisions.upsert_bins import UpsertBins, upsert_bins
from aftercart.inventory.decisions.upsert_locations import UpsertLocations, upsert_locations
from aftercart.inventory.decisions.upsert_supply import BOUGHT_IN, UpsertSupply, lines_of, upsert_supply
from aftercart.inventory.model import (
    BinKey,
    BinStockKey,
    LocationKey,
    LocationsKey,
    Stock,
    StockKey,
    SupplyKey,
    SupplyLineKey,
)
from aftercart.inventory.rules.bin_documents import Shelves
from aftercart.inventory.rules.document_lines import LINES_MAX, KindOf
from aftercart.kit.commands import Context, Decision, Handler, UpsertResult
from aftercart.kit.state import Event, Key, Read, State

Document = ReceiveStock | AdjustStock | CountStock | SetSafetyStock | QuarantineStock
BinDocument = PutAwayStock | MoveBinStock | CountBin


class DocumentRef(msgspec.Struct, frozen=True, kw_only=True):
    """The stream of a stock document, under which its event and movements are found."""

    document: str


def _knows_location(state: State) -> Callable[[str], bool]:
    return {location.code for location in state.find(LocationsKey()) or ()}.__contains__


def _kind_of(state: State) -> KindOf:
    def kind_of(sku: str) -> VariantKind | None:
        variant = state.find(VariantKey(sku))
        return None if variant is None else variant.kind

    return kind_of


def _stock(key: StockKey, state: State) -> Stock:
    return state.find(key) or Stock(sku=key.sku, location=key.location)


def _location_needs(command: UpsertLocations, _facts: State) -> tuple[LocationKey, ...]:
    return tuple(LocationKey(definition.code) for definition in command.locations)


def _decide_locations(command: UpsertLocations, state: State, context: Context) -> Decision:
    events, (created, updated, unchanged) = upsert_locations(command, lambda code: state.find(LocationKey(code)))
    result = UpsertResult(created=created, updated=updated, unchanged=unchanged)
    return Decision(stream=context.command_id, version=0, events=events, result=result)


def _document_facts(command: Document | BinDocument) -> tuple[Key[Any], ...]:
    return LocationsKey(), *{VariantKey(line.sku) for line in command.lines}


def _document_rows(command: Document | BinDocument, facts: State) -> tuple[StockKey, ...]:
    # Rows are made for what has stock only: a misspelled SKU must not leave an empty row behind.
    kind_of = _kind_of(facts)
    if not _knows_location(facts)(command.location):
        return ()
    known = (line.sku for line in command.lines if kind_of(line.sku) not in {None, VariantKind.BUNDLE})
    return tuple(StockKey(sku, command.location) for sku in dict.fromkeys(known))


def _document(decide: Callable[..., Event]) -> Callable[[Any, State, Context], Decision]:
    def decide_document(command: Document, state: State, context: Context) -> Decision:
        def stock_of(sku: str) -> Stock:
            return _stock(StockKey(sku, command.location), state)

        event = decide(command, knows_location=_knows_location(state), kind_of=_kind_of(state), stock_of=stock_of)
        result = DocumentRef(document=str(context.command_id))
        return Decision(stream=context.command_id, version=0, events=(event,), result=result)

    return decide_document


def _receipt_facts(command: ReceiveStock) -> Iterator[Key[Any]]:
    yield from _document_facts(command)
    yield SupplyKey(command.location, command.reference)


def _receipt_needs(command: ReceiveStock, facts: State) -> Iterator[Key[Any]]:
    yield from _document_rows(command, facts)
    for sku in facts.find(SupplyKey(command.location, command.reference)) or ():
        yield SupplyLineKey(sku, command.location, command.reference)
        yield StockKey(sku, command.location)


def _decide_receipt(command: ReceiveStock, state: State, context: Context) -> Decision:
    supplied = state.find(SupplyKey(command.location, command.reference)) or ()
    found = (state.find(SupplyLineKey(sku, command.location, command.reference)) for sku in supplied)
    supply_lines = tuple(line for line in found if line is not None)
    return _document(partial(receive_stock, supply_lines=supply_lines))(command, state, context)


def _supply_keys(command: UpsertSupply) -> tuple[SupplyLineKey, ...]:
    """Returns the lines named; none when they are too many, as nothing will be decided on them then."""
    keys = tuple(key for key, *_ in lines_of(command))
    return keys if len(keys) <= LINES_MAX else ()


def _supply_facts(command: UpsertSupply) -> Iterator[Key[Any]]:
    yield LocationsKey()
    for key in _supply_keys(command):
        yield VariantKey(key.sku)


def _supply_rows(command: UpsertSupply, facts: State) -> Iterator[SupplyLineKey]:
    knows_location, kind_of = _knows_location(facts), _kind_of(facts)
    for key in _supply_keys(command):
        if knows_location(key.location) and kind_of(key.sku) in BOUGHT_IN:
            yield key


def _supply_needs(command: UpsertSupply, facts: State) -> Iterator[Key[Any]]:
    for key in _supply_rows(command, facts):
        yield key
        yield StockKey(key.sku, key.location)


def _supplied_stock(command: UpsertSupply, facts: State) -> Iterator[StockKey]:
    return (StockKey(key.sku, key.location) for key in _supply_rows(command, facts))


def _decide_supply(command: UpsertSupply, state: State, context: Context) -> Decision:
    events, result = upsert_supply(
        command,
        knows_location=_knows_location(state),
        kind_of=_kind_of(state),
        stock_of=lambda key: _stock(key, state),
        find_line=state.find,
    )
    return Decision(stream=context.command_id, version=0, events=events, result=result)


def _bin_needs(command: UpsertBins, _facts: State) -> Iterator[BinKey]:
    return (BinKey(command.location, one.code) for one in command.bins)


def _decide_bins(command: UpsertBins, state: State, context: Context) -> Decision:
    events, result = upsert_bins(
        command,
        knows_location=_knows_location(state),
        find_bin=lambda code: state.find(BinKey(command.location, code)),
    )
    return Decision(stream=context.command_id, version=0, events=events, result=result)


def _bins_named(command: BinDocument) -> tuple[str, ...]:
    if isinstance(command, PutAwayStock):
        return tuple(dict.fromkeys(line.bin for line in command.lines))
    return (command.source, command.target) if isinstance(command, MoveBinStock) else (command.bin,)


def _shelf_needs(command: BinDocument, facts: State) -> Iterator[Key[Any] | Read]:
    for key in _document_rows(command, facts):
        yield key
        yield BinStockKey(key.sku, key.location)
    for code in _bins_named(command):
        yield Read(BinKey(command.location, code))


def _bin_document(decide: Callable[..., Event]) -> Callable[[Any, State, Context], Decision]:
    def decide_document(command: BinDocument, state: State, context: Context) -> Decision:
        place = command.location
        shelves = Shelves(
            knows_location=_knows_location(state),
            kind_of=_kind_of(state),
            stock_of=lambda sku: _stock(StockKey(sku, place), state),
            bins_of=lambda sku: state.find(BinStockKey(sku, place)) or (),
            knows_bin=lambda code: state.find(BinKey(place, code)) is not None,
        )
        event = decide(command, shelves=shelves)
        result = DocumentRef(document=str(context.command_id))
        return Decision(stream=context.command_id, version=0, events=(event,), result=result)

    return decide_document


def _weight(command: Document | BinDocument) -> int:
    return len(command.lines)


_DOCUMENTS: Final[tuple[tuple[type[Any], Callable[..., Event]], ...]] = (
    (AdjustStock, adjust_stock),
    (CountStock, count_stock),
    (SetSafetyStock, set_safety_stock),
    (QuarantineStock, quarantine_stock),
)

_BIN_DOCUMENTS: Final[tuple[tuple[type[Any], Callable[..., Event]], ...]] = (
    (PutAwayStock, put_away_stock),
    (MoveBinStock, move_bin_stock),
    (CountBin, count_bin),
)

HANDLERS: Final = (
    Handler(command=UpsertLocations, needs=_location_needs, decide=_decide_locations),
    *(
        Handler(
            command=command,
            facts=_document_facts,
            needs=_document_rows,
            create=_document_rows,
            decide=_document(decide),
            weight=_weight,
        )
        for command, decide in _DOCUMENTS
    ),
    Handler(
        command=UpsertBins,
        facts=lambda _: (LocationsKey(),),
        needs=_bin_needs,
        decide=_decide_bins,
        weight=lambda command: len(command.bins),
    ),
    *(
        Handler(
            command=command,
            facts=_document_facts,
            needs=_shelf_needs,
            create=_document_rows,
            decide=_bin_document(decide),
            weight=_weight,
        )
        for command, decide in _BIN_DOCUMENTS
    ),
    Handler(
        command=ReceiveStock,
        facts=_receipt_facts,
        needs=_receipt_needs,
        create=_document_rows,
        decide=_decide_receipt,
        weight=_weight,
    ),
    Handler(
        command=UpsertSupply,
        facts=_supply_facts,
        needs=_supply_needs,
        create=_supplied_stock,
        decide=_decide_supply,
        weight=lambda command: sum(1 for _ in lines_of(command)),
    ),
)
