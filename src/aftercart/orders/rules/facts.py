"""What a decision on an order looks at besides the order: who asks when, the rules in force, and what can be had."""

import enum
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from aftercart.catalog.model import Variant
from aftercart.inventory.model import Location
from aftercart.orders.model import Channel, Policy
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

    ``variants`` are the known ones of the SKUs in question. ``candidates`` may serve the order, best first;
    ``available`` tells how many units of a SKU one of them can still promise. ``others`` may serve it too, but had
    less at first sight and were not locked. A channel without a row refuses.
    """

    locations: Sequence[Location]
    variants: Mapping[str, Variant]
    channel: Channel | None
    candidates: Sequence[str]
    others: Sequence[str] = ()
    available: Available
