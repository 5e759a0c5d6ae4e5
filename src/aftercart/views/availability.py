"""What can still be promised of a SKU, location by location, day by day, and of the other variants of its product."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from aftercart.catalog.model import Component, VariantKind
from aftercart.inventory.model import Incoming, Stock
from aftercart.inventory.rules.available_to_promise import arrivals, available_by
from aftercart.kit.database import Database


class StockAtLocation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one location has of the SKU, what orders wait for there, and what is to come.

    ``short`` is reserved but was not found. Of a bundle there is only ``available``: what its components make up.
    """

    location: str
    on_hand: int
    reserved: int
    backordered: int
    safety: int
    quarantined: int
    short: int
    incoming: tuple[Incoming, ...]
    available: int


class AvailableBy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units can be promised for that day or later: what is there and what comes, less what is waited for."""

    date: date
    units: int


class Sibling(msgspec.Struct, frozen=True, kw_only=True):
    """Another variant of the same product: the other size, the other color."""

    sku: str
    options: dict[str, str]
    available: int


class Availability(msgspec.Struct, frozen=True, kw_only=True):
    """What can still be promised of a SKU: the sum over its locations, each counted as zero at least.

    ``available_by`` tells the days on which supply makes that more.
    """

    sku: str
    product: str
    options: dict[str, str]
    kind: VariantKind
    available: int
    available_by: tuple[AvailableBy, ...]
    components: tuple[Component, ...]
    locations: tuple[StockAtLocation, ...]
    siblings: tuple[Sibling, ...]


class _Variant(msgspec.Struct, frozen=True, kw_only=True):
    sku: str
    product: str
    options: dict[str, str]
    kind: VariantKind
    components: tuple[Component, ...]

    @property
    def parts(self) -> tuple[Component, ...]:
        return self.components or (Component(sku=self.sku, quantity=1),)


class _Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """What lies at one location, and which day it is there."""

    location: str
    today: date
    stocks: dict[str, Stock]

    def holds(self, parts: Iterable[Component]) -> list[Stock]:
        """Returns the stock of those of ``parts`` of which there is or was any."""
        return [self.stocks[part.sku] for part in parts if part.sku in self.stocks]

    def free(self, parts: Iterable[Component]) -> int:
        """Returns how many pieces made of ``parts`` can be promised from what is there."""
        return self._made_up(parts, lambda stock: max(stock.available, 0))

    def free_by(self, parts: Iterable[Component], on: date) -> int:
        """Returns how many pieces can be promised for a day, after those that orders wait for."""
        return self._made_up(parts, lambda stock: available_by(stock, max(on, self.today), today=self.today))

    def _made_up(self, parts: Iterable[Component], units_of: Callable[[Stock], int]) -> int:
        stocks = self.stocks
        return min(units_of(stocks[one.sku]) // one.quantity if one.sku in stocks else 0 for one in parts)


async def find_availability(database: Database, skus: Sequence[str], *, now: datetime) -> dict[str, Availability]:
    """Returns the availability of those of ``skus`` that exist."""
    rows = await database.rows(_FIND_VARIANTS, {"skus": list(skus)})
    variants = {variant.sku: variant for variant in (msgspec.json.decode(row, type=_Variant) for (row,) in rows)}
    counted = {part.sku for variant in variants.values() for part in variant.parts}
    shelves = _shelves(await database.rows(_FIND_STOCK, {"skus": list(counted)}), now)
    siblings: defaultdict[str, list[Sibling]] = defaultdict(list)
    for sku, variant in variants.items():
        available = sum(shelf.free(variant.parts) for shelf in shelves)
        siblings[variant.product].append(Sibling(sku=sku, options=variant.options, available=available))
    return {sku: _availability(variants[sku], shelves, siblings) for sku in skus if sku in variants}


def _shelves(rows: Iterable[tuple[Any, ...]], now: datetime) -> Sequence[_Shelf]:
    shelves: dict[str, _Shelf] = {}
    for location, timezone, stock_json in rows:
        if location not in shelves:
            today = now.astimezone(ZoneInfo(timezone)).date()
            shelves[location] = _Shelf(location=location, today=today, stocks={})
        stock = msgspec.json.decode(stock_json, type=Stock)
        shelves[location].stocks[stock.sku] = stock
    return tuple(shelves.values())


def _availability(
    variant: _Variant, shelves: Sequence[_Shelf], siblings: Mapping[str, Sequence[Sibling]]
) -> Availability:
    held = [(shelf, shelf.holds(variant.parts)) for shelf in shelves]
    return Availability(
        sku=variant.sku,
        product=variant.product,
        options=variant.options,
        kind=variant.kind,
        available=sum(shelf.free(variant.parts) for shelf in shelves),
        available_by=tuple(_available_by(variant.parts, shelves)),
        components=variant.components,
        locations=tuple(_at_location(variant, shelf, stocks) for shelf, stocks in held if stocks),
        siblings=tuple(sibling for sibling in siblings[variant.product] if sibling.sku != variant.sku),
    )


def _at_location(variant: _Variant, shelf: _Shelf, stocks: Sequence[Stock]) -> StockAtLocation:
    stock = Stock(sku=variant.sku, location=shelf.location) if variant.components else stocks[0]
    return StockAtLocation(
        location=shelf.location,
        on_hand=stock.on_hand,
        reserved=stock.reserved,
        backordered=stock.backordered,
        safety=stock.safety,
        quarantined=stock.quarantined,
        short=stock.short,
        incoming=stock.incoming,
        available=shelf.free(variant.parts),
    )


def _available_by(parts: Sequence[Component], shelves: Sequence[_Shelf]) -> Iterator[AvailableBy]:
    """Yields each day on which more can be promised than on the days before."""
    days = {on for shelf in shelves for stock in shelf.holds(parts) for on, _ in arrivals(stock, today=shelf.today)}
    before = sum(shelf.free_by(parts, shelf.today) for shelf in shelves)
    for on in sorted(days):
        units = sum(shelf.free_by(parts, on) for shelf in shelves)
        if units > before:
            yield AvailableBy(date=on, units=units)
        before = units


_FIND_VARIANTS: Final = """
    SELECT json_build_object(
        'sku', v.sku, 'product', v.product, 'options', v.options, 'kind', v.kind, 'components', v.components)::text
    FROM catalog.variants AS v
    WHERE v.product IN (SELECT asked.product FROM catalog.variants AS asked WHERE asked.sku = ANY(%(skus)s))
    ORDER BY v.sku
"""

_FIND_STOCK: Final = """
    SELECT s.location, k.timezone, json_build_object(
        'sku', s.sku, 'location', s.location, 'on_hand', s.on_hand, 'reserved', s.reserved, 'safety', s.safety,
        'quarantined', s.quarantined, 'short', s.short, 'backordered', s.backordered,
        'incoming', coalesce(s.incoming, '[]'))::text
    FROM inventory.stock AS s
    JOIN inventory.locations AS k ON k.code = s.location
    WHERE s.sku = ANY(%(skus)s)
    ORDER BY s.location, s.sku
"""
