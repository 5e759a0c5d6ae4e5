"""How an order changes on its events."""

from collections.abc import Iterator
from typing import assert_never
from uuid import UUID

import msgspec

from aftercart.kit.state import State
from aftercart.orders.events import (
    BackorderReserved,
    ChannelsUpserted,
    DeliveryAddressChanged,
    LineQuantityChanged,
    LinesCanceled,
    OrderCanceled,
    OrderEvent,
    OrderPlaced,
    UnitsMissing,
)
from aftercart.orders.model import (
    Channel,
    ChannelKey,
    Order,
    OrderKey,
    OrderLine,
    PlacedReference,
    ReferenceKey,
    Status,
)
from aftercart.orders.rules.derive_status import derive_status
from aftercart.orders.rules.totals import totals_from
from aftercart.orders.rules.unit_ledger import move_units

AnyOrderEvent = (
    OrderPlaced
    | DeliveryAddressChanged
    | LineQuantityChanged
    | LinesCanceled
    | OrderCanceled
    | BackorderReserved
    | UnitsMissing
)


def evolve_order(stream: UUID, event: AnyOrderEvent, state: State) -> Iterator[tuple[OrderKey, Order]]:
    """Yields the order after the event."""
    key = OrderKey(stream)
    yield key, evolve(state.find(key) if not isinstance(event, OrderPlaced) else None, event, order_id=stream)


def evolve_reference(stream: UUID, event: OrderPlaced, _state: State) -> Iterator[tuple[ReferenceKey, PlacedReference]]:
    """Yields the shop's own reference as taken from now on."""
    if event.reference is not None:
        placed = PlacedReference(order_id=stream, number=event.number, fingerprint=event.fingerprint)
        yield ReferenceKey(event.channel, event.reference), placed


def evolve_channels(_stream: UUID, event: ChannelsUpserted, _state: State) -> Iterator[tuple[ChannelKey, Channel]]:
    """Yields every channel of the event as it is from now on."""
    for channel in event.channels:
        yield ChannelKey(channel.code), channel


def evolve(order: Order | None, event: AnyOrderEvent, *, order_id: UUID) -> Order:
    """Returns the order after the event; ``order`` is ``None`` before it is placed."""
    if isinstance(event, OrderPlaced):
        return _settled(_placed(event, order_id), event)
    assert order is not None, f"{type(event).__name__} happened to an order that was never placed"
    match event:
        case DeliveryAddressChanged():
            delivery = msgspec.structs.replace(order.delivery, address=event.address)
            changed = msgspec.structs.replace(order, delivery=delivery)
        case LineQuantityChanged():
            changed = _ordered_more(order, event)
        case LinesCanceled() | OrderCanceled() | BackorderReserved() | UnitsMissing():
            changed = order
        case _:
            assert_never(event)
    return _settled(changed, event)


def _placed(event: OrderPlaced, order_id: UUID) -> Order:
    return Order(
        order_id=order_id,
        number=event.number,
        channel=event.channel,
        reference=event.reference,
        fingerprint=event.fingerprint,
        customer=event.customer,
        billing_address=event.billing_address,
        currency=event.currency,
        lines=event.lines,
        units=(),
        delivery=event.delivery,
        payment=event.payment,
        holds=(),
        sourcing=event.sourcing,
        status=Status.CONFIRMED,
        total_minor=0,
        placed_at=event.placed_at,
        release_at=None,
        version=0,
    )


def _ordered_more(order: Order, event: LineQuantityChanged) -> Order:
    added = sum(move.quantity for move in event.moves if move.source is None)
    if not added:
        return order

    def grown(line: OrderLine) -> OrderLine:
        return msgspec.structs.replace(line, ordered=line.ordered + added) if line.line == event.line else line

    return msgspec.structs.replace(order, lines=tuple(grown(line) for line in order.lines))


def _settled(order: Order, event: OrderEvent) -> Order:
    units = move_units(order.units, event.moves) if event.moves else order.units
    return msgspec.structs.replace(
        order,
        units=units,
        holds=event.holds,
        release_at=event.release_at,
        status=derive_status(units, event.holds),
        total_minor=totals_from(order.lines, units, delivery_minor=order.delivery.price_minor).total_minor,
        version=order.version + 1,
    )
