"""Finding out from where a new order may be served, before anything is locked."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from aftercart.catalog.model import VariantKey
from aftercart.inventory.queries import ask_available_by_location
from aftercart.kit.commands import Scout
from aftercart.kit.state import Key, Read, State, Statement
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.scouts.serving import (
    candidates_for,
    capacity_keys,
    parts_of,
    stock_keys,
    way_of,
)
from aftercart.sourcing.model import Candidate, Demand
from aftercart.sourcing.rules.candidates import CANDIDATES_LOCKED, best_candidates


def parts_of_wish(command: PlaceOrder, facts: State) -> Iterator[str]:
    """Yields the SKUs whose stock an order is served from."""
    for line in command.lines:
        variant = facts.find(VariantKey(line.sku))
        yield from (line.sku,) if variant is None else parts_of(variant)


def _candidates(command: PlaceOrder, facts: State) -> tuple[Candidate, ...]:
    return candidates_for(way_of(command.delivery), facts)


def _ask(commands: Sequence[PlaceOrder], facts: State) -> Statement | None:
    # With so few locations all of them are locked anyway: nothing to find out.
    contested = [command for command in commands if len(_candidates(command, facts)) > CANDIDATES_LOCKED]
    if not contested:
        return None
    return ask_available_by_location(sorted({sku for command in contested for sku in parts_of_wish(command, facts)}))


def _read(commands: Sequence[PlaceOrder], rows: Sequence[Any], facts: State) -> Iterator[Iterable[Key[Any] | Read]]:
    units = {(sku, location): available for sku, location, available in rows}
    for command in commands:
        candidates = _candidates(command, facts)
        if len(candidates) > CANDIDATES_LOCKED:
            floors = {one.code: one.floor_units for one in candidates}

            def available(sku: str, code: str, floors: dict[str, int] = floors) -> int:
                return units.get((sku, code), 0) - floors.get(code, 0)

            candidates = best_candidates(candidates, tuple(_demands(command, facts)), available)
        yield (*stock_keys(parts_of_wish(command, facts), candidates), *capacity_keys(candidates, facts))


def _demands(command: PlaceOrder, facts: State) -> Iterator[Demand]:
    for index, line in enumerate(command.lines):
        variant = facts.find(VariantKey(line.sku))
        if variant is not None and variant.components:
            for component in variant.components:
                yield Demand(line=index, sku=component.sku, quantity=component.quantity * line.quantity)
        else:
            yield Demand(line=index, sku=line.sku, quantity=line.quantity)


SCOUT_PLACE: Final = Scout(ask=_ask, read=_read)
"""The stock an order may be served from, that of the three best locations, and the trucks it may go with."""
