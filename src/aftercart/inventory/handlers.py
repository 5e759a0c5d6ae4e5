"""How the inventory's commands are carried out: which rows each needs and which decision it calls."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from aftercart.catalog.model import VariantKey
from aftercart.inventory.decisions.adjust_stock import AdjustStock, adjust_stock
from aftercart.inventory.decisions.count_stock import CountStock, count_stock
from aftercart.inventory.decisions.receive_stock import ReceiveStock, receive_stock
from aftercart.inventory.decisions.upsert_locations import UpsertLocations, upsert_locations
from aftercart.inventory.model import LocationKey, LocationsKey, Stock, StockKey
from aftercart.kit.commands import Context, Decision, Handler, UpsertResult
from aftercart.kit.state import Event, Key, State

Document = ReceiveStock | AdjustStock | CountStock


class DocumentRef(msgspec.Struct, frozen=True, kw_only=True):
    """The stream of a stock document, under which its event and movements are found."""

    document: str


def _location_needs(command: UpsertLocations, _facts: State) -> tuple[LocationKey, ...]:
    return tuple(LocationKey(definition.code) for definition in command.locations)


def _decide_locations(command: UpsertLocations, state: State, context: Context) -> Decision:
    events, (created, updated, unchanged) = upsert_locations(command, lambda code: state.find(LocationKey(code)))
    result = UpsertResult(created=created, updated=updated, unchanged=unchanged)
    return Decision(stream=context.command_id, version=0, events=events, result=result)


def _document_facts(command: Document) -> tuple[Key[Any], ...]:
    return LocationsKey(), *{VariantKey(line.sku) for line in command.lines}


def _stock_needs(command: Document, facts: State) -> tuple[StockKey, ...]:
    # Rows are made for what exists only: a misspelled SKU must not leave an empty row behind.
    if not any(location.code == command.location for location in facts.find(LocationsKey()) or ()):
        return ()
    known = (line.sku for line in command.lines if facts.find(VariantKey(line.sku)) is not None)
    return tuple(StockKey(sku, command.location) for sku in dict.fromkeys(known))


def _document(decide: Callable[..., Event]) -> Callable[[Any, State, Context], Decision]:
    def decide_document(command: Document, state: State, context: Context) -> Decision:
        codes = {location.code for location in state.find(LocationsKey()) or ()}

        def knows_sku(sku: str) -> bool:
            return state.find(VariantKey(sku)) is not None

        def stock_of(sku: str) -> Stock:
            found = state.find(StockKey(sku, command.location))
            return found or Stock(sku=sku, location=command.location)

        event = decide(
            command,
            knows_location=codes.__contains__,
            knows_sku=knows_sku,
            stock_of=stock_of,
        )
        result = DocumentRef(document=str(context.command_id))
        return Decision(stream=context.command_id, version=0, events=(event,), result=result)

    return decide_document


def _weight(command: Document) -> int:
    return len(command.lines)


HANDLERS: Final = (
    Handler(command=UpsertLocations, needs=_location_needs, decide=_decide_locations),
    *(
        Handler(
            command=command,
            facts=_document_facts,
            needs=_stock_needs,
            create=_stock_needs,
            decide=_document(decide),
            weight=_weight,
        )
        for command, decide in ((ReceiveStock, receive_stock), (AdjustStock, adjust_stock), (CountStock, count_stock))
    ),
)
