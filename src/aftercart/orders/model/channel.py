"""Where orders come from, and what that means for them."""

import enum

import msgspec

from aftercart.kit.state import Key


class MissingStockPolicy(enum.Enum):
    """What a channel does when stock is missing."""

    REFUSE = "refuse"  # the order is refused
    BACKORDER = "backorder"  # the order is taken, its missing units wait


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """Where orders come from, and what that means for them."""

    code: str
    missing_stock: MissingStockPolicy
    version: int


class ChannelKey(Key[Channel], frozen=True, order=True, gc=False):
    """One channel by its code."""

    code: str
