"""Why an order is held, as its customer is told: the only function that says so, for the API as for the page."""

from typing import Final

from aftercart.orders.model import HoldReason


def told_hold(reason: HoldReason) -> HoldReason:
    """Returns the reason a customer is told for a hold of that reason."""
    return _TOLD_AS.get(reason, reason)


_TOLD_AS: Final = {HoldReason.FRAUD_REVIEW: HoldReason.MANUAL}
"""Most orders under review are honest, and their customers are not to read that they were doubted."""
