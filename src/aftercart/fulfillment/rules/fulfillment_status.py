"""The work on an order at a location in one word: the only function that says which."""

from collections.abc import Iterable
from typing import Final

from aftercart.fulfillment.model import FulfillmentStatus
from aftercart.inventory.model import UNWANTED_STAGES, Stage

_LATER: Final = frozenset({Stage.BACKORDERED, Stage.RESERVED, Stage.IN_PRODUCTION})
_RELEASED: Final = frozenset({Stage.RELEASED})
_PACKED: Final = frozenset({Stage.PACKED})
_GONE: Final = frozenset({Stage.SHIPPED, Stage.DELIVERED, Stage.RETURNED, Stage.LOST})


def fulfillment_status(stages: Iterable[Stage]) -> FulfillmentStatus:
    """Returns the status of the work on units in these stages, all of one order at one location.

    What is still to come from a supply does not make prepared work unfinished: it becomes work when it is released.
    """
    wanted = frozenset(stages) - UNWANTED_STAGES
    work = wanted - _LATER
    if not wanted:
        return FulfillmentStatus.CANCELED
    if not work:
        return FulfillmentStatus.SCHEDULED
    here = work - _GONE
    if not here:
        return FulfillmentStatus.HANDED_OVER if Stage.SHIPPED in work else FulfillmentStatus.CLOSED
    if here == _RELEASED:
        return FulfillmentStatus.OPEN
    return FulfillmentStatus.PACKED if here == _PACKED else FulfillmentStatus.PICKING
