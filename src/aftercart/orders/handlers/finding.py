"""Finding the order a command is about, and remembering what became of it."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from aftercart.kit.commands import Context, Decision
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Event, State
from aftercart.orders.model import Order, OrderKey
from aftercart.orders.scouts.serving import policy_in


class OrderRef(msgspec.Struct, frozen=True, kw_only=True):
    """The remembered result of every command on an order: the order as it was at ``version``."""

    order_id: UUID
    version: int


class OrderNotFound(Refusal):
    """There is no such order, or none this caller may know of."""

    status = 404

    def __init__(self) -> None:
        super().__init__(param="order")


Decide = Callable[[Any, Order, State, Context], Sequence[Event]]


def order_root(command: Any) -> OrderKey:
    """Returns the key of the order a command names."""
    return OrderKey(command.order_id)


def order_needs(command: Any, _facts: State) -> tuple[OrderKey, ...]:
    """Returns the one row every command on an order needs."""
    return (OrderKey(command.order_id),)


def find_order(state: State, order_id: UUID) -> Order:
    """Returns the order; raises ``OrderNotFound``."""
    order = state.find(OrderKey(order_id))
    if order is None:
        raise OrderNotFound
    return order


def on_order(decide: Decide) -> Callable[[Any, State, Context], Decision]:
    """Makes a decision on one order a decision of the bus."""

    def decide_on_order(command: Any, state: State, context: Context) -> Decision:
        order = find_order(state, command.order_id)
        events = tuple(decide(command, order, state, context))
        return Decision(
            stream=order.order_id,
            version=order.version,
            events=events,
            result=OrderRef(order_id=order.order_id, version=order.version + len(events)),
            root=OrderKey(order.order_id),
            policy_version=policy_in(state).version,
        )

    return decide_on_order
