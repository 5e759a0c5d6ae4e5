"""Finding out which stock a command may touch, before anything is locked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from aftercart.catalog.model import Variant, VariantKey
from aftercart.inventory.model import STOCK_STAGES, Location, LocationsKey, Stage, StockKey
from aftercart.inventory.queries import ask_available_by_location
from aftercart.kit.commands import Command, Scout
from aftercart.kit.state import Key, Read, State, Statement
from aftercart.orders import store_sql as sql
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.amend import Amend
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.decisions.cancel_order import CancelOrder, ExpirePaymentHold
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.finish_production import FinishProduction
from aftercart.orders.decisions.order_again import OrderAgain
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.model import ChannelKey, DeliveryMethod, OrderKey
from aftercart.sourcing.model import Demand
from aftercart.sourcing.rules.candidates import CANDIDATES_LOCKED, best_candidates, candidates_for_delivery


def candidates_for(
    locations: tuple[Location, ...], method: DeliveryMethod, pickup_point: str | None
) -> tuple[str, ...]:
    """Returns the locations that may serve an order: the store it is collected in, else all that ship."""
    if method is DeliveryMethod.STORE_PICKUP:
        return (pickup_point or "",)
    return candidates_for_delivery(locations)


def parts_of(variant: Variant) -> tuple[str, ...]:
    """Returns the SKUs whose stock a variant is served from: those of its components, or its own."""
    return tuple(component.sku for component in variant.components) or (variant.sku,)


def parts_of_wish(command: PlaceOrder, facts: State) -> Iterator[str]:
    """Yields the SKUs whose stock an order is served from."""
    for line in command.lines:
        variant = facts.find(VariantKey(line.sku))
        yield from (line.sku,) if variant is None else parts_of(variant)


def _candidates(command: PlaceOrder, facts: State) -> tuple[str, ...]:
    locations = facts.find(LocationsKey()) or ()
    return candidates_for(locations, command.delivery.method, command.delivery.pickup_point)


def _ask_stock(commands: Sequence[PlaceOrder], facts: State) -> Statement | None:
    # With so few locations all of them are locked anyway: nothing to find out.
    contested = [command for command in commands if len(_candidates(command, facts)) > CANDIDATES_LOCKED]
    if not contested:
        return None
    return ask_available_by_location(sorted({sku for command in contested for sku in parts_of_wish(command, facts)}))


def _read_candidates(commands: Sequence[PlaceOrder], rows: Sequence[Any], facts: State) -> Iterator[Iterable[StockKey]]:
    units = {(sku, location): available for sku, location, available in rows}

    def available(sku: str, location: str) -> int:
        return units.get((sku, location), 0)

    for command in commands:
        candidates = _candidates(command, facts)
        if len(candidates) > CANDIDATES_LOCKED:
            candidates = best_candidates(candidates, tuple(_demands(command, facts)), available)
        yield [StockKey(sku, code) for sku in parts_of_wish(command, facts) for code in candidates]


def _demands(command: PlaceOrder, facts: State) -> Iterator[Demand]:
    for index, line in enumerate(command.lines):
        variant = facts.find(VariantKey(line.sku))
        if variant is not None and variant.components:
            for component in variant.components:
                yield Demand(line=index, sku=component.sku, quantity=component.quantity * line.quantity)
        else:
            yield Demand(line=index, sku=line.sku, quantity=line.quantity)


SCOUT_PLACE: Final = Scout(ask=_ask_stock, read=_read_candidates)
"""The stock an order may be served from: that of the three best locations."""


Row = tuple[UUID, str, str, str | None, int, str, str, str, str]
"""Order, channel, method, pickup point; line, SKU of the units, location, stage; SKU of the line."""


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
    for _, _, _, _, line, sku, location, stage, _ in rows:
        if (lines is None or line in lines) and Stage(stage) in STOCK_STAGES:
            yield StockKey(sku, location)


def _keys_of_cancel_lines(command: CancelLines, rows: Sequence[Row], _facts: State) -> Iterator[Key[Any] | Read]:
    return _counted(rows, frozenset(wish.line for wish in command.lines))


def _keys_of_whole_order(_command: Any, rows: Sequence[Row], _facts: State) -> Iterator[Key[Any] | Read]:
    return _counted(rows, None)


def _keys_of_change(command: ChangeLineQuantity, rows: Sequence[Row], facts: State) -> Iterator[Key[Any] | Read]:
    ordered = [row for row in rows if row[4] == command.line]
    yield from _counted(rows, frozenset({command.line}))
    yield from (Read(VariantKey(row[8])) for row in ordered)
    yield from _keys_to_serve({row[5] for row in ordered}, rows, facts)


def _keys_of_line(command: Any, rows: Sequence[Row], _facts: State) -> Iterator[Key[Any] | Read]:
    return _counted(rows, frozenset({command.line})) if rows else iter(())


def _keys_of_added(command: Any, rows: Sequence[Row], facts: State) -> Iterator[Key[Any] | Read]:
    variant = facts.find(VariantKey(command.sku))
    return iter(()) if variant is None else _keys_to_serve(parts_of(variant), rows, facts)


def _keys_of_swap(command: SwapVariant, rows: Sequence[Row], facts: State) -> Iterator[Key[Any] | Read]:
    yield from (Read(VariantKey(row[8])) for row in rows if row[4] == command.line)
    yield from _counted(rows, frozenset({command.line}))
    yield from _keys_of_added(command, rows, facts)


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


def _keys_of_amendment(command: Amend, rows: Sequence[Row], facts: State) -> Iterator[Key[Any] | Read]:
    for operation in command.operations:
        keys_of = KEYS_OF.get(type(operation))
        if keys_of is not None:
            yield from keys_of(operation, rows, facts)


def _keys_of_again(command: OrderAgain, rows: Sequence[Row], facts: State) -> Iterator[Key[Any] | Read]:
    yield Read(OrderKey(command.order_id))
    if not rows:
        return
    _, channel, method, pickup_point, *_ = rows[0]
    delivery = command.delivery
    if delivery is not None:
        method, pickup_point = delivery.method.value, delivery.pickup_point
    yield Read(ChannelKey(channel))
    skus = {row[8] for row in rows} | {row[5] for row in rows}
    for line in command.lines or ():
        variant = facts.find(VariantKey(line.sku))
        skus |= {line.sku} if variant is None else {line.sku, *parts_of(variant)}
    candidates = candidates_for(facts.find(LocationsKey()) or (), DeliveryMethod(method), pickup_point)
    for sku in skus:
        yield Read(VariantKey(sku))
        yield from (StockKey(sku, code) for code in candidates)


KeysOf = Callable[[Any, Sequence[Row], State], Iterable[Key[Any] | Read]]
KEYS_OF: Final[dict[type[Command], KeysOf]] = {
    AddLine: _keys_of_added,
    CancelLines: _keys_of_cancel_lines,
    CancelOrder: _keys_of_whole_order,
    ChangeLineQuantity: _keys_of_change,
    ExpirePaymentHold: _keys_of_whole_order,
    FinishProduction: _keys_of_line,
    ReserveBackorder: _keys_of_backorder,
    SwapVariant: _keys_of_swap,
}
"""Which stock a change may touch; a change that is not here touches none."""


def scout_of(command: type[Command]) -> Scout[Any] | None:
    """Returns how to find out what a change may touch, ``None`` for one that touches the order alone."""
    keys_of = KEYS_OF.get(command)
    return None if keys_of is None else Scout(ask=_ask_orders, read=_by_order(keys_of))


SCOUT_AMEND: Final[Scout[Any]] = Scout(ask=_ask_orders, read=_by_order(_keys_of_amendment))
SCOUT_AGAIN: Final[Scout[Any]] = Scout(ask=_ask_orders, read=_by_order(_keys_of_again))
