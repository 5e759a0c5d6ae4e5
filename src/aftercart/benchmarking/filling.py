"""Filling a shop: a few hundred orders are placed through the bus, then copied by the database in bulk.

The copies are whole: order, lines, units, events, their places in the feed, and the stock they hold, so that the audit
finds nothing. They lie one after the other over the past year; only those of the last two days have outcomes, because
older ones are forgotten in a real shop too.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
import psycopg

from aftercart.benchmarking.wishes import Customers
from aftercart.inventory.model import HOLDING_STAGES
from aftercart.kit.commands import Actor, Command
from aftercart.kit.ids import SeededIds
from aftercart.kit.outcomes import KEYS_LIVE
from aftercart.kit.sequencer import sequence
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.model import CancellationReason
from aftercart.shop import Shop

ORIGINALS: Final = 400
CHUNK: Final = 25_000
_LANES: Final = 2
_PERIOD: Final = timedelta(days=365)
_BUYER: Final = Actor(name="benchmark", role="integrator")

Report = Callable[[str], None]


async def fill(shop: Shop, *, orders: int, report: Report) -> None:
    """Stores so many more orders; nobody else may be working on the database meanwhile."""
    report("placing the orders that will be copied")
    originals = await _place_originals(shop)
    await _sequence_all(shop)
    now = shop.clock.now()
    parameters: dict[str, object] = {
        "originals": originals,
        "originals_count": len(originals),
        "first_ms": int((now - _PERIOD).timestamp() * 1_000),
        "step_ms": int(_PERIOD / timedelta(milliseconds=1)) // orders,
        "remembered_since": now - KEYS_LIVE,
    }
    numbers = _numbers(orders)
    chunks = iter([(first, numbers[first : first + CHUNK]) for first in range(0, orders, CHUNK)])
    stored = 0

    def done(copies: int) -> None:
        nonlocal stored
        stored += copies
        report(f"storing orders: {stored:,} of {orders:,}")

    url = shop.database.url
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        (position,) = await (await connection.execute(_LAST_POSITION)).fetchone() or (0,)
        await asyncio.gather(*(_copy_chunks(url, chunks, parameters, done) for _ in range(_LANES)))
        report("feeding events and reserving stock")
        await connection.execute(_FEED, {"position": position})
        await connection.execute(_RESERVE, {"holding_stages": sorted(stage.value for stage in HOLDING_STAGES)})
        report("vacuuming")
        await connection.execute("VACUUM (ANALYZE)")
        await connection.execute("CHECKPOINT")


async def _place_originals(shop: Shop) -> list[UUID]:
    """Places orders; one in ten is canceled then, one in ten gets another quantity."""
    wishes = itertools.islice(Customers(seed=2, stamp="original").orders(), ORIGINALS)
    placed = await _submit(shop, [msgspec.convert(wish, PlaceOrder) for wish in wishes])
    cancel = [CancelOrder(order_id=order_id, reason=CancellationReason.CHANGED_MIND) for order_id in placed[::10]]
    change = [ChangeLineQuantity(order_id=order_id, line=2, quantity=3) for order_id in placed[5::10]]
    await _submit(shop, [*cancel, *change])
    return placed


async def _submit(shop: Shop, commands: Sequence[Command]) -> list[UUID]:
    answers = await asyncio.gather(*(shop.submit(command, _BUYER) for command in commands))
    return [UUID(msgspec.json.decode(answer.result)["order_id"]) for answer in answers]


def _numbers(count: int) -> list[str]:
    ids = SeededIds(count)
    numbers: dict[str, None] = {}
    while len(numbers) < count:
        numbers[ids.order_number()] = None
    return list(numbers)


async def _sequence_all(shop: Shop) -> None:
    while await sequence(shop.database):
        pass


async def _copy_chunks(
    url: str, chunks: Iterator[tuple[int, list[str]]], parameters: Mapping[str, object], done: Callable[[int], None]
) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for first, numbers in chunks:
            chunk = {**parameters, "first": first, "numbers": numbers}
            async with connection.transaction():
                for statement in (_COPY_ORDERS, _COPY_LINES, _COPY_UNITS, _COPY_EVENTS, _COPY_OUTCOMES):
                    await connection.execute(statement, chunk)
            done(len(numbers))


# A copy's identity follows from its place in the row: an id that begins with its time, as the bus's ids do.
_COPIES: Final = """
    WITH copies AS (
        SELECT c.place, o.order_id AS original,
            (lpad(to_hex(c.at_ms), 12, '0') || '7' || left(c.digest, 3) || '8' || substr(c.digest, 4, 15))::uuid
                AS order_id,
            c.number, 'copy-' || c.place AS reference,
            'buyer-' || ((c.place * 7919) %% 100000) || '@example.com' AS email,
            to_timestamp(c.at_ms / 1000.0) AS at
        FROM (
            SELECT p.place, p.number, md5(p.place::text) AS digest,
                %(first_ms)s::bigint + p.place * %(step_ms)s::bigint AS at_ms
            FROM (
                SELECT %(first)s::bigint + n.turn - 1 AS place, n.number
                FROM unnest(%(numbers)s::text[]) WITH ORDINALITY AS n (number, turn)) AS p) AS c
        JOIN unnest(%(originals)s::uuid[]) WITH ORDINALITY AS o (order_id, turn)
            ON o.turn = c.place %% %(originals_count)s + 1)
"""

_COPY_ORDERS: Final = (
    _COPIES
    + """
    INSERT INTO orders.orders (
        order_id, number, channel, reference, fingerprint, email, customer, billing_address, currency, delivery,
        payment, holds, sourcing, status, total_minor, placed_at, release_at, hold_expires_at, version, awaited,
        awaited_date, bookings)
    SELECT
        c.order_id, c.number, o.channel, c.reference, o.fingerprint, c.email,
        jsonb_set(o.customer, '{email}', to_jsonb(c.email)), o.billing_address, o.currency, o.delivery, o.payment,
        o.holds, o.sourcing, o.status, o.total_minor, c.at, o.release_at, o.hold_expires_at, o.version,
        o.awaited, o.awaited_date, o.bookings
    FROM copies AS c
    JOIN orders.orders AS o ON o.order_id = c.original
    ORDER BY c.place
    """
)

_COPY_LINES: Final = (
    _COPIES
    + """
    INSERT INTO orders.lines (
        order_id, line, sku, product, name, ordered, unit_price_minor, tax_rate_bps, discount_minor, discount_units,
        gift_message, weight_grams)
    SELECT
        c.order_id, l.line, l.sku, l.product, l.name, l.ordered, l.unit_price_minor, l.tax_rate_bps, l.discount_minor,
        l.discount_units, l.gift_message, l.weight_grams
    FROM copies AS c
    JOIN orders.lines AS l ON l.order_id = c.original
    ORDER BY c.place, l.line
    """
)

_COPY_UNITS: Final = (
    _COPIES  # noqa: S608 - literals only
    + """
    INSERT INTO orders.units (order_id, line, location, stage, sku, quantity)
    SELECT c.order_id, u.line, u.location, u.stage, u.sku, u.quantity
    FROM copies AS c
    JOIN orders.units AS u ON u.order_id = c.original
    ORDER BY c.place, u.line
    """
)

_COPY_EVENTS: Final = (
    _COPIES
    + """
    INSERT INTO kit.event_log (stream, seq, type, data, actor, cause, policy_version, at)
    SELECT
        c.order_id, e.seq, e.type,
        replace(replace(replace(replace(e.data::text,
            to_json(o.number)::text, to_json(c.number)::text),
            to_json(o.reference)::text, to_json(c.reference)::text),
            to_json(o.email)::text, to_json(c.email)::text),
            to_json(coalesce(e.data ->> 'placed_at', ' '))::text, to_json(c.at)::text)::json,
        e.actor, gen_random_uuid(), e.policy_version, c.at + (e.at - o.placed_at)
    FROM copies AS c
    JOIN orders.orders AS o ON o.order_id = c.original
    JOIN kit.event_log AS e ON e.stream = c.original
    ORDER BY c.place, e.seq
    """
)

_COPY_OUTCOMES: Final = (
    _COPIES  # noqa: S608 - literals only
    + """
    INSERT INTO kit.outcomes (command_id, fingerprint, result, at)
    SELECT e.cause, o.fingerprint, json_build_object('order_id', e.stream, 'version', e.seq), e.at
    FROM copies AS c
    JOIN orders.orders AS o ON o.order_id = c.original
    JOIN kit.event_log AS e ON e.stream = c.order_id
    WHERE c.at > %(remembered_since)s
    ORDER BY c.place, e.seq
    """
)

_LAST_POSITION: Final = """
    SELECT coalesce(max(position), 0) FROM kit.event_log
"""

_FEED: Final = """
    WITH fed AS (
        INSERT INTO kit.event_feed ("offset", position)
        SELECT c."offset" + row_number() OVER (ORDER BY e.position), e.position
        FROM kit.event_log AS e
        CROSS JOIN kit.cursors AS c
        WHERE e.position > %(position)s AND c.consumer = 'sequencer'
        RETURNING "offset")
    UPDATE kit.cursors
    SET "offset" = (SELECT max("offset") FROM fed)
    WHERE consumer IN ('sequencer', 'reactions')
"""

_RESERVE: Final = """
    UPDATE inventory.stock AS s
    SET reserved = h.units, short = GREATEST(h.units - s.on_hand, 0)
    FROM (
        SELECT sku, location, sum(quantity) AS units
        FROM orders.units
        WHERE stage = ANY(%(holding_stages)s)
        GROUP BY sku, location) AS h
    WHERE h.sku = s.sku AND h.location = s.location
"""
