"""What of an order its customer is answered: all that was agreed with them, nothing that is the shop's own business.

Left out are the notes and the suspicion behind a hold, where units lie and why there, and the supply they come with.
The place where a customer collects goods stays, and so does how the promised days are counted, but for the places.
"""

import msgspec

from aftercart.access.model import Role
from aftercart.kit.commands import Actor
from aftercart.orders.model import Hold, Order
from aftercart.orders.rules.told_hold import told_hold
from aftercart.web.api.order_answer import AwaitedAnswer, DeliveryAnswer, LineAnswer, OrderAnswer, order_answer


def is_customer(actor: Actor) -> bool:
    """Returns whether the shop's own business is not for this actor to read."""
    return actor.role == Role.CUSTOMER.value


def order_answer_for(order: Order, actor: Actor) -> OrderAnswer:
    """Returns the order as ``actor`` may see it."""
    answer = order_answer(order)
    return _for_customer(answer) if is_customer(actor) else answer


def _for_customer(answer: OrderAnswer) -> OrderAnswer:
    return msgspec.structs.replace(
        answer,
        lines=[_line(line) for line in answer.lines],
        delivery=_delivery(answer.delivery),
        holds=tuple(_hold(hold) for hold in answer.holds),
        awaited=tuple(_awaited(one) for one in answer.awaited),
        sourcing=None,
    )


def _line(line: LineAnswer) -> LineAnswer:
    return msgspec.structs.replace(line, locations=[])


def _delivery(delivery: DeliveryAnswer) -> DeliveryAnswer:
    steps = tuple(msgspec.structs.replace(step, location=None) for step in delivery.calculation)
    return msgspec.structs.replace(delivery, calculation=steps)


def _hold(hold: Hold) -> Hold:
    return msgspec.structs.replace(hold, reason=told_hold(hold.reason), note=None)


def _awaited(awaited: AwaitedAnswer) -> AwaitedAnswer:
    return msgspec.structs.replace(awaited, location=None, reference=None)
