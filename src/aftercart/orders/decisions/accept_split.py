"""Having what is there now, and the rest later."""

from aftercart.orders.events import SplitAccepted
from aftercart.orders.model import ChangeKind, Order, OrderChange
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts


class AcceptSplit(OrderChange, frozen=True, kw_only=True, tag="accept_split"):
    """Send what is there without waiting for the rest; the second parcel costs nothing."""


def accept_split(_command: AcceptSplit, order: Order, *, facts: Facts) -> tuple[SplitAccepted, ...]:
    """Returns the consent; raises what stands against it, ``NothingToSplit`` above all."""
    require_allowed(order, ChangeKind.ACCEPT_SPLIT, facts)
    return (settle(order, SplitAccepted(), facts, change=ChangeKind.ACCEPT_SPLIT),)
