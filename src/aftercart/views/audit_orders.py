"""Derives stored orders again: status, total and hold from the units, the whole order from its events."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from aftercart.orders.evolve import evolve
from aftercart.orders.model import HoldReason, Order
from aftercart.orders.rules.derive_status import derive_status
from aftercart.orders.rules.totals import totals_of
from aftercart.orders.rules.unit_ledger import IllegalMove
from aftercart.views.order_events import ORDER_EVENTS

CHUNK_ORDERS: Final = 1_000

READABLE: Final = "stored_orders_are_readable"
STATUS: Final = "status_is_derived_from_units_and_holds"
TOTAL: Final = "total_is_that_of_the_units_still_wanted"
PAYMENT_HOLD: Final = "payment_hold_stands_exactly_when_total_exceeds_authorization"
HOLD_EXPIRY: Final = "hold_expires_at_is_the_earliest_of_the_holds"
FOLD: Final = "events_folded_give_the_stored_order"

ORDER_CHECKS: Final = (READABLE, STATUS, TOTAL, PAYMENT_HOLD, HOLD_EXPIRY, FOLD)


class Stored(NamedTuple):
    """An order as it is stored; ``order`` is the fault's text when it cannot be read."""

    order_id: UUID
    order: Order | str
    hold_expires_at: datetime | None


class Offense(NamedTuple):
    """One order that breaks one check."""

    check: str
    subject: str
    detail: str


def read_chunks(connection: psycopg.Connection) -> Iterator[Sequence[Stored]]:
    """Yields all orders by id, in chunks of at most ``CHUNK_ORDERS``."""
    after = UUID(int=0)
    while True:
        rows = connection.execute(_READ_CHUNK, {"after": after, "orders": CHUNK_ORDERS}).fetchall()
        if rows:
            yield [_stored(*row) for row in rows]
        if len(rows) < CHUNK_ORDERS:
            return
        after = rows[-1][0]


def rederive(stored: Stored) -> Iterator[Offense]:
    """Yields what does not follow from the order's own units, lines and holds."""
    order = stored.order
    if isinstance(order, str):
        yield Offense(READABLE, str(stored.order_id), order)
        return
    subject = str(order.order_id)
    status = derive_status(order.units, order.holds)
    if status is not order.status:
        yield Offense(STATUS, subject, f"{order.status.value} is stored, {status.value} is derived")
    total = totals_of(order).total_minor
    if total != order.total_minor:
        yield Offense(TOTAL, subject, f"{order.total_minor} is stored, {total} is derived")
    hold = next((hold for hold in order.holds if hold.reason is HoldReason.PAYMENT), None)
    authorized = order.payment.authorized_minor
    if (hold is not None) != (total > authorized):
        stands = "a hold" if hold else "no hold"
        yield Offense(PAYMENT_HOLD, subject, f"{stands} with a total of {total} and {authorized} authorized")
    expires_at = min((hold.expires_at for hold in order.holds if hold.expires_at), default=None)
    if expires_at != stored.hold_expires_at:
        yield Offense(HOLD_EXPIRY, subject, f"{stored.hold_expires_at} is stored, {expires_at} is that of the holds")


def refold(connection: psycopg.Connection, chunk: Sequence[Stored]) -> Iterator[Offense]:
    """Yields the orders that are not what their events, folded from the first, arrive at."""
    streams: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
    ids = [stored.order_id for stored in chunk]
    for stream, kind, text in connection.execute(_READ_EVENTS, {"order_ids": ids}):
        streams[stream].append((kind, text))
    for stored in chunk:
        if isinstance(stored.order, str):
            continue
        try:
            folded = _fold(stored.order_id, streams[stored.order_id])
        except (msgspec.ValidationError, IllegalMove, AssertionError, KeyError) as fault:
            yield Offense(FOLD, str(stored.order_id), f"{type(fault).__name__}: {fault}")
        else:
            if folded != stored.order:
                yield Offense(FOLD, str(stored.order_id), _difference(folded, stored.order))


def _fold(order_id: UUID, events: Iterable[tuple[str, str]]) -> Order | None:
    order: Order | None = None
    for kind, text in events:
        order = evolve(order, _EVENT_DECODERS[kind].decode(text), order_id=order_id)
    return order


def _difference(folded: Order | None, stored: Order) -> str:
    if folded is None:
        return "there is no event"
    fields = (field for field in Order.__struct_fields__ if getattr(folded, field) != getattr(stored, field))
    return "; ".join(
        f"{field}: {getattr(stored, field)} is stored, {getattr(folded, field)} folded" for field in fields
    )


def _stored(order_id: UUID, text: str, hold_expires_at: datetime | None) -> Stored:
    try:
        return Stored(order_id, _decode_order(text), hold_expires_at)
    except msgspec.ValidationError as fault:
        return Stored(order_id, str(fault), hold_expires_at)


_decode_order: Final = msgspec.json.Decoder(Order).decode
_EVENT_DECODERS: Final = {kind: msgspec.json.Decoder(event) for kind, event in ORDER_EVENTS.items()}

_READ_CHUNK: Final = """
    SELECT o.order_id, json_build_object(
            'order_id', o.order_id, 'number', o.number, 'channel', o.channel, 'reference', o.reference,
            'fingerprint', o.fingerprint, 'customer', o.customer, 'billing_address', o.billing_address,
            'currency', o.currency, 'delivery', o.delivery, 'payment', o.payment, 'holds', o.holds,
            'sourcing', o.sourcing, 'status', o.status, 'total_minor', o.total_minor, 'placed_at', o.placed_at,
            'release_at', o.release_at, 'version', o.version, 'promotions', o.promotions, 'fees', o.fees,
            'gift_message', o.gift_message, 'split_accepted', o.split_accepted, 'released_at', o.released_at,
            'again_of', o.again_of, 'awaited', o.awaited, 'bookings', o.bookings, 'touched_at', o.touched_at,
            'lines', coalesce((
                SELECT json_agg(to_json(l) ORDER BY l.line)
                FROM orders.lines AS l
                WHERE l.order_id = o.order_id), '[]'),
            'units', coalesce((
                SELECT json_agg(to_json(u)
                    ORDER BY u.line, u.location COLLATE "C", u.stage COLLATE "C", u.sku COLLATE "C")
                FROM orders.units AS u
                WHERE u.order_id = o.order_id), '[]'))::text AS stored,
        o.hold_expires_at
    FROM orders.orders AS o
    WHERE o.order_id > %(after)s
    ORDER BY o.order_id
    LIMIT %(orders)s
"""

_READ_EVENTS: Final = """
    SELECT stream, type, data::text
    FROM kit.event_log
    WHERE stream = ANY(%(order_ids)s)
    ORDER BY stream, seq
"""
