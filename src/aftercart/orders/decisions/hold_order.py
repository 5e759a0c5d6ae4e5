"""Stopping an order until something is settled."""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from aftercart.kit.refusal import Invalid
from aftercart.orders.events import OrderHeld
from aftercart.orders.model import HoldReason, Order, OrderChange, Status
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.change_refusals import OrderAlreadyCanceled
from aftercart.orders.rules.facts import Facts

PLACED_BY_PEOPLE: Final = (HoldReason.MANUAL, HoldReason.FRAUD_REVIEW, HoldReason.ADDRESS, HoldReason.CUSTOMER_CHOICE)
"""The other holds follow from the order itself, and come and go with their cause."""


class HoldOrder(OrderChange, frozen=True, kw_only=True, tag="hold_order"):
    """Do not release the order before this hold is lifted, or before it ends by itself at ``expires_at``."""

    reason: HoldReason = HoldReason.MANUAL
    note: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


def hold_order(command: HoldOrder, order: Order, *, facts: Facts) -> tuple[OrderHeld, ...]:
    """Returns the hold, which replaces one for the same reason; nothing when that very hold stands already.

    Raises ``Invalid`` for a reason people cannot give or an end that is over, ``OrderAlreadyCanceled``.
    """
    require_given_by_people(command.reason)
    if command.expires_at is not None and command.expires_at <= facts.now:
        raise Invalid(param="expires_at", expected="a moment in the future", got=command.expires_at.isoformat())
    if order.status is Status.CANCELED:
        raise OrderAlreadyCanceled(number=order.number)
    standing = next((hold for hold in order.holds if hold.reason is command.reason), None)
    note = command.note or None
    if standing is not None and (standing.expires_at, standing.note) == (command.expires_at, note):
        return ()
    event = OrderHeld(
        hold=command.reason,
        since=facts.now if standing is None else standing.since,
        expires_at=command.expires_at,
        note=note,
    )
    return (settle(order, event, facts),)


def require_given_by_people(reason: HoldReason) -> None:
    """Raises ``Invalid`` for a hold that follows from the order itself."""
    if reason not in PLACED_BY_PEOPLE:
        expected = "one of " + ", ".join(one.value for one in PLACED_BY_PEOPLE)
        raise Invalid(param="reason", expected=expected, got=reason.value)
