"""What a delivery costs once it goes another way or elsewhere, and whether it bears more than it did."""

import msgspec

from aftercart.orders.model import Delivery, Order
from aftercart.orders.rules.advantages import is_delivery_free
from aftercart.orders.rules.delivery import described, tariff_of
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.totals import totals_of
from aftercart.orders.rules.unit_ledger import live_quantity
from aftercart.shipping.model import Ineligible
from aftercart.shipping.rules.rates import DeliveryMethodNotAvailable


def rerated(order: Order, delivery: Delivery, facts: Facts, *, param: str) -> Delivery:
    """Returns the delivery at its price, and not promised yet.

    The price is the tariff for what was weighed at checkout, and what the shop asked above or below its tariff then:
    a function of the way alone, so going there and back moves no money. While a pre-order makes delivery free
    (``is_delivery_free``) it costs nothing, and neither does the same way afterwards. A method that is no longer
    offered still takes what it was chosen for.

    Raises ``DeliveryMethodNotAvailable``, for the field ``param``, when the method does not take what is still wanted.
    """
    same_method = delivery.method == order.delivery.method
    if same_method:
        facts = _still_offering(delivery.method, facts)
    tariff_now = _tariff_now(order, delivery, facts)
    fresh = described(msgspec.structs.replace(delivery, promise=None, promised_date=None, given_date=None), facts)
    if isinstance(tariff_now, Ineligible):
        if tariff_now is Ineligible.WRONG_CURRENCY and same_method:
            return fresh  # the shop's own price, as before
        raise DeliveryMethodNotAvailable(method=delivery.method, names=fresh.names, ineligible=tariff_now, param=param)
    rating = order.delivery.rating
    if rating is None:
        return msgspec.structs.replace(fresh, price_minor=tariff_now)
    tariff = tariff_of(
        delivery,
        weight_grams=rating.weight_grams,
        value_minor=rating.value_minor,
        currency=order.currency,
        facts=facts,
    )
    price = tariff_now if isinstance(tariff, Ineligible) else tariff
    if is_delivery_free(order):
        rating = msgspec.structs.replace(rating, offset_minor=min(rating.offset_minor, -price))
    return msgspec.structs.replace(fresh, price_minor=max(price + rating.offset_minor, 0), rating=rating)


def require_borne(order: Order, facts: Facts, *, more_grams: int, param: str) -> None:
    """Raises ``DeliveryMethodNotAvailable``, for ``param``, when the order's method does not take that much more.

    What it did not take before either was agreed all the same, and may go on.
    """
    delivery = order.delivery
    facts = _still_offering(delivery.method, facts)
    before = _tariff_now(order, delivery, facts)
    after = _tariff_now(order, delivery, facts, more_grams=max(more_grams, 0))
    if after is Ineligible.TOO_HEAVY and before is not Ineligible.TOO_HEAVY:
        raise DeliveryMethodNotAvailable(method=delivery.method, names=delivery.names, ineligible=after, param=param)


def _tariff_now(order: Order, delivery: Delivery, facts: Facts, *, more_grams: int = 0) -> int | Ineligible:
    weight = sum(line.weight_grams * live_quantity(order.units, line) for line in order.lines) + more_grams
    goods = totals_of(order)
    value = goods.items_minor - goods.discount_minor
    return tariff_of(delivery, weight_grams=weight, value_minor=value, currency=order.currency, facts=facts)


def _still_offering(code: str, facts: Facts) -> Facts:
    method = facts.methods.get(code)
    if method is None or method.active:
        return facts
    return msgspec.structs.replace(facts, methods={**facts.methods, code: msgspec.structs.replace(method, active=True)})
