"""What a decision on an order looks at besides the order: who asks when, the rules in force, and what can be had."""

import enum
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from aftercart.catalog.model import Variant
from aftercart.inventory.model import Location, Stock
from aftercart.orders.model import Channel, Policy, Queued
from aftercart.shipping.model import DeliveryMethod, PickupPoint
from aftercart.shipping.rules.work import BookedOf
from aftercart.sourcing.model import Candidate
from aftercart.sourcing.rules.candidates import Available


class Asker(enum.Enum):
    """Who wants a change."""

    CUSTOMER = "customer"  # bound by the merchant's deadlines and fees
    STAFF = "staff"  # agents and machines of the shop, bound by what hands have done


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks when, under which policy: all that is needed to tell whether a change is possible."""

    now: datetime
    asker: Asker
    policy: Policy


class Facts(Circumstances, frozen=True, kw_only=True):
    """What one decision looks at, as of one moment.

    ``variants`` are the known ones of the SKUs in question, ``methods`` all methods of delivery by code.
    ``candidates`` may serve the order, best first; ``available`` tells how many units of a SKU one of them can still
    give away. ``others`` may serve it too, but had less at first sight and were not locked. ``booked`` tells what is
    taken of a truck or slot, ``stock_of`` what a location holds of a SKU, ``queue_of`` who waits for it there.
    ``points`` are pickup points by their network and code; of a network without ``directories`` every code is taken as
    given. A channel without a row refuses.
    """

    locations: Sequence[Location]
    methods: Mapping[str, DeliveryMethod]
    variants: Mapping[str, Variant]
    channel: Channel | None
    candidates: Sequence[Candidate]
    others: Sequence[Candidate] = ()
    available: Available
    stock_of: Callable[[str, str], Stock | None]
    queue_of: Callable[[str, str], Sequence[Queued]]
    booked: BookedOf
    points: Mapping[tuple[str, str], PickupPoint]
    directories: frozenset[str]

    def location(self, code: str) -> Location:
        """Returns the location of that code, which must exist."""
        return next(location for location in self.locations if location.code == code)
