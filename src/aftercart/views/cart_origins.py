"""Where the goods of a cart would leave from: what the decision to place it would find, without taking anything."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from aftercart.catalog.model import VariantKind
from aftercart.inventory.model import Location
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import LineInput, MissingStockPolicy, OrderLine, Units
from aftercart.orders.rules.advantages import with_advantages
from aftercart.orders.rules.awaited import awaited_by
from aftercart.orders.rules.delivery import weight_of
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.lines import line_from
from aftercart.orders.rules.promising import origins_of, ready_times
from aftercart.orders.rules.stock_for_lines import InsufficientStock, demands_of, place_units
from aftercart.orders.rules.unit_ledger import move_units
from aftercart.shipping.model import DeliveryMethod, Destination, Ineligible, MethodKind
from aftercart.shipping.rules.location_facts import coordinates_of
from aftercart.shipping.rules.options import Cart
from aftercart.shipping.rules.promise import Origin
from aftercart.shipping.rules.whereabouts import approximate_coordinates, distance_km
from aftercart.shipping.rules.work import truck_with_room
from aftercart.sourcing.model import Candidate
from aftercart.sourcing.rules.candidates import best_candidates, candidate_for_pickup, demand_by_sku

STORES_MAX: Final = 5
"""So many stores are offered, the nearest ones."""
_FAR_AWAY_KM: Final = 1e6


class _Draft(msgspec.Struct, frozen=True):
    """The part of an order that tells when its goods are there."""

    lines: tuple[OrderLine, ...]
    units: tuple[Units, ...]
    split_accepted: bool = False


def cart_of(
    wishes: Sequence[LineInput], facts: Facts, *, destination: Destination, currency: str
) -> tuple[Cart, tuple[OrderLine, ...]]:
    """Returns what is to be delivered, with the lines it would become; raises ``Invalid`` for a line that cannot be."""
    lines = tuple(_lines(wishes, facts, currency))
    lines, free_with = with_advantages(lines, wishes, facts)
    cart = Cart(
        destination=destination,
        weight_grams=weight_of(lines),
        value_minor=sum(line.unit_price_minor * line.ordered - line.discount_minor for line in lines),
        currency=currency,
        free_delivery=bool(free_with),
    )
    return cart, lines


class CartOrigins:
    """Finds the locations a method's goods would leave from."""

    def __init__(self, lines: tuple[OrderLine, ...], facts: Facts, destination: Destination) -> None:
        self._lines = lines
        self._facts = facts
        self._destination = destination
        self._demands = tuple(demand for line in lines for demand in demands_of(line, line.ordered))
        self._delivered: tuple[Origin, ...] | Ineligible | None = None

    def origins_of(self, method: DeliveryMethod) -> tuple[Origin, ...] | Ineligible:
        """Returns the locations that would serve the cart; see ``OriginsOf``. Of stores the nearest few, nearest first.

        One that has everything now is among them, if there is one.
        """
        if method.kind is MethodKind.STORE_PICKUP:
            return self._stores() or Ineligible.NOT_IN_STORES
        if self._delivered is None:
            self._delivered = self._deliver()
        return self._delivered

    def _deliver(self) -> tuple[Origin, ...] | Ineligible:
        facts = self._facts
        candidates = best_candidates(facts.candidates, self._demands, facts.available)
        if not candidates:
            return Ineligible.OUT_OF_STOCK
        try:
            return self._leaving_from(candidates, facts)
        except InsufficientStock:
            return Ineligible.OUT_OF_STOCK

    def _leaving_from(self, candidates: Sequence[Candidate], facts: Facts) -> tuple[Origin, ...]:
        placing = place_units(self._demands, facts, candidates=candidates, param="line")
        draft = _Draft(self._lines, move_units((), placing.moves))
        awaited = awaited_by(None, draft, facts, now=facts.now)
        ready = ready_times(draft, awaited, facts, now=facts.now)
        return origins_of(draft, ready, facts)

    def _stores(self) -> tuple[Origin, ...]:
        wanted = demand_by_sku(one for one in self._demands if not one.made_to_order)
        may_wait = frozenset(sku for sku in wanted if self._may_wait(sku))
        stores = [one for one in self._facts.locations if one.pickups and self._may_have(one, wanted, may_wait)]
        found: list[Origin] = []
        for store in sorted(stores, key=self._way_and_waiting):
            if len(found) < STORES_MAX:
                found.extend(self._in_store(store))
            elif any(map(self._is_there, found)):
                break
            elif self._may_have(store, wanted, frozenset()):
                found[-1:] = list(filter(self._is_there, self._in_store(store))) or found[-1:]
        return tuple(found)

    def _is_there(self, origin: Origin) -> bool:
        return origin.ready_at <= self._facts.now

    def _may_wait(self, sku: str) -> bool:
        channel = self._facts.channel
        is_patient = channel is not None and channel.missing_stock is MissingStockPolicy.BACKORDER
        return is_patient or self._facts.variants[sku].kind is VariantKind.PREORDER

    def _may_have(self, store: Location, wanted: Mapping[str, int], may_wait: frozenset[str]) -> bool:
        """Tells whether it is worth a closer look: a merchant may have hundreds of stores."""
        rows = ((sku, units, self._facts.stock_of(sku, store.code)) for sku, units in wanted.items())
        return all(
            row is not None and (row.available >= units or (sku in may_wait and row.incoming))
            for sku, units, row in rows
        )

    def _in_store(self, store: Location) -> tuple[Origin, ...]:
        candidates = (candidate_for_pickup(store.code),)
        facts = msgspec.structs.replace(self._facts, candidates=candidates, available=self._available_in_store)
        try:
            return self._leaving_from(candidates, facts)
        except InsufficientStock:
            return ()

    def _available_in_store(self, sku: str, code: str) -> int:
        """Returns what can be collected: also what lies there for the visitors."""
        stock = self._facts.stock_of(sku, code)
        return 0 if stock is None else stock.available

    def _way_and_waiting(self, store: Location) -> tuple[float, datetime, str]:
        there = coordinates_of(store)
        here = approximate_coordinates(self._destination.country, self._destination.postcode)
        way = _FAR_AWAY_KM if there is None or here is None else distance_km(here, there)
        return way, truck_with_room(store, self._facts.now, self._facts.booked), store.code


def _lines(wishes: Sequence[LineInput], facts: Facts, currency: str) -> Iterator[OrderLine]:
    for number, wish in enumerate(wishes, start=1):
        variant = facts.variants.get(wish.sku)
        if variant is None:
            raise Invalid(param="line", expected="a known SKU", got=wish.sku)
        if variant.currency != currency:
            expected = f"a price in {currency}, as the catalog's is in {variant.currency}"
            raise Invalid(param="currency", expected=expected, got=currency)
        yield line_from(wish, number=number, facts=facts, currency=currency, promotions=(), param="line")
