"""Several changes as one: all of them or none, decided one after the other on what those before left."""

from collections.abc import Callable, Sequence
from typing import Final

from aftercart.kit.refusal import Invalid, Refusal
from aftercart.kit.state import Event
from aftercart.orders.decisions.cancel_lines import CancelLines
from aftercart.orders.model import OrderChange

OPERATIONS_MAX: Final = 50


class Amend(OrderChange, frozen=True, kw_only=True, tag="amend"):
    """Make all of these changes to the order, or none."""

    operations: tuple[OrderChange, ...]


DecideOne = Callable[[OrderChange], Sequence[Event]]
"""Decides one operation on what the operations before it left of the order and of the stock."""


def amend(command: Amend, *, decide: DecideOne) -> tuple[Event, ...]:
    """Returns the events of all operations in the order in which they take effect.

    Lines are taken out last, so that an order in which everything is exchanged is not empty in between. Raises
    ``Invalid`` for no operation or too many, and the refusal of the first one that is not possible, with its place.
    """
    if not 1 <= len(command.operations) <= OPERATIONS_MAX:
        expected = f"from 1 to {OPERATIONS_MAX} operations"
        raise Invalid(param="operations", expected=expected, got=len(command.operations))
    events: list[Event] = []
    for index, operation in sorted(enumerate(command.operations), key=lambda one: isinstance(one[1], CancelLines)):
        try:
            events.extend(decide(operation))
        except Refusal as refusal:
            at = f"operations[{index}]"
            refusal.param = at if refusal.param is None else f"{at}.{refusal.param}"
            raise
    return tuple(events)
