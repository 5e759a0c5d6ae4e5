"""How the floor's commands are carried out: which rows each needs and which decision it calls."""

from typing import Any, Final

from aftercart.fulfillment.handlers import packing, parcels, pick_lists
from aftercart.fulfillment.handlers.pick_lists import ListRef
from aftercart.kit.commands import Handler

__all__ = ["HANDLERS", "ListRef"]

HANDLERS: Final[tuple[Handler[Any], ...]] = (*pick_lists.HANDLERS, *parcels.HANDLERS, packing.HANDLER)
