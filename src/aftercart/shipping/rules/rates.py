"""What a delivery costs, or why a method does not take it."""

from aftercart.kit.refusal import Refusal
from aftercart.shipping.model import DeliveryMethod, Ineligible, Names, Rate, Zone


class DeliveryMethodNotAvailable(Refusal):
    """This delivery method cannot be chosen here; ``ineligible`` says why."""

    def __init__(
        self, *, method: str, names: Names | None, ineligible: Ineligible, param: str = "delivery.method"
    ) -> None:
        super().__init__(param=param, method=method, names=names, ineligible=ineligible.value)
        self.ineligible = ineligible


def price_of(
    method: DeliveryMethod, *, zone: Zone, weight_grams: int, value_minor: int, currency: str
) -> int | Ineligible:
    """Returns the price in minor units, or why the method is not available.

    The first rate of the zone, in the order of the table, whose weight is not exceeded and whose value is reached
    counts. From the zone's free threshold on the price is zero; what is too heavy stays too heavy.
    """
    reason = _why_not(method, zone=zone, weight_grams=weight_grams, currency=currency)
    if reason is not None:
        return reason
    fitting = (
        rate for rate in method.rates if _bears(rate, zone, weight_grams) and rate.value_minor_min <= value_minor
    )
    found = next(fitting, None)
    if found is None:
        return Ineligible.VALUE_TOO_LOW
    threshold = free_from(method, zone)
    return 0 if threshold is not None and value_minor >= threshold else found.price_minor


def free_from(method: DeliveryMethod, zone: Zone) -> int | None:
    """Returns the value of goods from which delivery to the zone is free, ``None`` where it never is for its value."""
    return next((entry.value_minor for entry in method.free_from if entry.zone is zone), None)


def _why_not(method: DeliveryMethod, *, zone: Zone, weight_grams: int, currency: str) -> Ineligible | None:
    if not method.active:
        return Ineligible.INACTIVE
    if method.currency != currency:
        return Ineligible.WRONG_CURRENCY
    if not any(rate.zone is zone for rate in method.rates):
        return Ineligible.NOT_IN_ZONE
    most = method.weight_grams_max
    bears = any(_bears(rate, zone, weight_grams) for rate in method.rates)
    return Ineligible.TOO_HEAVY if not bears or (most is not None and weight_grams > most) else None


def _bears(rate: Rate, zone: Zone, weight_grams: int) -> bool:
    return rate.zone is zone and (rate.weight_grams_max is None or weight_grams <= rate.weight_grams_max)
