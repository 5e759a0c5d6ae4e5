"""What a cart can be delivered by, from where its goods would leave: the read behind every checkout."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from aftercart.catalog.model import VariantKind
from aftercart.inventory.model import Location, LocationsKey
from aftercart.kit.database import Database
from aftercart.kit.refusal import Invalid
from aftercart.kit.state import Key, State
from aftercart.orders.model import MissingStockPolicy
from aftercart.shipping.model import DeliveryMethod, Destination, Ineligible, MethodKind, MethodsKey
from aftercart.shipping.rules.location_facts import coordinates_of
from aftercart.shipping.rules.options import Cart, DeliveryOption, options_for
from aftercart.shipping.rules.promise import Origin
from aftercart.shipping.rules.whereabouts import approximate_coordinates, distance_km
from aftercart.shipping.rules.work import BookedOf, truck_with_room
from aftercart.sourcing.model import Demand
from aftercart.sourcing.rules.candidates import best_candidates, candidates_for_delivery, demand_by_sku
from aftercart.sourcing.rules.plan import plan_sourcing

BOOKED_SINCE: Final = timedelta(days=1)
_FAR_AWAY_KM: Final = 1e6

ReadState = Callable[[Iterable[Key[Any]]], Awaitable[State]]
"""Reads what decisions would see behind some keys."""


class CartLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of a SKU."""

    sku: str
    quantity: int


class OptionsWish(msgspec.Struct, frozen=True, kw_only=True):
    """A cart on its way to somewhere; without ``currency`` that of its first SKU's price counts."""

    lines: tuple[CartLine, ...]
    destination: Destination
    channel: str
    currency: str | None


class OptionsFound(msgspec.Struct, frozen=True, kw_only=True):
    """The options, best first, for which weight and value, and what the locations in them are called."""

    cart: Cart
    options: tuple[DeliveryOption, ...]
    location_names: Mapping[str, str]


class _Goods(msgspec.Struct, frozen=True, kw_only=True):
    sku: str
    weight_grams: int
    price_minor: int
    currency: str
    kind: VariantKind
    stock: tuple[tuple[str, int], ...]


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    stamp: str
    goods: tuple[_Goods, ...]
    missing_stock: MissingStockPolicy | None
    booked: tuple[tuple[str, int, tuple[int, ...]], ...]


_decode: Final = msgspec.json.Decoder(_Asked).decode


class DeliveryDesk:
    """Finds options. Locations and methods are kept in this process, and read again as soon as any has changed.

    One round trip to the database per call; a second one after a change.
    """

    def __init__(self, database: Database, read: ReadState) -> None:
        self._database = database
        self._read = read
        self._stamp = ""
        self._locations: tuple[Location, ...] = ()
        self._methods: tuple[DeliveryMethod, ...] = ()

    async def find(self, wish: OptionsWish, *, now: datetime) -> OptionsFound:
        """Returns every active method for the cart; raises ``Invalid`` for a line that cannot be."""
        skus = [line.sku for line in wish.lines]
        parameters = {"skus": skus, "channel": wish.channel, "since": now - BOOKED_SINCE}
        asked = _decode((await self._database.rows(_ASK, parameters))[0][0])
        if asked.stamp != self._stamp:
            await self._learn(asked.stamp)
        cart = _cart(wish, asked.goods)
        # Seconds, not moments: hundreds of them are hashed for each call, and a number is hashed ten times faster.
        booked = {(resource, seconds): hours for resource, seconds, hours in asked.booked}

        def booked_of(resource: str, at: datetime) -> tuple[int, ...]:
            return booked.get((resource, int(at.timestamp())), ())

        sourcing = _Sourcing(wish, asked, self._locations, booked_of, now)
        options = options_for(self._methods, cart, origins_of=sourcing.origins_of, booked_of=booked_of, now=now)
        names = {location.code: location.name for location in self._locations}
        return OptionsFound(cart=cart, options=options, location_names=names)

    async def _learn(self, stamp: str) -> None:
        state = await self._read((LocationsKey(), MethodsKey()))
        self._locations = state.find(LocationsKey()) or ()
        self._methods = state.find(MethodsKey()) or ()
        # The stamp is from before the reading: what changed in between is read again by the next call.
        self._stamp = stamp


def _cart(wish: OptionsWish, goods: Sequence[_Goods]) -> Cart:
    known = {one.sku: one for one in goods}
    weight = value = 0
    currency = wish.currency
    for line in wish.lines:
        one = known.get(line.sku)
        if one is None:
            raise Invalid(param="line", expected="a known SKU", got=line.sku)
        currency = currency or one.currency
        if one.currency != currency:
            expected = f"a price in {currency}, as the catalog's is in {one.currency}"
            raise Invalid(param="currency", expected=expected, got=currency)
        weight += one.weight_grams * line.quantity
        value += one.price_minor * line.quantity
    assert currency is not None, "a cart has at least one line"
    return Cart(destination=wish.destination, weight_grams=weight, value_minor=value, currency=currency)


class _Sourcing:
    """Says where a method's goods would leave from: the one place that asks how orders are sourced."""

    def __init__(
        self,
        wish: OptionsWish,
        asked: _Asked,
        locations: tuple[Location, ...],
        booked_of: BookedOf,
        now: datetime,
    ) -> None:
        self._destination = wish.destination
        self._demands = tuple(
            Demand(line=place, sku=line.sku, quantity=line.quantity) for place, line in enumerate(wish.lines, start=1)
        )
        self._wanted = demand_by_sku(self._demands)
        self._units = {(one.sku, code): units for one in asked.goods for code, units in one.stock}
        self._patient = asked.missing_stock is MissingStockPolicy.BACKORDER
        self._stocked = {one.sku for one in asked.goods if one.kind is VariantKind.STOCKED}
        self._locations = locations
        self._booked_of = booked_of
        self._now = now
        self._delivered: tuple[Origin, ...] | Ineligible | None = None

    def origins_of(self, method: DeliveryMethod) -> tuple[Origin, ...] | Ineligible:
        """Returns the locations that would serve the cart; see ``OriginsOf``."""
        if method.kind is MethodKind.STORE_PICKUP:
            return self._store()
        if self._delivered is None:
            self._delivered = self._deliver()
        return self._delivered

    def _deliver(self) -> tuple[Origin, ...] | Ineligible:
        candidates = candidates_for_delivery(self._locations)
        if not candidates:
            return Ineligible.OUT_OF_STOCK
        plan = plan_sourcing(
            self._demands, best_candidates(candidates, self._demands, self._available), self._available
        )
        if any(demand.sku in self._stocked and not self._patient for demand in plan.missing):
            return Ineligible.OUT_OF_STOCK
        if plan.missing:
            return ()
        chosen = set(plan.sourcing.chosen)
        return tuple(Origin(location=one, ready_at=self._now) for one in self._locations if one.code in chosen)

    def _store(self) -> tuple[Origin, ...] | Ineligible:
        having = [one for one in self._locations if one.pickups and self._has_all(one.code)]
        if not having:
            return Ineligible.NOT_IN_STORES
        return (Origin(location=min(having, key=self._waiting_and_way), ready_at=self._now),)

    def _waiting_and_way(self, store: Location) -> tuple[datetime, float, str]:
        there = coordinates_of(store)
        here = approximate_coordinates(self._destination.country, self._destination.postcode)
        way = _FAR_AWAY_KM if there is None or here is None else distance_km(here, there)
        return truck_with_room(store, self._now, self._booked_of), way, store.code

    def _has_all(self, code: str) -> bool:
        return all(self._available(sku, code) >= units for sku, units in self._wanted.items())

    def _available(self, sku: str, location: str) -> int:
        return self._units.get((sku, location), 0)


# Versions of locations only grow, and every version of a method has its row: a stamp changes with each of them.
_ASK: Final = """
    SELECT json_build_object(
        'stamp', concat((SELECT concat(count(*), ' ', sum(version)) FROM inventory.locations), ' ',
            (SELECT count(*) FROM shipping.methods)),
        'goods', (
            SELECT coalesce(json_agg(json_build_object(
                'sku', v.sku, 'weight_grams', v.weight_grams, 'price_minor', v.price_minor, 'currency', v.currency,
                'kind', v.kind, 'stock', (
                    SELECT coalesce(json_agg(json_build_array(
                        s.location, s.on_hand - s.reserved - s.safety - s.quarantined)), '[]')
                    FROM inventory.stock AS s
                    WHERE s.sku = v.sku))), '[]')
            FROM catalog.variants AS v
            WHERE v.sku = ANY(%(skus)s)),
        'missing_stock', (SELECT c.missing_stock FROM orders.channels AS c WHERE c.code = %(channel)s),
        'booked', (
            SELECT coalesce(json_agg(json_build_array(b.resource, extract(epoch FROM b.at)::bigint, b.booked)), '[]')
            FROM shipping.capacity AS b
            WHERE b.at >= %(since)s AND b.booked <> '{}'))::text
"""
