"""What happens to stock and locations; each is a document with its own stream."""

import msgspec

from aftercart.inventory.model import Location
from aftercart.kit.state import Event


class LocationsUpserted(Event, frozen=True, kw_only=True):
    """Locations were added or changed; each one stands here as it is from now on."""

    locations: tuple[Location, ...]


class StockDelta(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How many more (or fewer) units of a SKU there are now."""

    sku: str
    delta: int


class StockReceived(Event, frozen=True, kw_only=True):
    """A delivery arrived at a location."""

    location: str
    reference: str
    lines: tuple[StockDelta, ...]


class StockAdjusted(Event, frozen=True, kw_only=True):
    """Stock was corrected by a difference, for a reason."""

    location: str
    reason: str
    lines: tuple[StockDelta, ...]


class CountedLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a count found; ``short`` units are reserved but were not found."""

    sku: str
    counted: int
    delta: int
    short: int


class StockCounted(Event, frozen=True, kw_only=True):
    """Stock was counted: what was found is what there is."""

    location: str
    lines: tuple[CountedLine, ...]
