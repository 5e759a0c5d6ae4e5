"""Locations, stock and its supply, and the stages a unit goes through: the vocabulary of the unit ledger."""

import enum
from datetime import date
from typing import Annotated, Final

import msgspec

from aftercart.kit.address import Address
from aftercart.kit.state import Key


class LocationKind(enum.Enum):
    """What a location is."""

    WAREHOUSE = "warehouse"  # ships all day, tried first
    STORE = "store"  # sells over the counter too
    SUPPLIER = "supplier"  # ships for us from its own floor, tried last


class Coordinates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A point on the earth, in degrees (WGS 84)."""

    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """A place that holds stock. ``opens`` and ``cutoff`` are ``HH:MM`` in ``timezone``; days are ISO (Monday is 1).

    ``closed_dates`` are sorted. ``holiday_region`` is an ISO 3166-2 code, ``None`` where the address tells it.
    ``floor_units`` of each SKU are kept for people in the store when something is shipped from it, and a parcel from
    here costs the merchant ``parcel_cost_minor``.
    """

    code: str
    name: str
    kind: LocationKind
    address: Address
    timezone: str
    cutoff: str
    working_days: tuple[int, ...]
    ships: bool
    pickups: bool
    returns: bool
    hourly_capacity_orders: int | None
    coordinates: Coordinates | None = None
    opens: str = "08:00"
    closed_dates: tuple[date, ...] = ()
    holiday_region: str | None = None
    floor_units: int = 0
    parcel_cost_minor: int = 0
    version: int


class LocationKey(Key[Location], frozen=True, order=True, gc=False):
    """One location by its code."""

    code: str


class LocationsKey(Key[tuple[Location, ...]], frozen=True, order=True, gc=False):
    """All locations, sorted by code."""


class Incoming(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units are still to come of one supply."""

    reference: str
    expected_date: date
    quantity: int


class Stock(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one location holds of one SKU, and what is to come. ``short`` is what is reserved but not there.

    Of what is on hand, ``in_hand`` units were fetched for orders and have not left: they lie in no bin. Orders wait
    here for the ``backordered`` units. ``incoming`` is sorted by date, then reference.
    """

    sku: str
    location: str
    on_hand: int = 0
    reserved: int = 0
    safety: int = 0
    quarantined: int = 0
    short: int = 0
    backordered: int = 0
    in_hand: int = 0
    incoming: tuple[Incoming, ...] = ()

    @property
    def available(self) -> int:
        """Returns how many units may still be promised; below zero when more is promised than there is."""
        return self.on_hand - self.reserved - self.safety - self.quarantined


class StockKey(Key[Stock], frozen=True, order=True, gc=False):
    """The stock of one SKU at one location."""

    sku: str
    location: str


class SupplyLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One SKU of a purchase order for a location, known by the order's ``reference``.

    ``ordered`` is what is to come in all, ``received`` what came, which may be more. When ``closed``, no more comes.
    """

    sku: str
    location: str
    reference: str
    supplier: str | None
    expected_date: date
    ordered: int
    received: int
    closed: bool
    version: int

    @property
    def outstanding(self) -> int:
        """Returns how many units are still to come."""
        return 0 if self.closed else max(self.ordered - self.received, 0)


class SupplyLineKey(Key[SupplyLine], frozen=True, order=True, gc=False):
    """One SKU of one supply."""

    sku: str
    location: str
    reference: str


class SupplyKey(Key[tuple[str, ...]], frozen=True, order=True, gc=False):
    """The SKUs of one supply."""

    location: str
    reference: str


class MovementKind(enum.Enum):
    """Why goods came or went."""

    RECEIPT = "receipt"  # a delivery arrived
    ADJUSTMENT = "adjustment"  # found, broken, lost, given away
    COUNT = "count"  # the difference a physical count found
    PRODUCTION = "production"  # made to order at this place
    SHIPMENT = "shipment"  # left in a parcel
    SHORT_PICK = "short_pick"  # was to be picked, and was not there or not fit to be sent


class Movement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One entry of the append-only ledger of physical goods; ``quantity`` is negative for what left."""

    sku: str
    location: str
    quantity: int
    kind: MovementKind
    reference: str


class MovementKey(Key[Movement], frozen=True, order=True, gc=False):
    """The movement of one SKU at one location by one document, or by one ``entry`` of it."""

    document: str
    sku: str
    location: str
    entry: str = ""


class Stage(enum.StrEnum):
    """Where a unit that was ordered is in its life."""

    BACKORDERED = "backordered"  # no stock yet
    RESERVED = "reserved"  # stock is held at a location: this row is the reservation
    IN_PRODUCTION = "in_production"  # made to order, work began
    RELEASED = "released"  # work exists at that location, its bin not reached
    PICKED = "picked"  # its bin was scanned
    PACKED = "packed"  # in a closed parcel
    INTERCEPTED = "intercepted"  # in hand, but no longer wanted: to be pulled out and put back
    SHIPPED = "shipped"  # handed over to a carrier
    DELIVERED = "delivered"  # in the customer's hands
    RETURNED = "returned"  # came back: an end
    LOST = "lost"  # gone on the way: an end
    CANCELED = "canceled"  # no longer wanted: an end


LEGAL_MOVES: Final = {
    Stage.BACKORDERED: frozenset({Stage.BACKORDERED, Stage.RESERVED, Stage.CANCELED}),
    Stage.RESERVED: frozenset({Stage.RESERVED, Stage.IN_PRODUCTION, Stage.RELEASED, Stage.BACKORDERED, Stage.CANCELED}),
    Stage.IN_PRODUCTION: frozenset({Stage.RELEASED}),
    Stage.RELEASED: frozenset({Stage.PICKED, Stage.RESERVED, Stage.CANCELED}),
    Stage.PICKED: frozenset({Stage.PACKED, Stage.RELEASED, Stage.INTERCEPTED}),
    Stage.PACKED: frozenset({Stage.SHIPPED, Stage.PICKED, Stage.INTERCEPTED}),
    Stage.INTERCEPTED: frozenset({Stage.CANCELED}),
    Stage.SHIPPED: frozenset({Stage.DELIVERED, Stage.RETURNED, Stage.LOST}),
    Stage.DELIVERED: frozenset({Stage.RETURNED}),
    Stage.RETURNED: frozenset[Stage](),
    Stage.LOST: frozenset[Stage](),
    Stage.CANCELED: frozenset[Stage](),
}
"""Every move a unit may make, as data; the table in the documentation is drawn from it.

A move that keeps its stage must change the place.
"""

HOLDING_STAGES: Final = frozenset(
    {
        *(Stage.RESERVED, Stage.IN_PRODUCTION, Stage.RELEASED),
        *(Stage.PICKED, Stage.PACKED, Stage.INTERCEPTED),
    }
)
"""The stages in which a unit holds stock: ``Stock.reserved`` is the sum of them."""
IN_HAND_STAGES: Final = frozenset({Stage.PICKED, Stage.PACKED, Stage.INTERCEPTED})
"""The stages in which somebody has a unit in hand: ``Stock.in_hand`` is the sum of them."""
UNWANTED_STAGES: Final = frozenset({Stage.CANCELED, Stage.INTERCEPTED})
"""The stages of units that nobody pays for: what was ordered less these is what is still wanted."""
UNMADE_STAGES: Final = frozenset({Stage.RESERVED, Stage.IN_PRODUCTION})
"""The stages in which a unit that is made to order does not exist yet, so it holds nothing."""

STOCK_STAGES: Final = HOLDING_STAGES | {Stage.BACKORDERED}
"""The stages whose units a stock row keeps count of."""


class UnitMove(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """So many units of a line go from one stage and place to another; ``source`` is ``None`` for new units.

    ``origin`` is the place they leave, when it is not ``location``. Units that are ``made_to_order`` wait for no stock,
    and hold none before they are made.
    """

    line: int
    sku: str
    location: str
    quantity: int
    source: Stage | None
    target: Stage
    origin: str | None = None
    made_to_order: bool = False
