"""How an order changes on its events."""

from collections.abc import Iterator
from typing import Any, Final, assert_never, get_args
from uuid import UUID

import msgspec

from aftercart.inventory.model import Stage
from aftercart.kit.state import State
from aftercart.orders.events import (
    BackorderReserved,
    ChannelsUpserted,
    ContactChanged,
    DeliveryAddressChanged,
    DeliveryMethodChanged,
    ExpectationMoved,
    GiftMessageAdded,
    HoldLifted,
    LineAdded,
    LinePricing,
    LineQuantityChanged,
    LinesCanceled,
    OrderCanceled,
    OrderChanged,
    OrderHeld,
    OrderPlaced,
    OrderReleased,
    PaymentMethodChanged,
    PickupPointChanged,
    PolicySet,
    ProductionFinished,
    ProductionStarted,
    PromiseMoved,
    SplitAccepted,
    UnitsMissing,
    UnitsMoved,
    VariantSwapped,
)
from aftercart.orders.model import (
    Channel,
    ChannelKey,
    Order,
    OrderKey,
    OrderLine,
    PlacedReference,
    Policy,
    PolicyKey,
    Queued,
    QueueKey,
    ReferenceKey,
    Status,
)
from aftercart.orders.rules.awaited import waiting_units
from aftercart.orders.rules.bookings import after_booking
from aftercart.orders.rules.derive_status import derive_status
from aftercart.orders.rules.totals import totals_from
from aftercart.orders.rules.unit_ledger import move_units, units_per_piece

AnyOrderEvent = (
    OrderPlaced
    | DeliveryAddressChanged
    | DeliveryMethodChanged
    | PickupPointChanged
    | ExpectationMoved
    | PromiseMoved
    | ContactChanged
    | PaymentMethodChanged
    | GiftMessageAdded
    | LineAdded
    | VariantSwapped
    | LineQuantityChanged
    | LinesCanceled
    | OrderCanceled
    | BackorderReserved
    | UnitsMissing
    | OrderHeld
    | HoldLifted
    | SplitAccepted
    | OrderReleased
    | ProductionStarted
    | ProductionFinished
    | UnitsMoved
)

ORDER_EVENTS: Final[dict[str, type[Any]]] = {event.__name__: event for event in get_args(AnyOrderEvent)}
"""The events of an order by the names under which they are logged."""


def evolve_order(stream: UUID, event: AnyOrderEvent, state: State) -> Iterator[tuple[OrderKey, Order]]:
    """Yields the order after the event."""
    key = OrderKey(stream)
    yield key, evolve(state.find(key) if not isinstance(event, OrderPlaced) else None, event, order_id=stream)


def evolve_queues(stream: UUID, event: AnyOrderEvent, state: State) -> Iterator[tuple[QueueKey, tuple[Queued, ...]]]:
    """Yields the queues, of those that are known, in which the order stands after the event, or stood before it."""
    order = state.find(OrderKey(stream))
    assert order is not None, f"{type(event).__name__} left no order behind"
    waiting = waiting_units(order)
    left = {(one.sku, one.origin or one.location) for one in event.moves if one.source is Stage.BACKORDERED}
    expected = {(one.sku, one.location): one.expected_date for one in order.awaited}
    for sku, location in waiting.keys() | left:
        key = QueueKey(sku, location)
        if not state.knows(key):
            continue
        queue = tuple(one for one in state.find(key) or () if one.order_id != stream)
        units = waiting[sku, location]
        if units:
            own = Queued(
                order_id=stream,
                units=units,
                expected_date=expected.get((sku, location)),
                promised_date=order.delivery.promised_date,
                placed_at=order.placed_at,
            )
            queue = (*queue, own)
        yield key, queue


def evolve_reference(stream: UUID, event: OrderPlaced, _state: State) -> Iterator[tuple[ReferenceKey, PlacedReference]]:
    """Yields the shop's own reference as taken from now on."""
    if event.reference is not None:
        placed = PlacedReference(order_id=stream, number=event.number, fingerprint=event.fingerprint)
        yield ReferenceKey(event.channel, event.reference), placed


def evolve_channels(_stream: UUID, event: ChannelsUpserted, _state: State) -> Iterator[tuple[ChannelKey, Channel]]:
    """Yields every channel of the event as it is from now on."""
    for channel in event.channels:
        yield ChannelKey(channel.code), channel


def evolve_policy(_stream: UUID, event: PolicySet, _state: State) -> Iterator[tuple[PolicyKey, Policy]]:
    """Yields the policy as it is from now on."""
    yield PolicyKey(), event.policy


def evolve(order: Order | None, event: AnyOrderEvent, *, order_id: UUID) -> Order:
    """Returns the order after the event; ``order`` is ``None`` before it is placed."""
    if isinstance(event, OrderPlaced):
        return _settled(_placed(event, order_id), event)
    assert order is not None, f"{type(event).__name__} happened to an order that was never placed"
    match event:
        case LineAdded() | VariantSwapped() | LineQuantityChanged():
            changed = _with_lines(order, event)
        case DeliveryAddressChanged() | DeliveryMethodChanged() | PickupPointChanged():
            changed = msgspec.structs.replace(order, sourcing=event.sourcing or order.sourcing)
        case ContactChanged() | PaymentMethodChanged() | GiftMessageAdded():
            changed = _agreed_anew(order, event)
        case SplitAccepted():
            changed = msgspec.structs.replace(order, split_accepted=True)
        case OrderReleased():
            changed = msgspec.structs.replace(order, released_at=order.released_at or event.released_at)
        case ProductionFinished():
            changed = msgspec.structs.replace(order, released_at=order.released_at or event.finished_at)
        case UnitsMoved():
            changed = _touched(order, event)
        case (LinesCanceled() | OrderCanceled() | BackorderReserved() | UnitsMissing() | OrderHeld() | HoldLifted()) | (
            ProductionStarted() | ExpectationMoved() | PromiseMoved()
        ):
            changed = order
        case _:
            assert_never(event)
    return _settled(changed, event)


def _touched(order: Order, event: UnitsMoved) -> Order:
    if order.touched_at is not None or not any(move.target is Stage.PICKED for move in event.moves):
        return order
    return msgspec.structs.replace(order, touched_at=event.at)


def _with_lines(order: Order, event: LineAdded | VariantSwapped | LineQuantityChanged) -> Order:
    match event:
        case LineAdded():
            return msgspec.structs.replace(order, lines=(*order.lines, event.line))
        case VariantSwapped():
            return msgspec.structs.replace(order, lines=(*order.lines, event.new_line))
        case LineQuantityChanged():
            return _ordered_more(order, event)


def _agreed_anew(order: Order, event: ContactChanged | PaymentMethodChanged | GiftMessageAdded) -> Order:
    match event:
        case ContactChanged():
            return msgspec.structs.replace(order, customer=event.customer)
        case PaymentMethodChanged():
            payment = msgspec.structs.replace(order.payment, method=event.method)
            return msgspec.structs.replace(order, payment=payment)
        case GiftMessageAdded():
            return _with_message(order, event)


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
        promotions=event.promotions,
        gift_message=event.gift_message,
        again_of=event.again_of,
    )


def _with_message(order: Order, event: GiftMessageAdded) -> Order:
    if event.line is None:
        return msgspec.structs.replace(order, gift_message=event.message)

    def worded(line: OrderLine) -> OrderLine:
        return msgspec.structs.replace(line, gift_message=event.message) if line.line == event.line else line

    return msgspec.structs.replace(order, lines=tuple(worded(line) for line in order.lines))


def _ordered_more(order: Order, event: LineQuantityChanged) -> Order:
    added = sum(move.quantity for move in event.moves if move.source is None)
    if not added:
        return order

    def grown(line: OrderLine) -> OrderLine:
        if line.line != event.line:
            return line
        return msgspec.structs.replace(line, ordered=line.ordered + added // units_per_piece(line))

    return msgspec.structs.replace(order, lines=tuple(grown(line) for line in order.lines))


def _repriced(lines: tuple[OrderLine, ...], repriced: tuple[LinePricing, ...]) -> tuple[OrderLine, ...]:
    by_line = {one.line: one for one in repriced}

    def priced(line: OrderLine) -> OrderLine:
        new = by_line.get(line.line)
        if new is None:
            return line
        return msgspec.structs.replace(
            line,
            unit_price_minor=new.unit_price_minor,
            discount_minor=new.discount_minor,
            discount_units=new.discount_units,
            clawed_back=new.clawed_back,
        )

    return tuple(priced(line) for line in lines)


def _settled(order: Order, event: OrderPlaced | OrderChanged) -> Order:
    units = move_units(order.units, event.moves) if event.moves else order.units
    lines = _repriced(order.lines, event.repriced) if event.repriced else order.lines
    fees = order.fees if event.fee is None else (*order.fees, event.fee)
    delivery = event.delivery or order.delivery
    totals = totals_from(lines, units, delivery_minor=delivery.price_minor, fees=fees)
    return msgspec.structs.replace(
        order,
        units=units,
        lines=lines,
        fees=fees,
        delivery=delivery,
        awaited=order.awaited if event.awaited is None else event.awaited,
        bookings=after_booking(order.bookings, event.bookings) if event.bookings else order.bookings,
        holds=event.holds,
        release_at=event.release_at,
        status=derive_status(units, event.holds),
        total_minor=totals.total_minor,
        version=order.version + 1,
    )
