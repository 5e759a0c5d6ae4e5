"""Finding out which rows a change of an order may touch, before anything is locked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from aftercart.catalog.model import VariantKey
from aftercart.inventory.model import STOCK_STAGES, Stage, StockKey
from aftercart.kit.commands import Command, Scout
from aftercart.kit.state import Key, Read, State, Statement
from aftercart.orders import store_sql as sql
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.amend import Amend
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.decisions.cancel_order import CancelOrder, ExpirePaymentHold
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.change_pickup_point import ChangePickupPoint
from aftercart.orders.decisions.finish_production import FinishProduction
from aftercart.orders.decisions.order_again import OrderAgain
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.decisions.review_promise import ReviewPromise
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.model import ChannelKey, OrderKey, QueueKey
from aftercart.orders.scouts.serving import (
    NOT_HANDED_OVER,
    Way,
    candidates_for,
    capacity_keys,
    locations_in,
    parts_of,
    reads_of,
    stock_keys,
    variant_reads,
    way_of,
)
from aftercart.shipping.model import (
    Booking,
    CapacityKey,
    Destination,
    Truck,
    UpcomingCapacityKey,
    floor_resource,
    slot_resource,
)

Need = Key[Any] | Read
_decode_bookings: Final = msgspec.json.Decoder(tuple[Booking, ...]).decode
_decode_trucks: Final = msgspec.json.Decoder(tuple[Truck, ...]).decode


class Row(NamedTuple):
    """So many units of a line, with what is known of their order; ``bookings`` and ``trucks`` are JSON."""

    order_id: UUID
    channel: str
    method: str
    pickup_point: str | None
    country: str | None
    postcode: str | None
    bookings: str
    trucks: str
    line: int
    sku: str
    location: str
    stage: str
    line_sku: str
    replaces: int | None

    @property
    def way(self) -> Way:
        """Returns how the order goes now."""
        destination = None
        if self.country is not None and self.postcode is not None:
            destination = Destination(country=self.country, postcode=self.postcode)
        return Way(self.method, destination, self.pickup_point)


Rows = Sequence[Row]
KeysOf = Callable[[Any, Rows, State], Iterable[Need]]
"""``keys_of(command, rows of its order, facts)``; there is at least one row."""


def _ask(commands: Sequence[Any], _facts: State) -> Statement:
    return Statement(sql.SCOUT_ORDERS, {"order_ids": [command.order_id for command in commands]})


def _ask_if_booked(commands: Sequence[Any], facts: State) -> Statement | None:
    return _ask(commands, facts) if facts.find(UpcomingCapacityKey()) else None


def _by_order(keys_of: KeysOf) -> Callable[[Sequence[Command], Sequence[Any], State], Iterator[Iterable[Need]]]:
    def read(commands: Sequence[Any], rows: Sequence[Any], facts: State) -> Iterator[Iterable[Need]]:
        by_order: dict[UUID, list[Row]] = {}
        for row in rows:
            by_order.setdefault(row[0], []).append(Row(*row))
        for command in commands:
            found = by_order.get(command.order_id)
            yield (*keys_of(command, found, facts), *_counted_on(found, facts)) if found else ()

    return read


def _counted_on(rows: Rows, facts: State) -> Iterator[CapacityKey]:
    """Yields what is booked for an order, and its promised trucks: whatever changes, it keeps those it still can."""
    for one in _decode_bookings(rows[0].bookings):
        yield CapacityKey(one.resource, one.at)
    counted = {one.code for one in locations_in(facts) if one.hourly_capacity_orders is not None}
    if counted:
        for truck in _decode_trucks(rows[0].trucks):
            if truck.location in counted:
                yield CapacityKey(floor_resource(truck.location), truck.at)


def _counted(rows: Rows, lines: frozenset[int] | None = None) -> Iterator[StockKey]:
    for row in rows:
        if (lines is None or row.line in lines) and Stage(row.stage) in STOCK_STAGES:
            yield StockKey(row.sku, row.location)


def _to_serve(skus: Iterable[str], rows: Rows, facts: State, *, way: Way) -> Iterator[Need]:
    wanted = tuple(skus)
    candidates = candidates_for(way, facts)
    yield Read(ChannelKey(rows[0].channel))
    yield from reads_of(way, facts)
    yield from variant_reads(wanted)
    yield from stock_keys(wanted, candidates)
    yield from capacity_keys(candidates, facts)


def _keys_of_order(_command: Any, _rows: Rows, _facts: State) -> Iterator[Need]:
    return iter(())


def _keys_of_whole_order(_command: Any, rows: Rows, _facts: State) -> Iterator[Need]:
    return _counted(rows)


def _keys_of_lines(command: CancelLines, rows: Rows, _facts: State) -> Iterator[Need]:
    return _counted(rows, frozenset(wish.line for wish in command.lines))


def _keys_of_line(command: Any, rows: Rows, _facts: State) -> Iterator[Need]:
    return _counted(rows, frozenset({command.line}))


def _keys_of_quantity(command: ChangeLineQuantity, rows: Rows, facts: State) -> Iterator[Need]:
    ordered = [row for row in rows if row.line == command.line]
    yield from _counted(ordered)
    yield from variant_reads({row.line_sku for row in ordered})
    yield from _to_serve({row.sku for row in ordered}, rows, facts, way=rows[0].way)


def _keys_of_added(command: Any, rows: Rows, facts: State) -> Iterator[Need]:
    variant = facts.find(VariantKey(command.sku))
    if variant is not None:
        yield from _to_serve(parts_of(variant), rows, facts, way=rows[0].way)


def _keys_of_swap(command: SwapVariant, rows: Rows, facts: State) -> Iterator[Need]:
    yield from variant_reads(_exchanged(command.line, rows))
    yield from _counted(rows, frozenset({command.line}))
    yield from _keys_of_added(command, rows, facts)


def _exchanged(line: int, rows: Rows) -> Iterator[str]:
    """Yields the SKU of a line, and those of the lines that it took the place of."""
    by_line = {row.line: row for row in rows}
    row = by_line.get(line)
    while row is not None:
        yield row.line_sku
        row = None if row.replaces is None else by_line[row.replaces]


def _keys_of_backorder(command: ReserveBackorder, rows: Rows, facts: State) -> Iterator[Need]:
    yield from (key for key in _counted(rows) if key.sku == command.sku)
    yield from _to_serve({command.sku}, rows, facts, way=rows[0].way)


def _keys_of_review(command: ReviewPromise, rows: Rows, facts: State) -> Iterator[Need]:
    yield Read(VariantKey(command.sku))
    here = StockKey(command.sku, command.location)
    if here not in {StockKey(row.sku, row.location) for row in rows if Stage(row.stage) is Stage.BACKORDERED}:
        return
    way = rows[0].way
    yield Read(ChannelKey(rows[0].channel))
    yield from reads_of(way, facts)
    # Nobody joins or leaves a queue whose stock is locked.
    for key in {here, *stock_keys({command.sku}, candidates_for(way, facts))}:
        yield key
        yield Read(QueueKey(key.sku, key.location))


def _keys_of_rerouting(rows: Rows, facts: State, *, way: Way) -> Iterator[Need]:
    untouched = [row for row in rows if Stage(row.stage) in NOT_HANDED_OVER]
    yield from _counted(untouched)
    yield from _to_serve({row.sku for row in untouched}, rows, facts, way=way)


def _keys_of_address(command: ChangeDeliveryAddress, rows: Rows, facts: State) -> Iterator[Need]:
    address = command.address
    destination = Destination(country=address.country.upper(), postcode=address.postcode)
    return _keys_of_rerouting(rows, facts, way=rows[0].way._replace(destination=destination))


def _keys_of_method(command: ChangeDeliveryMethod, rows: Rows, facts: State) -> Iterator[Need]:
    before, address = rows[0].way, command.address
    destination = before.destination if command.pickup_point is None else None
    if address is not None:
        destination = Destination(country=address.country.upper(), postcode=address.postcode)
    yield from _keys_of_rerouting(rows, facts, way=Way(command.method, destination, command.pickup_point))
    if command.slot is not None:
        yield CapacityKey(slot_resource(command.method), command.slot)


def _keys_of_point(command: ChangePickupPoint, rows: Rows, facts: State) -> Iterator[Need]:
    return _keys_of_rerouting(rows, facts, way=rows[0].way._replace(pickup_point=command.pickup_point))


def _keys_of_amendment(command: Amend, rows: Rows, facts: State) -> Iterator[Need]:
    for operation in command.operations:
        keys_of = KEYS_OF.get(type(operation))
        if keys_of is not None:
            yield from keys_of(operation, rows, facts)


def _keys_of_again(command: OrderAgain, rows: Rows, facts: State) -> Iterator[Need]:
    way = rows[0].way if command.delivery is None else way_of(command.delivery)
    skus = {row.line_sku for row in rows} | {row.sku for row in rows}
    for line in command.lines or ():
        variant = facts.find(VariantKey(line.sku))
        skus |= {line.sku} if variant is None else {line.sku, *parts_of(variant)}
    yield Read(OrderKey(command.order_id))
    yield from _to_serve(skus, rows, facts, way=way)


KEYS_OF: Final[dict[type[Command], KeysOf]] = {
    AddLine: _keys_of_added,
    CancelLines: _keys_of_lines,
    CancelOrder: _keys_of_whole_order,
    ChangeDeliveryAddress: _keys_of_address,
    ChangeDeliveryMethod: _keys_of_method,
    ChangeLineQuantity: _keys_of_quantity,
    ChangePickupPoint: _keys_of_point,
    ExpirePaymentHold: _keys_of_whole_order,
    FinishProduction: _keys_of_line,
    ReserveBackorder: _keys_of_backorder,
    ReviewPromise: _keys_of_review,
    SwapVariant: _keys_of_swap,
}
"""Which stock a change may touch; one that is not here touches none, at most the hours booked for its order."""

SCOUT_AMEND: Final[Scout[Any]] = Scout(ask=_ask, read=_by_order(_keys_of_amendment))
SCOUT_AGAIN: Final[Scout[Any]] = Scout(ask=_ask, read=_by_order(_keys_of_again))
SCOUT_ORDER: Final[Scout[Any]] = Scout(ask=_ask_if_booked, read=_by_order(_keys_of_order))


def scout_of(command: type[Command]) -> Scout[Any]:
    """Returns how to find out what a change may touch."""
    keys_of = KEYS_OF.get(command)
    return SCOUT_ORDER if keys_of is None else Scout(ask=_ask, read=_by_order(keys_of))
