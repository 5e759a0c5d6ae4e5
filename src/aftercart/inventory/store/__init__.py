"""Stock, movements, locations, supply and bins in PostgreSQL."""

from typing import Final

from aftercart.inventory.store.bins import BIN_STOCK, BINS
from aftercart.inventory.store.bins import KINDS as BIN_KINDS
from aftercart.inventory.store.stock import ALL_LOCATIONS, LOCATIONS, STOCK, SUPPLY_LINES
from aftercart.inventory.store.stock import KINDS as STOCK_KINDS

__all__ = ["ALL_LOCATIONS", "BINS", "BIN_STOCK", "KINDS", "LOCATIONS", "STOCK", "SUPPLY_LINES"]

KINDS: Final = (*STOCK_KINDS, *BIN_KINDS)
