"""Every event of an order's stream, whatever area made it, by the name under which it is logged."""

from typing import Any, Final

from aftercart.fulfillment.evolve import FLOOR_EVENTS
from aftercart.orders.evolve import ORDER_EVENTS as AGREED_EVENTS

ORDER_EVENTS: Final[dict[str, type[Any]]] = {**AGREED_EVENTS, **FLOOR_EVENTS}
