"""Orders, references and channels in PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.kit.address import Address
from aftercart.kit.state import Change, Kind, Statement
from aftercart.orders import store_sql as sql
from aftercart.orders.model import (
    Awaited,
    Channel,
    ChannelKey,
    Customer,
    Delivery,
    Fee,
    Hold,
    Order,
    OrderKey,
    OrderLine,
    Payment,
    PlacedReference,
    Policy,
    PolicyKey,
    Promotion,
    Queued,
    QueueKey,
    ReferenceKey,
    Units,
)
from aftercart.orders.rules.consequences import consequences_of
from aftercart.shipping.model import Booking
from aftercart.sourcing.model import Sourcing

_encode: Final = msgspec.json.Encoder().encode
_decode_order: Final = msgspec.json.Decoder(Order).decode
_decode_policy: Final = msgspec.json.Decoder(Policy).decode
_decode_queue: Final = msgspec.json.Decoder(tuple[Queued, ...]).decode


class _OrderRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    order_id: UUID
    number: str
    channel: str
    reference: str | None
    fingerprint: str
    email: str
    customer: Customer
    billing_address: Address | None
    currency: str
    delivery: Delivery
    payment: Payment
    holds: tuple[Hold, ...]
    sourcing: Sourcing
    status: str
    total_minor: int
    placed_at: datetime
    release_at: datetime | None
    hold_expires_at: datetime | None
    version: int
    promotions: tuple[Promotion, ...]
    fees: tuple[Fee, ...]
    gift_message: str | None
    split_accepted: bool
    released_at: datetime | None
    again_of: UUID | None
    awaited: tuple[Awaited, ...]
    awaited_date: date | None
    bookings: tuple[Booking, ...]
    touched_at: datetime | None


class _LineRow(OrderLine, frozen=True, kw_only=True, gc=False):
    order_id: UUID


class _UnitsRow(Units, frozen=True, kw_only=True, gc=False):
    order_id: UUID


def _ids(keys: Sequence[OrderKey]) -> dict[str, object]:
    return {"order_ids": [key.order_id for key in keys]}


def load_orders(keys: Sequence[OrderKey]) -> Statement:
    """Asks for whole orders in one statement, so lines and units are of the same moment as their order."""
    return Statement(sql.LOAD_ORDERS, _ids(keys))


def read_orders(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[OrderKey, Order]]:
    """Yields the orders that ``load_orders`` asked for."""
    for (row,) in rows:
        order = _decode_order(row)
        yield OrderKey(order.order_id), order


def _save_orders(changes: Sequence[Change]) -> Iterable[Statement]:
    placed = [change.after for change in changes if change.before is None]
    changed = [(change.before, change.after) for change in changes if change.before is not None]
    if placed:
        yield Statement(sql.INSERT_ORDERS, _rows(_order_row(order) for order in placed))
        yield Statement(sql.INSERT_LINES, _rows(_line_row(order, line) for order in placed for line in order.lines))
        yield Statement(sql.INSERT_UNITS, _rows(_units_row(order, units) for order in placed for units in order.units))
    if changed:
        yield Statement(sql.UPDATE_ORDERS, _rows(_order_row(after) for _, after in changed))
        yield from _save_changed_parts(changed)


def _save_changed_parts(changed: Sequence[tuple[Order, Order]]) -> Iterator[Statement]:
    new = [_line_row(after, line) for before, after in changed for line in after.lines[len(before.lines) :]]
    lines = [
        _line_row(after, line)
        for before, after in changed
        for known, line in zip(before.lines, after.lines, strict=False)
        if line is not known and line != known
    ]
    kept = [_units_row(after, one) for before, after in changed for one in _changed_units(before, after)]
    gone = [_units_row(before, one) for before, after in changed for one in _vanished(before, after)]
    if new:
        yield Statement(sql.INSERT_LINES, _rows(new))
    if lines:
        yield Statement(sql.UPDATE_LINES, _rows(lines))
    if gone:
        yield Statement(sql.DELETE_UNITS, _rows(gone))
    if kept:
        yield Statement(sql.UPSERT_UNITS, _rows(kept))


def _changed_units(before: Order, after: Order) -> Iterator[Units]:
    known = set(before.units)
    return (units for units in after.units if units not in known)


def _vanished(before: Order, after: Order) -> Iterator[Units]:
    present = {(units.line, units.location, units.stage, units.sku) for units in after.units}
    return (one for one in before.units if (one.line, one.location, one.stage, one.sku) not in present)


def _rows(rows: Iterable[msgspec.Struct]) -> dict[str, object]:
    return {"rows": _encode(tuple(rows)).decode()}


def _order_row(order: Order) -> _OrderRow:
    return _OrderRow(
        order_id=order.order_id,
        number=order.number,
        channel=order.channel,
        reference=order.reference,
        fingerprint=order.fingerprint,
        email=order.customer.email,
        customer=order.customer,
        billing_address=order.billing_address,
        currency=order.currency,
        delivery=order.delivery,
        payment=order.payment,
        holds=order.holds,
        sourcing=order.sourcing,
        status=order.status.value,
        total_minor=order.total_minor,
        placed_at=order.placed_at,
        release_at=order.release_at,
        hold_expires_at=min((hold.expires_at for hold in order.holds if hold.expires_at), default=None),
        version=order.version,
        promotions=order.promotions,
        fees=order.fees,
        gift_message=order.gift_message,
        split_accepted=order.split_accepted,
        released_at=order.released_at,
        again_of=order.again_of,
        awaited=order.awaited,
        awaited_date=min((one.expected_date for one in order.awaited if one.expected_date), default=None),
        bookings=order.bookings,
        touched_at=order.touched_at,
    )


def _line_row(order: Order, line: OrderLine) -> _LineRow:
    return _LineRow(
        order_id=order.order_id,
        line=line.line,
        sku=line.sku,
        product=line.product,
        name=line.name,
        ordered=line.ordered,
        unit_price_minor=line.unit_price_minor,
        tax_rate_bps=line.tax_rate_bps,
        discount_minor=line.discount_minor,
        discount_units=line.discount_units,
        gift_message=line.gift_message,
        promotion=line.promotion,
        clawed_back=line.clawed_back,
        components=line.components,
        made_to_order=line.made_to_order,
        replaces=line.replaces,
        replacement=line.replacement,
        weight_grams=line.weight_grams,
    )


def _units_row(order: Order, units: Units) -> _UnitsRow:
    return _UnitsRow(
        order_id=order.order_id,
        line=units.line,
        sku=units.sku,
        location=units.location,
        stage=units.stage,
        quantity=units.quantity,
    )


def _references(keys: Sequence[ReferenceKey]) -> dict[str, object]:
    return {"channels": [key.channel for key in keys], "references": [key.reference for key in keys]}


def _read_references(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[ReferenceKey, PlacedReference]]:
    for channel, reference, order_id, number, fingerprint in rows:
        placed = PlacedReference(order_id=order_id, number=number, fingerprint=fingerprint)
        yield ReferenceKey(channel, reference), placed


def _codes(keys: Sequence[ChannelKey]) -> dict[str, object]:
    return {"codes": [key.code for key in keys]}


def _read_channels(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[ChannelKey, Channel]]:
    for code, missing_stock, version in rows:
        channel = {"code": code, "missing_stock": missing_stock, "version": version}
        yield ChannelKey(code), msgspec.convert(channel, Channel)


def _save_channels(changes: Sequence[Change]) -> Iterable[Statement]:
    return (Statement(sql.SAVE_CHANNELS, _rows(change.after for change in changes)),)


def _load_queues(keys: Sequence[QueueKey]) -> Statement:
    return Statement(sql.LOAD_QUEUES, {"keys": _encode(keys).decode()})


def _read_queues(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[QueueKey, tuple[Queued, ...]]]:
    for sku, location, queue in rows:
        yield QueueKey(sku, location), _decode_queue(queue)


def _lock_policy(_keys: Sequence[PolicyKey]) -> Statement:
    return Statement(sql.LOCK_POLICY, {})


def _load_policy(_keys: Sequence[PolicyKey]) -> Statement:
    return Statement(sql.LOAD_POLICY, {})


def _read_policy(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[PolicyKey, Policy]]:
    for (policy,) in rows:
        yield PolicyKey(), _decode_policy(policy)


def _save_policy(changes: Sequence[Change]) -> Iterable[Statement]:
    for change in changes:
        policy: Policy = change.after
        yield Statement(sql.SAVE_POLICY, {"version": policy.version, "policy": _encode(policy).decode()})


ORDERS: Final = Kind(
    key=OrderKey,
    rank=10,
    lock=lambda keys: Statement(sql.LOCK_ORDERS, _ids(keys)),
    lock_waiting=lambda keys: Statement(sql.LOCK_ORDERS_WAITING, _ids(keys)),
    locked=lambda row: OrderKey(row[0]),
    load=load_orders,
    read=read_orders,
    save=_save_orders,
    consequences=consequences_of,
)
REFERENCES: Final = Kind(
    key=ReferenceKey,
    rank=5,
    lock=lambda keys: Statement(sql.LOCK_REFERENCES, _references(keys)),
    load=lambda keys: Statement(sql.LOAD_REFERENCES, _references(keys)),
    read=_read_references,
)
CHANNELS: Final = Kind(
    key=ChannelKey,
    rank=40,
    lock=lambda keys: Statement(sql.LOCK_CHANNELS, _codes(keys)),
    load=lambda keys: Statement(sql.LOAD_CHANNELS, _codes(keys)),
    read=_read_channels,
    save=_save_channels,
)
POLICY: Final = Kind(key=PolicyKey, rank=45, lock=_lock_policy, load=_load_policy, read=_read_policy, save=_save_policy)
# Whoever joins or leaves a queue holds the lock of the stock row that counts its units.
QUEUES: Final = Kind(key=QueueKey, load=_load_queues, read=_read_queues)
KINDS: Final = (REFERENCES, ORDERS, CHANNELS, POLICY, QUEUES)
