"""What happens to stock and locations; each is a document with its own stream."""

from datetime import date

import msgspec

from aftercart.inventory.model import Bin, Location
from aftercart.kit.state import Event


class LocationsUpserted(Event, frozen=True, kw_only=True):
    """Locations were added or changed; each one stands here as it is from now on."""

    locations: tuple[Location, ...]


class StockDelta(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How many more (or fewer) units of a SKU there are now."""

    sku: str
    delta: int


class SupplyArrival(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a receipt did to one line of the supply of its reference.

    ``quantity`` units came, ``outstanding`` are still to come, and ``short`` are not expected any more.
    """

    sku: str
    quantity: int
    outstanding: int
    short: int = 0


class StockReceived(Event, frozen=True, kw_only=True):
    """A delivery arrived at a location; ``supply`` is what it brought of what was announced under its reference."""

    location: str
    reference: str
    lines: tuple[StockDelta, ...]
    supply: tuple[SupplyArrival, ...] = ()


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


class SafetyLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of a SKU are not promised to anybody from now on."""

    sku: str
    previous_safety: int
    safety: int


class SafetyStockSet(Event, frozen=True, kw_only=True):
    """Some units of what lies at a location are kept back, or fewer than before."""

    location: str
    lines: tuple[SafetyLine, ...]


class StockQuarantined(Event, frozen=True, kw_only=True):
    """Units were put aside, for a reason, or given back (below zero)."""

    location: str
    reason: str
    lines: tuple[StockDelta, ...]


class Expected(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was expected of one line of a supply: ``quantity`` in all, of which ``outstanding`` were still to come."""

    expected_date: date
    quantity: int
    outstanding: int


class SupplyChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of a supply was announced (``before`` is ``None``), or something else is expected of it."""

    sku: str
    location: str
    reference: str
    supplier: str | None
    before: Expected | None
    after: Expected


class SupplyChanged(Event, frozen=True, kw_only=True):
    """Supply was announced, or will come later, earlier, with less or with more than was expected."""

    lines: tuple[SupplyChange, ...]


class BinsUpserted(Event, frozen=True, kw_only=True):
    """Bins were described, or described anew; each one stands here as it is from now on."""

    bins: tuple[Bin, ...]


class BinDelta(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of a SKU came into a bin, or went out of it."""

    sku: str
    bin: str
    delta: int


class BinStockMoved(Event, frozen=True, kw_only=True):
    """Units went from one bin into another."""

    location: str
    lines: tuple[BinDelta, ...]


class StockPutAway(Event, frozen=True, kw_only=True):
    """Units that lay in no bin were laid into one."""

    location: str
    lines: tuple[BinDelta, ...]


class CountedInBin(CountedLine, frozen=True, kw_only=True, gc=False):
    """What a count found of a SKU in a bin: ``bin_delta`` more than the books said, ``delta`` more on hand.

    The two differ by what the books had in no bin at all.
    """

    bin_delta: int


class BinCounted(Event, frozen=True, kw_only=True):
    """A bin was counted: what was found in it is what lies there."""

    location: str
    bin: str
    lines: tuple[CountedInBin, ...]
