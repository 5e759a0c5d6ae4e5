"""Words for telling stories about decisions: a small shop's goods and places, orders, and given / when / then."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.catalog.model import Variant
from aftercart.inventory.model import Location, Stage, Stock, SupplyLine, UnitMove
from aftercart.kit.address import Address
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.decisions.release_order import ReleaseOrder, release_order
from aftercart.orders.evolve import evolve
from aftercart.orders.model import DEFAULT_POLICY, RELEASE_MARGIN_MINUTES, Channel, Order, OrderLine, Queued, Units
from aftercart.orders.rules.derive_status import derive_status
from aftercart.orders.rules.facts import Asker, Facts
from aftercart.orders.rules.outlook import is_over, outlook_of
from aftercart.orders.rules.totals import totals_of
from aftercart.shipping.rules.defaults import DEFAULT_METHODS
from aftercart.shipping.rules.work import BookedOf
from aftercart.sourcing.model import Candidate

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, ten o'clock in Paris."""
CUTOFF: Final = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
"""The cut-off of every location of ours on that Monday."""
RELEASE: Final = CUTOFF - timedelta(minutes=RELEASE_MARGIN_MINUTES)
"""When an order that is placed now, and waits for nothing, is released."""
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
        "delivery": {"method": "colissimo-home", "address": TO_PARIS, "price": eur(0)},
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
        "weight_grams": 500,
    }
    return msgspec.convert(described | changes, OrderLine)


def order(*ledger: str, lines: Iterable[OrderLine] | None = None, **changes: object) -> Order:
    """Returns a placed order with these units (see ``units``).

    Its lines, status, total, promise and release follow from them, as far as they are not given.
    """
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
            "names": {"en": "Colissimo, to the door", "fr": "Colissimo à domicile"},
            "rating": {"weight_grams": 500, "value_minor": 1000, "offset_minor": -600},
        },
        "payment": {"method": "card", "authorized_minor": 10**9},
        "holds": (),
        "sourcing": {"rule": "single_location", "chosen": ["W1"], "losing": []},
        "status": "confirmed",
        "total_minor": 0,
        "placed_at": NOW,
        "release_at": None,
        "version": 1,
    }
    told = msgspec.convert(described | changes, Order, from_attributes=True)
    told = msgspec.structs.replace(
        told, status=derive_status(told.units, told.holds), total_minor=totals_of(told).total_minor
    )
    return told if is_over(told) else _with_outlook(told, given=changes.keys())


def _with_outlook(told: Order, *, given: Iterable[str]) -> Order:
    outlook = outlook_of(None, told, told.holds, facts(), now=told.placed_at)
    follows = {name: getattr(outlook, name) for name in ("delivery", "awaited", "bookings", "release_at")}
    return msgspec.structs.replace(told, **{name: value for name, value in follows.items() if name not in given})


def released_from(told: Order) -> Order:
    """Returns the order handed to the floor."""
    (event,) = release_order(ReleaseOrder(order_id=told.order_id), told, facts=facts())
    return evolve(told, event, order_id=told.order_id)


def booked_on(hours: Mapping[datetime, tuple[int, ...]]) -> BookedOf:
    """Returns what is booked on trucks and slots that leave or begin at these moments, whichever they are."""

    def booked(_resource: str, at: datetime) -> tuple[int, ...]:
        return hours.get(at, ())

    return booked


def facts(stock: Mapping[str, int] | None = None, **changes: Any) -> Facts:
    """Returns what decisions look at: ``{"A@W1": 5}`` units; ``W1`` and ``W2`` ship, the channel refuses.

    ``candidates`` are codes or candidates. No hour is booked, and no network has a directory.
    """
    shelves = stock or {}
    skus = {place.partition("@")[0] for place in shelves} | {"A", "B"}

    def available(sku: str, code: str) -> int:
        return shelves.get(f"{sku}@{code}", 0)

    def stock_of(sku: str, code: str) -> Stock | None:
        there = shelves.get(f"{sku}@{code}")
        return None if there is None else Stock(sku=sku, location=code, on_hand=there)

    candidates = changes.pop("candidates", ("W1", "W2"))
    described: dict[str, Any] = {
        "now": NOW,
        "asker": Asker.STAFF,
        "policy": DEFAULT_POLICY,
        "variants": {sku: variant(sku) for sku in skus},
        "locations": PLACES,
        "candidates": tuple(Candidate(code=one) if isinstance(one, str) else one for one in candidates),
        "available": available,
        "stock_of": stock_of,
        "queue_of": nobody_waits,
        "methods": {method.code: method for method in DEFAULT_METHODS},
        "booked": booked_on({}),
        "points": {},
        "directories": frozenset(),
        "channel": msgspec.convert({"code": "web", "missing_stock": "refuse", "version": 1}, Channel),
    }
    return Facts(**(described | changes))


def nobody_waits(_sku: str, _code: str) -> tuple[Queued, ...]:
    """Returns the queue in which nobody stands."""
    return ()


BACKORDERS: Final = msgspec.convert({"code": "web", "missing_stock": "backorder", "version": 1}, Channel)
