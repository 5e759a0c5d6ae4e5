"""Finding out which stock a command may touch, before anything is locked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from aftercart.catalog.model import VariantKey
from aftercart.inventory.model import STOCK_STAGES, Location, LocationsKey, Stage, StockKey
from aftercart.inventory.queries import ask_available_by_location
from aftercart.kit.commands import Command, Scout
from aftercart.kit.state import Key, Read, State, Statement
from aftercart.orders import store_sql as sql
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.model import ChannelKey, DeliveryMethod
from aftercart.sourcing.model import Demand
from aftercart.sourcing.rules.candidates import CANDIDATES_LOCKED, best_candidates, candidates_for_delivery


def candidates_for(
    locations: tuple[Location, ...], method: DeliveryMethod, pickup_point: str | None
) -> tuple[str, ...]:
    """Returns the locations that may serve an order: the store it is collected in, else all that ship."""
    if method is DeliveryMethod.STORE_PICKUP:
        return (pickup_point or "",)
    return candidates_for_delivery(locations)


def _candidates(command: PlaceOrder, facts: State) -> tuple[str, ...]:
    locations = facts.find(LocationsKey()) or ()
    return candidates_for(locations, command.delivery.method, command.delivery.pickup_point)


def _ask_stock(commands: Sequence[PlaceOrder], facts: State) -> Statement | None:
    # With so few locations all of them are locked anyway: nothing to find out.
    contested = [command for command in commands if len(_candidates(command, facts)) > CANDIDATES_LOCKED]
    if not contested:
        return None
    return ask_available_by_location(sorted({line.sku for command in contested for line in command.lines}))


def _read_candidates(commands: Sequence[PlaceOrder], rows: Sequence[Any], facts: State) -> Iterator[Iterable[StockKey]]:
    units = {(sku, location): available for sku, location, available in rows}

    def available(sku: str, location: str) -> int:
        return units.get((sku, location), 0)

    for command in commands:
        candidates = _candidates(command, facts)
        if len(candidates) > CANDIDATES_LOCKED:
            demands = tuple(
                Demand(line=index, sku=line.sku, quantity=line.quantity) for index, line in enumerate(command.lines)
            )
            candidates = best_candidates(candidates, demands, available)
        yield [StockKey(line.sku, code) for line in command.lines for code in candidates]


SCOUT_PLACE: Final = Scout(ask=_ask_stock, read=_read_candidates)
"""The stock an order may be served from: that of the three best locations."""


Row = tuple[UUID, str, str, str | None, int, str, str, str]


def _ask_orders(commands: Sequence[Any], _facts: State) -> Statement:
    return Statement(sql.SCOUT_ORDERS, {"order_ids": [command.order_id for command in commands]})


def _by_order(
    keys_of: Callable[[Any, Sequence[Row], State], Iterable[Key[Any] | Read]],
) -> Callable[[Sequence[Command], Sequence[Any], State], Iterator[Iterable[Key[Any] | Read]]]:
    def read(commands: Sequence[Any], rows: Sequence[Row], facts: State) -> Iterator[Iterable[Key[Any] | Read]]:
        by_order: dict[UUID, list[Row]] = {}
        for row in rows:
            by_order.setdefault(row[0], []).append(row)
        for command in commands:
            yield keys_of(command, by_order.get(command.order_id, ()), facts)

    return read


def _counted(rows: Iterable[Row], lines: frozenset[int] | None) -> Iterator[StockKey]:
    for _, _, _, _, line, sku, location, stage in rows:
        if (lines is None or line in lines) and Stage(stage) in STOCK_STAGES:
            yield StockKey(sku, location)


def _keys_of_cancel_lines(command: CancelLines, rows: Sequence[Row], _facts: State) -> Iterator[Key[Any] | Read]:
    return _counted(rows, frozenset(wish.line for wish in command.lines))


def _keys_of_whole_order(_command: Any, rows: Sequence[Row], _facts: State) -> Iterator[Key[Any] | Read]:
    return _counted(rows, None)


def _keys_of_change(command: ChangeLineQuantity, rows: Sequence[Row], facts: State) -> Iterator[Key[Any] | Read]:
    yield from _counted(rows, frozenset({command.line}))
    yield from _keys_to_serve({row[5] for row in rows if row[4] == command.line}, rows, facts)


def _keys_of_backorder(command: Any, rows: Sequence[Row], facts: State) -> Iterator[Key[Any] | Read]:
    yield from _counted((row for row in rows if row[5] == command.sku), None)
    yield from _keys_to_serve({command.sku}, rows, facts)


def _keys_to_serve(skus: Iterable[str], rows: Sequence[Row], facts: State) -> Iterator[Key[Any] | Read]:
    if not rows:
        return
    _, channel, method, pickup_point, *_ = rows[0]
    yield Read(ChannelKey(channel))
    for sku in skus:
        yield Read(VariantKey(sku))
        for code in candidates_for(facts.find(LocationsKey()) or (), DeliveryMethod(method), pickup_point):
            yield StockKey(sku, code)


SCOUT_CANCEL_LINES: Final = Scout(ask=_ask_orders, read=_by_order(_keys_of_cancel_lines))
SCOUT_CHANGE: Final = Scout(ask=_ask_orders, read=_by_order(_keys_of_change))
SCOUT_WHOLE_ORDER: Final = Scout(ask=_ask_orders, read=_by_order(_keys_of_whole_order))
SCOUT_BACKORDER: Final = Scout(ask=_ask_orders, read=_by_order(_keys_of_backorder))
