"""Finding out which rows a command may touch, before anything is locked."""

from aftercart.orders.scouts.changing import SCOUT_AGAIN, SCOUT_AMEND, scout_of
from aftercart.orders.scouts.placing import SCOUT_PLACE, parts_of_wish

__all__ = ["SCOUT_AGAIN", "SCOUT_AMEND", "SCOUT_PLACE", "parts_of_wish", "scout_of"]
