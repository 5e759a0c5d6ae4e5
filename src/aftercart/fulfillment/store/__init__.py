"""Parcels, what they are packed with, and pick lists in PostgreSQL."""

from typing import Final

from aftercart.fulfillment.store.packing import PACKING
from aftercart.fulfillment.store.parcels import PARCELS
from aftercart.fulfillment.store.pick_lists import ASSIGNMENTS, PICK_LISTS

__all__ = ["ASSIGNMENTS", "KINDS", "PACKING", "PARCELS", "PICK_LISTS"]

KINDS: Final = (PARCELS, PICK_LISTS, ASSIGNMENTS, PACKING)
