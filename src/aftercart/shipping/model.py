"""How goods travel: delivery methods with their prices and days, pickup points, capacity, and the promise."""

import enum
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from aftercart.inventory.model import Coordinates
from aftercart.kit.address import Address
from aftercart.kit.state import Key

_FLOOR: Final = "floor:"


class MethodKind(enum.Enum):
    """What a delivery method brings the goods to, and how."""

    HOME_STANDARD = "home_standard"  # to the door, within some days
    HOME_EXPRESS = "home_express"  # to the door, as fast as the carrier can
    SCHEDULED_SLOT = "scheduled_slot"  # to the door, in hours that were chosen
    PICKUP_POINT = "pickup_point"  # to a point of a network, where it is collected
    STORE_PICKUP = "store_pickup"  # collected in one of the shop's own stores


class Zone(enum.Enum):
    """Where a delivery goes, as far as its price and days depend on it."""

    FRANCE = "france"  # metropolitan France with Corsica, and Monaco
    EUROPE = "europe"  # the EU and the EEA, Switzerland, Great Britain, the small states between them
    WORLD = "world"  # everywhere else, French overseas departments and territories included


class Ineligible(enum.Enum):
    """Why a delivery method is not available."""

    INACTIVE = "inactive"  # the shop does not offer it at present
    WRONG_CURRENCY = "wrong_currency"  # its prices are in another currency
    NOT_IN_ZONE = "not_in_zone"  # it does not go there
    TOO_HEAVY = "too_heavy"  # it does not take so much
    VALUE_TOO_LOW = "value_too_low"  # its prices begin at a higher value
    OUT_OF_STOCK = "out_of_stock"  # the goods are not there, and may not be waited for
    NOT_IN_STORES = "not_in_stores"  # no store where orders are collected has all of it, or gets it
    NO_FREE_SLOT = "no_free_slot"  # every slot that can still be reached is taken
    POINT_CLOSED = "point_closed"  # the pickup point does not open any more


class Names(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What people call a delivery method, in each language."""

    en: str
    fr: str

    def in_language(self, language: Literal["en", "fr"]) -> str:
        """Returns the name in that language."""
        return self.fr if language == "fr" else self.en


class Rate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A price for one zone, up to a weight (``None``: any), from a value of the goods on."""

    zone: Zone
    weight_grams_max: int | None = None
    value_minor_min: int = 0
    price_minor: int


class FreeFrom(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """From this value of the goods on, delivery to the zone costs nothing."""

    zone: Zone
    value_minor: int


class Transit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How many of the carrier's days a parcel to the zone travels; zero arrives on the day the truck leaves."""

    zone: Zone
    days_min: int
    days_max: int


class SlotTemplate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hours of a weekday (ISO, Monday is 1) in which so many orders can be delivered; times are ``HH:MM``."""

    weekday: int
    starts: str
    ends: str
    capacity: int


class DeliveryMethod(msgspec.Struct, frozen=True, kw_only=True):
    """One way of delivery. Amounts are in minor units of ``currency``; version 0 is built in.

    Of the ``rates`` of a zone the first one that fits counts, in the order of the table. ``delivery_days`` are the
    weekdays on which the carrier works. A slot is told in ``timezone``; it can be booked ``slot_ahead_days_max`` days
    ahead and until ``slot_notice_minutes_min`` before it starts. ``network`` names the pickup points it goes to.
    """

    code: str
    kind: MethodKind
    carrier: str
    names: Names
    currency: str
    rates: tuple[Rate, ...]
    free_from: tuple[FreeFrom, ...] = ()
    transit: tuple[Transit, ...] = ()
    delivery_days: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    slots: tuple[SlotTemplate, ...] = ()
    slot_ahead_days_max: int = 14
    slot_notice_minutes_min: int = 120
    timezone: str = "Europe/Paris"
    network: str | None = None
    weight_grams_max: int | None = None
    active: bool = True
    version: int = 0


class MethodKey(Key[DeliveryMethod], frozen=True, order=True, gc=False):
    """One delivery method by its code, as the shop has described it; one that is only built in is not stored."""

    code: str


class MethodsKey(Key[tuple[DeliveryMethod, ...]], frozen=True, order=True, gc=False):
    """All delivery methods as they are now, the built-in ones included, sorted by code."""


class MethodVersionKey(Key[DeliveryMethod], frozen=True, order=True, gc=False):
    """A delivery method as it was described once; only ever appended."""

    code: str
    version: int


class PostcodeKey(Key[Coordinates], frozen=True, order=True, gc=False):
    """The middle of a postcode's area."""

    country: str
    postcode: str


class PickupPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A place of a network where parcels are collected; ``opening_hours`` are written as in OpenStreetMap."""

    network: str
    code: str
    name: str
    address: Address
    latitude: float
    longitude: float
    opening_hours: str
    active: bool
    version: int


class PickupPointKey(Key[PickupPoint], frozen=True, order=True, gc=False):
    """One pickup point by its network and the network's code for it."""

    network: str
    code: str


class DirectoryKey(Key[bool], frozen=True, order=True, gc=False):
    """Whether the points of a network are known: of a network without a directory every code is taken as given."""

    network: str


class Capacity(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How many orders are booked on a truck or a slot.

    Of a truck that leaves ``at`` its cut-off, ``booked[k]`` are those of the k-th hour before it: 0 is the last hour.
    A slot that starts ``at`` has one number. What follows the last number is zero, and no zero comes last.
    """

    resource: str
    at: datetime
    booked: tuple[int, ...] = ()


class CapacityKey(Key[Capacity], frozen=True, order=True, gc=False):
    """The capacity of one truck or slot; ``at`` is aware UTC."""

    resource: str
    at: datetime


class UpcomingCapacityKey(Key[Mapping[CapacityKey, Capacity]], frozen=True, order=True, gc=False):
    """Everything that is booked from yesterday on, without locks: to choose what to lock, not to decide on."""


class Booking(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """So many orders more, or fewer, in one hour of a truck or in one slot (hour 0).

    Where an order has work on a floor and more to come there, ``handed_over`` tells the hours of one from the other.
    """

    resource: str
    at: datetime
    hour: int
    quantity: int
    handed_over: bool = False


def floor_resource(location: str) -> str:
    """Returns the name under which the trucks of a location are booked."""
    return f"{_FLOOR}{location}"


def is_floor(resource: str) -> bool:
    """Tells whether trucks of a location are booked under this name."""
    return resource.startswith(_FLOOR)


def slot_resource(method: str) -> str:
    """Returns the name under which the slots of a delivery method are booked."""
    return f"slot:{method}"


class Destination(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a delivery goes: an ISO 3166 alpha-2 code, and a postcode as that country writes it."""

    country: str
    postcode: str


class Slot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Hours in which a delivery comes, as aware UTC."""

    starts_at: datetime
    ends_at: datetime


class StepKind(enum.Enum):
    """What one step of a promise's calculation is about."""

    STOCK = "stock"  # the goods are there
    SUPPLY = "supply"  # the goods are there from a day on
    PRODUCTION = "production"  # the goods are made by a day
    TOGETHER = "together"  # they wait for the rest of the order, to leave with it
    TRUCK = "truck"  # they leave with the truck of a day
    STORE = "store"  # they can be collected in the store
    HANDOVER = "handover"  # the carrier begins later than the truck leaves
    TRANSIT = "transit"  # they travel for some days
    POINT = "point"  # the pickup point is closed when they would arrive
    SLOT = "slot"  # they come in the hours that were chosen
    LAST_PARCEL = "last_parcel"  # of several parcels the last one counts


class StepReason(enum.Enum):
    """Why a truck is not that of the same day."""

    AFTER_CUTOFF = "after_cutoff"  # the day's truck had left
    CLOSED = "closed"  # the location does not work that day
    TRUCK_FULL = "truck_full"  # its hands had no time left before an earlier truck


class PromiseStep(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One step of the calculation. ``on``, ``until`` and the times ``HH:MM`` are local, ``at`` is aware UTC.

    ``passed`` are days on which there would have been work, were they not public holidays or closed.
    """

    kind: StepKind
    location: str | None = None
    at: datetime | None = None
    on: date | None = None
    until: date | None = None
    time: str | None = None
    time_until: str | None = None
    days: int | None = None
    days_max: int | None = None
    why: StepReason | None = None
    passed: tuple[date, ...] = ()


class Truck(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The truck with which a location's part of an order leaves: the cut-off it is ready by."""

    location: str
    at: datetime


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """When an order arrives: at the latest on ``date``, not before ``earliest_date``, and how that was calculated."""

    earliest_date: date
    date: date
    trucks: tuple[Truck, ...]
    steps: tuple[PromiseStep, ...]
    method_version: int = 0
    slot: Slot | None = None
