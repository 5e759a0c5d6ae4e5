"""What an order can be served with: the facts that decisions about new units look at."""

from collections.abc import Mapping, Sequence

import msgspec

from aftercart.catalog.model import Variant
from aftercart.inventory.model import Location
from aftercart.orders.model import Channel
from aftercart.sourcing.rules.candidates import Available


class Supply(msgspec.Struct, frozen=True, kw_only=True):
    """The known ones of the SKUs in question, all locations, and which of them may serve the order, best first.

    ``available`` tells how many units of a SKU a candidate can still promise. ``others`` may serve too, but had less
    at first sight and were not locked. A channel without a row refuses.
    """

    variants: Mapping[str, Variant]
    locations: Sequence[Location]
    candidates: Sequence[str]
    others: Sequence[str] = ()
    available: Available
    channel: Channel | None
