"""What a delivery costs once it goes another way or elsewhere."""

import msgspec

from aftercart.orders.model import Delivery, Order
from aftercart.orders.rules.delivery import described, tariff_of
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.unit_ledger import live_quantity
from aftercart.shipping.model import Ineligible
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable


def rerated(order: Order, delivery: Delivery, facts: Facts) -> Delivery:
    """Returns the delivery at its price, and not promised yet.

    The price is the tariff for what was weighed at checkout, and what the shop asked above or below its tariff then:
    a function of the way alone, so going there and back moves no money. Raises ``DeliveryMethodNotAvailable`` when
    the method does not take what is still wanted there.
    """
    currency = order.currency
    weight = sum(line.weight_grams * live_quantity(order.units, line) for line in order.lines)
    value = sum(line.unit_price_minor * live_quantity(order.units, line) for line in order.lines)
    now = tariff_of(delivery, weight_grams=weight, value_minor=value, currency=currency, facts=facts)
    fresh = described(msgspec.structs.replace(delivery, promise=None, promised_date=None, given_date=None), facts)
    if isinstance(now, Ineligible):
        same_method = delivery.method == order.delivery.method
        if now is Ineligible.WRONG_CURRENCY and same_method:
            return fresh  # the shop's own price, as before
        raise DeliveryMethodNotAvailable(method=delivery.method, ineligible=now, param="method")
    rating = order.delivery.rating
    if rating is None:
        return msgspec.structs.replace(fresh, price_minor=now)
    tariff = tariff_of(
        delivery,
        weight_grams=rating.weight_grams,
        value_minor=rating.value_minor,
        currency=currency,
        facts=facts,
    )
    price = now if isinstance(tariff, Ineligible) else tariff
    return msgspec.structs.replace(fresh, price_minor=max(price + rating.offset_minor, 0))
