"""What a cart can be delivered by, from where its goods would leave: the read behind every checkout."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from aftercart.catalog.model import Variant
from aftercart.inventory.model import Coordinates, Incoming, Location, LocationsKey, Stock
from aftercart.kit.database import Database
from aftercart.kit.refusal import Invalid
from aftercart.kit.state import Key, State
from aftercart.orders.model import DEFAULT_POLICY, Channel, LineInput, Policy, PolicyKey
from aftercart.orders.rules.facts import Asker, Facts
from aftercart.shipping.model import DeliveryMethod, Destination, MethodsKey
from aftercart.shipping.rules.options import Cart, DeliveryOption, options_for
from aftercart.shipping.rules.whereabouts import approximate_coordinates, postcode_key
from aftercart.sourcing.rules.candidates import candidates_for_delivery
from aftercart.views.cart_origins import CartOrigins, cart_of

BOOKED_SINCE: Final = timedelta(days=1)

ReadState = Callable[[Iterable[Key[Any]]], Awaitable[State]]
"""Reads what decisions would see behind some keys."""


class OptionsWish(msgspec.Struct, frozen=True, kw_only=True):
    """A cart on its way to somewhere; without ``currency`` that of its first SKU's price counts."""

    lines: tuple[LineInput, ...]
    destination: Destination
    channel: str
    currency: str | None


class OptionsFound(msgspec.Struct, frozen=True, kw_only=True):
    """The options, best first, for which weight and value, and what the locations in them are called."""

    cart: Cart
    options: tuple[DeliveryOption, ...]
    location_names: Mapping[str, str]


class _Stock(msgspec.Struct, frozen=True, array_like=True, gc=False):
    sku: str
    location: str
    on_hand: int
    reserved: int
    safety: int
    quarantined: int
    backordered: int
    incoming: tuple[Incoming, ...] | None


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    stamp: str
    variants: tuple[Variant, ...]
    stock: tuple[_Stock, ...]
    channel: Channel | None
    place: Coordinates | None
    booked: tuple[tuple[str, int, tuple[int, ...]], ...]


_decode: Final = msgspec.json.Decoder(_Asked).decode


class _Learned(msgspec.Struct, frozen=True, kw_only=True):
    stamp: str
    locations: tuple[Location, ...] = ()
    methods: tuple[DeliveryMethod, ...] = ()
    policy: Policy = DEFAULT_POLICY


class DeliveryDesk:
    """Finds options. Locations, methods and the policy are kept in this process, and read again as one has changed.

    One round trip to the database per call; a second one after a change.
    """

    def __init__(self, database: Database, read: ReadState) -> None:
        self._database = database
        self._read = read
        self._learned = _Learned(stamp="")

    async def find(self, wish: OptionsWish, *, now: datetime) -> OptionsFound:
        """Returns every active method for the cart; raises ``Invalid`` for a line that cannot be."""
        skus = [line.sku for line in wish.lines]
        place = postcode_key(wish.destination.country, wish.destination.postcode)
        parameters = {
            "skus": skus,
            "channel": wish.channel,
            "country": place.country,
            "postcode": place.postcode,
            "since": now - BOOKED_SINCE,
        }
        asked = _decode((await self._database.rows(_ASK, parameters))[0][0])
        if asked.stamp != self._learned.stamp:
            await self._learn(asked.stamp)
        learned = self._learned
        facts = _facts(wish, asked, learned, now)
        cart, lines = cart_of(wish.lines, facts, destination=wish.destination, currency=_currency(wish, facts))
        origins = CartOrigins(lines, facts, wish.destination)
        options = options_for(learned.methods, cart, origins_of=origins.origins_of, booked_of=facts.booked, now=now)
        names = {location.code: location.name for location in learned.locations}
        return OptionsFound(cart=cart, options=options, location_names=names)

    async def _learn(self, stamp: str) -> None:
        state = await self._read((LocationsKey(), MethodsKey(), PolicyKey()))
        # The stamp is from before the reading: what changed in between is read again by the next call.
        self._learned = _Learned(
            stamp=stamp,
            locations=state.find(LocationsKey()) or (),
            methods=state.find(MethodsKey()) or (),
            policy=state.find(PolicyKey()) or DEFAULT_POLICY,
        )


def _currency(wish: OptionsWish, facts: Facts) -> str:
    first = facts.variants.get(wish.lines[0].sku)
    if first is None:
        raise Invalid(param="line", expected="a known SKU", got=wish.lines[0].sku)
    return wish.currency or first.currency


def _facts(wish: OptionsWish, asked: _Asked, learned: _Learned, now: datetime) -> Facts:
    stock = {(row.sku, row.location): row for row in asked.stock}
    where = asked.place or approximate_coordinates(wish.destination.country, wish.destination.postcode)
    candidates = candidates_for_delivery(learned.locations, learned.policy.sourcing, where)
    floors = {one.code: one.floor_units for one in candidates}
    # Seconds, not moments: hundreds of them are hashed for each call, and a number is hashed ten times faster.
    booked = {(resource, seconds): hours for resource, seconds, hours in asked.booked}

    def available(sku: str, code: str) -> int:
        row = stock.get((sku, code))
        if row is None:
            return 0
        return row.on_hand - row.reserved - row.safety - row.quarantined - floors.get(code, 0)

    def stock_of(sku: str, code: str) -> Stock | None:
        row = stock.get((sku, code))
        return None if row is None else _stock(row)

    def booked_of(resource: str, at: datetime) -> tuple[int, ...]:
        return booked.get((resource, int(at.timestamp())), ())

    return Facts(
        now=now,
        asker=Asker.CUSTOMER,
        policy=learned.policy,
        locations=learned.locations,
        methods={method.code: method for method in learned.methods},
        variants={variant.sku: variant for variant in asked.variants},
        channel=asked.channel,
        candidates=candidates,
        available=available,
        stock_of=stock_of,
        queue_of=lambda _sku, _code: (),
        booked=booked_of,
        points={},
        directories=frozenset(),
    )


def _stock(row: _Stock) -> Stock:
    return Stock(
        sku=row.sku,
        location=row.location,
        on_hand=row.on_hand,
        reserved=row.reserved,
        safety=row.safety,
        quarantined=row.quarantined,
        backordered=row.backordered,
        incoming=row.incoming or (),
    )


# Versions of locations only grow, and every version of a method or the policy has its row: a stamp changes with each.
# The parts are made an array because their number is guessed a hundred times too high, and the whole catalog read then.
_ASK: Final = """
    WITH parts AS (
        SELECT unnest(%(skus)s::text[]) AS sku
        UNION
        SELECT c.component ->> 'sku'
        FROM catalog.variants AS v, jsonb_array_elements(v.components) AS c (component)
        WHERE v.sku = ANY(%(skus)s))
    SELECT json_build_object(
        'stamp', concat((SELECT concat(count(*), ' ', sum(version)) FROM inventory.locations), ' ',
            (SELECT count(*) FROM shipping.methods), ' ', (SELECT max(version) FROM orders.policies)),
        'variants', (
            SELECT coalesce(json_agg(json_build_object(
                'sku', v.sku, 'product', v.product, 'name', v.name, 'options', v.options,
                'price_minor', v.price_minor, 'currency', v.currency, 'tax_rate_bps', v.tax_rate_bps, 'gtin', v.gtin,
                'weight_grams', v.weight_grams, 'dimensions_mm', v.dimensions_mm, 'kind', v.kind,
                'substitutes', v.substitutes, 'components', v.components, 'available_from', v.available_from,
                'advantage', v.advantage, 'production_days', v.production_days, 'version', v.version)), '[]')
            FROM catalog.variants AS v
            WHERE v.sku = ANY(ARRAY(SELECT sku FROM parts))),
        'stock', (
            SELECT coalesce(json_agg(json_build_array(
                s.sku, s.location, s.on_hand, s.reserved, s.safety, s.quarantined, s.backordered, s.incoming)), '[]')
            FROM inventory.stock AS s
            WHERE s.sku = ANY(ARRAY(SELECT sku FROM parts))),
        'channel', (
            SELECT json_build_object('code', c.code, 'missing_stock', c.missing_stock, 'version', c.version)
            FROM orders.channels AS c
            WHERE c.code = %(channel)s),
        'place', (
            SELECT json_build_object('latitude', p.latitude, 'longitude', p.longitude)
            FROM shipping.postcodes AS p
            WHERE p.country = %(country)s AND p.postcode = %(postcode)s),
        'booked', (
            SELECT coalesce(json_agg(json_build_array(b.resource, extract(epoch FROM b.at)::bigint, b.booked)), '[]')
            FROM shipping.capacity AS b
            WHERE b.at >= %(since)s AND b.booked <> '{}'))::text
"""
