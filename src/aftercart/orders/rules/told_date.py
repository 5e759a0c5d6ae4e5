"""Which day the customer is told their order arrives by: the only function that says so."""

from datetime import date

from aftercart.orders.model import Order


def told_date(order: Order) -> date | None:
    """Returns the day the order is promised for, ``None`` while nobody can say.

    Where nothing can be calculated, a day the shop gave itself counts as long as everything is there.
    """
    delivery = order.delivery
    if delivery.promise is not None:
        return delivery.promised_date
    return None if order.awaited else delivery.given_date
