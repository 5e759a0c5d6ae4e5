"""The order in one word: the only function that says which."""

from collections.abc import Iterable
from typing import Final

from aftercart.inventory.model import UNWANTED_STAGES, Stage
from aftercart.orders.model import Hold, HoldReason, Status, Units

_ENDED: Final = UNWANTED_STAGES | {Stage.LOST}
_LEFT: Final = frozenset({Stage.SHIPPED, Stage.DELIVERED, Stage.RETURNED})
_TOUCHED: Final = frozenset({Stage.PICKED, Stage.PACKED, Stage.IN_PRODUCTION})


def derive_status(units: Iterable[Units], holds: Iterable[Hold]) -> Status:
    """Returns the status of an order from the stages of its units and from its holds.

    What already happened to the goods speaks first, then what keeps the rest from moving.
    """
    stages = {entry.stage for entry in units} - _ENDED
    if not stages:
        return Status.CANCELED
    after_shipping = _after_shipping(stages)
    if after_shipping is not None:
        return after_shipping
    if stages & _TOUCHED:
        return Status.IN_PREPARATION
    return _before_floor(stages, {hold.reason for hold in holds})


def _after_shipping(stages: set[Stage]) -> Status | None:
    if not stages & _LEFT:
        return None
    if stages == {Stage.RETURNED}:
        return Status.RETURNED
    if stages <= {Stage.DELIVERED, Stage.RETURNED}:
        return Status.DELIVERED
    return Status.SHIPPED if stages <= _LEFT else Status.PARTLY_SHIPPED


def _before_floor(stages: set[Stage], reasons: set[HoldReason]) -> Status:
    if HoldReason.PAYMENT in reasons:
        return Status.AWAITING_PAYMENT
    if reasons:
        return Status.ON_HOLD
    if Stage.BACKORDERED in stages:
        return Status.BACKORDERED
    return Status.RELEASED if Stage.RELEASED in stages else Status.CONFIRMED
