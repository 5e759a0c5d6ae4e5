"""Sending words along, with one line or with all of it."""

from typing import Annotated

import msgspec

from aftercart.orders.events import GiftMessageAdded
from aftercart.orders.model import ChangeKind, Order, OrderChange
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.find_line import find_line


class AddGiftMessage(OrderChange, frozen=True, kw_only=True, tag="add_gift_message"):
    """Put this message into the parcel, for one ``line`` or for the whole order; an empty one takes it back."""

    message: Annotated[str, msgspec.Meta(max_length=1_000)]
    line: int | None = None


def add_gift_message(command: AddGiftMessage, order: Order, *, facts: Facts) -> tuple[GiftMessageAdded, ...]:
    """Returns the change, nothing when that is the message already; raises what stands against it."""
    line = None if command.line is None else find_line(order, command.line, param="line")
    require_allowed(order, ChangeKind.ADD_GIFT_MESSAGE, facts, line=command.line)
    message = command.message.strip() or None
    if message == (order.gift_message if line is None else line.gift_message):
        return ()
    event = GiftMessageAdded(line=command.line, message=message)
    return (settle(order, event, facts, change=ChangeKind.ADD_GIFT_MESSAGE),)
