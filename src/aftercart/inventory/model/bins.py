"""Bins: the places in the racks where units lie, and the trail of what was laid into them and taken out."""

import enum

import msgspec

from aftercart.kit.state import Key


class Bin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One place in the racks. ``level`` counts from the floor up, ``bay`` along the aisle.

    ``x_m`` and ``y_m`` are meters on the location's floor: ``x_m`` across the aisles, ``y_m`` along them, growing from
    the front, where pickers start, to the back.
    """

    code: str
    location: str
    aisle: int
    bay: int
    level: int
    x_m: float
    y_m: float


class BinKey(Key[Bin], frozen=True, order=True, gc=False):
    """One bin of a location."""

    location: str
    code: str


class BinQuantity(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units lie in a bin, by the books."""

    bin: str
    quantity: int


class BinStockKey(Key[tuple[BinQuantity, ...]], frozen=True, order=True, gc=False):
    """The bins in which units of a SKU lie at a location, sorted by bin; they are locked by its stock."""

    sku: str
    location: str


class BinMovementKind(enum.Enum):
    """Why units came into a bin or went out of it."""

    PUTAWAY = "putaway"  # what had arrived was put there
    MOVE = "move"  # from one bin to another
    COUNT = "count"  # the difference a count found
    PICK = "pick"  # fetched for an order
    RETURN = "return"  # not fetched after all, or put back


class BinMovement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One entry of the append-only ledger of bins; ``quantity`` is negative for what was taken out."""

    location: str
    bin: str
    sku: str
    quantity: int
    kind: BinMovementKind


class BinMovementKey(Key[BinMovement], frozen=True, order=True, gc=False):
    """What one document, or one ``entry`` of it, moved of a SKU in a bin."""

    document: str
    bin: str
    sku: str
    entry: str = ""
