"""Having an order collected elsewhere."""

import msgspec

from aftercart.orders.events import PickupPointChanged
from aftercart.orders.model import ChangeKind, Code, Order, OrderChange
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.delivery import method_named, require_pickup_point
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.rerating import rerated
from aftercart.orders.rules.resourcing import resourced


class ChangePickupPoint(OrderChange, frozen=True, kw_only=True, tag="change_pickup_point"):
    """Bring the goods to this pickup point, or to this store, of the same method."""

    pickup_point: Code


def change_pickup_point(command: ChangePickupPoint, order: Order, *, facts: Facts) -> tuple[PickupPointChanged, ...]:
    """Returns the change, nothing when that is the point already; it is priced, promised and served anew.

    Raises ``Invalid`` for a point the method does not know, what stands against the change, and what ``resourced``
    raises: a store serves what is collected there.
    """
    require_allowed(order, ChangeKind.CHANGE_PICKUP_POINT, facts)
    previous = order.delivery.pickup_point
    assert previous is not None
    if command.pickup_point == previous:
        return ()
    method = method_named(order.delivery.method, facts, param="pickup_point")
    require_pickup_point(method, command.pickup_point, facts, param="pickup_point")
    delivery = msgspec.structs.replace(order.delivery, pickup_point=command.pickup_point)
    rated = rerated(order, delivery, facts, param="pickup_point")
    served = resourced(order, facts, param="pickup_point")
    event = PickupPointChanged(
        moves=served.moves,
        delivery=rated,
        previous=previous,
        pickup_point=command.pickup_point,
        name=command.pickup_point if rated.place is None else rated.place.name,
        sourcing=served.sourcing,
    )
    return (settle(order, event, facts, change=ChangeKind.CHANGE_PICKUP_POINT),)
