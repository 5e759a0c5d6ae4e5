"""How booked capacity changes."""

from aftercart.shipping.model import Capacity


def booked_after(capacity: Capacity, *, hour: int, quantity: int) -> Capacity:
    """Returns the capacity with so many more orders in an hour, or fewer; no zero comes last.

    The caller has checked that nothing falls below zero; the database's constraints check it again.
    """
    booked = [*capacity.booked, *[0] * (hour + 1 - len(capacity.booked))]
    booked[hour] += quantity
    while booked and booked[-1] == 0:
        booked.pop()
    return Capacity(resource=capacity.resource, at=capacity.at, booked=tuple(booked))
