"""Words for telling stories about decisions: a small shop's goods and places, orders, and given / when / then."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import msgspec

from aftercart.catalog.model import Variant
from aftercart.inventory.model import Location, Stage, SupplyLine, UnitMove
from aftercart.kit.address import Address
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Event
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.model import DEFAULT_POLICY, Channel, Order, OrderLine, Units
from aftercart.orders.rules.derive_status import derive_status
from aftercart.orders.rules.facts import Asker, Facts
from aftercart.orders.rules.totals import totals_of

S = TypeVar("S")

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, ten o'clock in Paris."""
CUTOFF: Final = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
"""The cut-off of every location of ours on that Monday."""
NEXT_WEEK: Final = date(2026, 3, 9)
ORDER_ID: Final = UUID("01934a3e-0000-7000-8000-000000000001")
PARIS: Final = Address(name="Ada L", line1="1 rue de la Paix", postcode="75002", city="Paris", country="FR")
LYON: Final = Address(name="Ada L", line1="5 quai Perrache", postcode="69002", city="Lyon", country="FR")
TO_PARIS: Final[dict[str, object]] = {
    "name": PARIS.name,
    "line1": PARIS.line1,
    "postcode": PARIS.postcode,
    "city": PARIS.city,
    "country": PARIS.country,
}
CUSTOMER: Final = {"email": "ada@example.org", "name": "Ada L", "locale": "fr"}


def variant(sku: str, **changes: object) -> Variant:
    """Returns a variant of the catalog at 10.00 EUR with 20 % of tax."""
    described: dict[str, object] = {
        "sku": sku,
        "product": f"product-{sku}",
        "name": f"Thing {sku}",
        "options": {"size": "42"},
        "price_minor": 1000,
        "currency": "EUR",
        "tax_rate_bps": 2000,
        "gtin": None,
        "weight_grams": 500,
        "dimensions_mm": [100, 100, 50],
        "kind": "stocked",
        "substitutes": [],
        "version": 1,
    }
    return msgspec.convert(described | changes, Variant)


def location(code: str, **changes: object) -> Location:
    """Returns a warehouse in Lyon that ships from Monday to Friday, cut-off at 14:00."""
    described: dict[str, object] = {
        "code": code,
        "name": f"Place {code}",
        "kind": "warehouse",
        "address": LYON,
        "timezone": "Europe/Paris",
        "cutoff": "14:00",
        "working_days": (1, 2, 3, 4, 5),
        "ships": True,
        "pickups": False,
        "returns": True,
        "hourly_capacity_orders": None,
        "version": 1,
    }
    return msgspec.convert(described | changes, Location, from_attributes=True)


def supply_line(**changes: object) -> SupplyLine:
    """Returns what supply ``PO-1`` announces of ``A`` for ``W1``: ten units a week after now, none of which came."""
    described: dict[str, object] = {
        "sku": "A",
        "location": "W1",
        "reference": "PO-1",
        "supplier": None,
        "expected_date": NEXT_WEEK,
        "ordered": 10,
        "received": 0,
        "closed": False,
        "version": 1,
    }
    return msgspec.convert(described | changes, SupplyLine)


W1: Final = location("W1")
W2: Final = location("W2")
STORE: Final = location("S1", kind="store", pickups=True, ships=False)
PLACES: Final = (STORE, W1, W2)


def cart(*lines: Mapping[str, object], **changes: object) -> PlaceOrder:
    """Returns the wish for an order to Ada's door in Paris, amply authorized; one SKU ``A`` without ``lines``."""
    wish: dict[str, object] = {
        "channel": "web",
        "customer": CUSTOMER,
        "currency": "EUR",
        "lines": [{"quantity": 1, **line} for line in lines or ({"sku": "A"},)],
        "delivery": {"method": "colissimo-home", "address": TO_PARIS},
        "payment": {"method": "card", "authorized": {"minor_units": 10**9, "currency": "EUR"}},
    }
    return msgspec.convert(wish | changes, PlaceOrder)


def eur(minor_units: int) -> dict[str, object]:
    """Returns an amount as the API writes it."""
    return {"minor_units": minor_units, "currency": "EUR"}


def units(*entries: str) -> tuple[Units, ...]:
    """Returns a ledger from entries like ``"1 A W1 reserved 2"``: line, SKU, place, stage, quantity."""
    return tuple(_units(*entry.split()) for entry in entries)


def _units(line: str, sku: str, place: str, stage: str, quantity: str) -> Units:
    return Units(line=int(line), sku=sku, location=place, stage=Stage(stage), quantity=int(quantity))


def moves(*entries: str) -> tuple[UnitMove, ...]:
    """Returns moves from ``"1 A W1 reserved>canceled 2"``; ``new`` is no stage yet, ``W2>W1`` changes the place."""
    return tuple(_move(*entry.split()) for entry in entries)


def _move(line: str, sku: str, places: str, stages: str, quantity: str) -> UnitMove:
    source, _, target = stages.partition(">")
    *origin, place = places.split(">")
    return UnitMove(
        line=int(line),
        sku=sku,
        location=place,
        quantity=int(quantity),
        source=None if source == "new" else Stage(source),
        target=Stage(target),
        origin=origin[0] if origin else None,
    )


def line(number: int, sku: str, ordered: int, **changes: object) -> OrderLine:
    """Returns a line at 10.00 EUR a unit with 20 % of tax and no discount."""
    described: dict[str, object] = {
        "line": number,
        "sku": sku,
        "product": f"product-{sku}",
        "name": f"Thing {sku}",
        "ordered": ordered,
        "unit_price_minor": 1000,
        "tax_rate_bps": 2000,
        "discount_minor": 0,
        "discount_units": ordered,
        "gift_message": None,
    }
    return msgspec.convert(described | changes, OrderLine)


def order(*ledger: str, lines: Iterable[OrderLine] | None = None, **changes: object) -> Order:
    """Returns a placed order with these units (see ``units``); its lines, status and total follow from them."""
    entries = units(*ledger)
    ordered: dict[tuple[int, str], int] = {}
    for entry in entries:
        ordered[entry.line, entry.sku] = ordered.get((entry.line, entry.sku), 0) + entry.quantity
    described: dict[str, object] = {
        "order_id": ORDER_ID,
        "number": "AAAAA-AAAAA",
        "channel": "web",
        "reference": None,
        "fingerprint": "f",
        "customer": CUSTOMER | {"phone": None},
        "billing_address": None,
        "currency": "EUR",
        "lines": tuple(lines or (line(number, sku, quantity) for (number, sku), quantity in ordered.items())),
        "units": entries,
        "delivery": {
            "method": "colissimo-home",
            "address": PARIS,
            "pickup_point": None,
            "price_minor": 0,
            "promised_date": None,
        },
        "payment": {"method": "card", "authorized_minor": 10**9},
        "holds": (),
        "sourcing": {"rule": "single_location", "chosen": ["W1"], "losing": []},
        "status": "confirmed",
        "total_minor": 0,
        "placed_at": NOW,
        "release_at": CUTOFF,
        "version": 1,
    }
    told = msgspec.convert(described | changes, Order, from_attributes=True)
    return msgspec.structs.replace(
        told, status=derive_status(told.units, told.holds), total_minor=totals_of(told).total_minor
    )


def facts(stock: Mapping[str, int] | None = None, **changes: Any) -> Facts:
    """Returns what decisions look at: ``{"A@W1": 5}`` units; ``W1`` and ``W2`` ship, the channel refuses."""
    shelves = stock or {}
    skus = {place.partition("@")[0] for place in shelves} | {"A", "B"}

    def available(sku: str, code: str) -> int:
        return shelves.get(f"{sku}@{code}", 0)

    described: dict[str, Any] = {
        "now": NOW,
        "asker": Asker.STAFF,
        "policy": DEFAULT_POLICY,
        "variants": {sku: variant(sku) for sku in skus},
        "locations": PLACES,
        "candidates": ("W1", "W2"),
        "available": available,
        "channel": msgspec.convert({"code": "web", "missing_stock": "refuse", "version": 1}, Channel),
    }
    return Facts(**(described | changes))


Decide = Callable[[Order], Iterable[Event]]
"""A decision on an order, with everything else it looks at."""

BACKORDERS: Final = msgspec.convert({"code": "web", "missing_stock": "backorder", "version": 1}, Channel)


class Outcome:
    """What a decision came to: its events, or its refusal."""

    def __init__(self, events: tuple[Event, ...], refusal: Refusal | None) -> None:
        self._events = events
        self._refusal = refusal

    def then(self, *expected: Event) -> None:
        """Expects exactly these events; none says that the wish was already true."""
        assert self._refusal is None, self._refusal
        assert self._events == expected

    def then_refused(self, refusal: type[Refusal], **expected: object) -> None:
        """Expects this refusal; ``param`` and the values named must be as expected."""
        assert self._refusal is not None, self._events
        assert type(self._refusal) is refusal, self._refusal
        told = {**self._refusal.values, "param": self._refusal.param}
        assert {name: told[name] for name in expected} == expected

    def event(self, kind: type[S]) -> S:
        """Returns the only event, for stories that look at a part of it."""
        assert self._refusal is None, self._refusal
        (event,) = self._events
        assert isinstance(event, kind)
        return event


class Given(Generic[S]):
    """A state before a decision."""

    def __init__(self, state: S) -> None:
        self._state = state

    def when(self, decide: Callable[[S], Event | Iterable[Event]]) -> Outcome:
        """Decides on the state; a refusal is an outcome like any other."""
        try:
            decided = decide(self._state)
        except Refusal as refusal:
            return Outcome((), refusal)
        return Outcome((decided,) if isinstance(decided, Event) else tuple(decided), None)


def given(state: S) -> Given[S]:
    """Begins a story with what is so."""
    return Given(state)
