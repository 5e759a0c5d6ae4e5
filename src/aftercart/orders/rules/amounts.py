"""Amounts that callers give for an order."""

from aftercart.kit.money import Money
from aftercart.kit.refusal import Invalid


def amount_in(currency: str, money: Money, *, param: str) -> int:
    """Returns the minor units of an amount; raises ``Invalid`` for another currency or less than nothing."""
    if money.currency != currency:
        raise Invalid(param=f"{param}.currency", expected=f"the order's currency, {currency}", got=money.currency)
    if money.minor_units < 0:
        raise Invalid(param=f"{param}.minor_units", expected="zero or more", got=money.minor_units)
    return money.minor_units
