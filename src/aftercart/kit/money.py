"""Amounts of money in whole minor units, and the three things done to them: adding up, sharing out, finding the tax."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Annotated, Final

import msgspec
from babel import Locale
from babel.numbers import format_currency

from aftercart.kit.currencies import DECIMALS
from aftercart.kit.refusal import Refusal

MINOR_UNITS_MAX: Final = 10**15
ROUNDING: Final = ROUND_HALF_UP
"""How a part of a minor unit is rounded, everywhere: half a unit goes away from zero, so a refund mirrors its sale."""
RATE_ONE: Final = 10_000
"""Rates are whole basis points: 10,000 are 100 %."""
_RATE: Final = re.compile(r"([01])\.([0-9]{2,4})")


class CurrencyMismatch(Refusal):
    """Two amounts of different currencies cannot be added."""

    def __init__(self, *, left: str, right: str) -> None:
        super().__init__(left=left, right=right)


class UnknownCurrency(Refusal, ValueError):
    """The code is not a currency in use (a ``ValueError`` too, so that decoding names the field)."""

    status = 422

    def __init__(self, *, currency: str) -> None:
        super().__init__(currency=currency)


class AmountOutOfRange(Refusal, ValueError):
    """The amount is beyond ``MINOR_UNITS_MAX`` either way (a ``ValueError`` too, so that decoding names the field)."""

    status = 422

    def __init__(self, *, minor_units: int) -> None:
        super().__init__(minor_units=minor_units, minor_units_max=MINOR_UNITS_MAX)


class Money(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """An amount in the smallest unit of an ISO 4217 currency: 1990 EUR are 19.90 euros."""

    minor_units: Annotated[int, msgspec.Meta(ge=-MINOR_UNITS_MAX, le=MINOR_UNITS_MAX)]
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$", min_length=3, max_length=3)]

    def __post_init__(self) -> None:
        if self.currency not in DECIMALS:
            raise UnknownCurrency(currency=self.currency)
        if not -MINOR_UNITS_MAX <= self.minor_units <= MINOR_UNITS_MAX:
            raise AmountOutOfRange(minor_units=self.minor_units)

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
        return Money(minor_units=self.minor_units + other.minor_units, currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
        return Money(minor_units=self.minor_units - other.minor_units, currency=self.currency)

    def __mul__(self, factor: int) -> "Money":
        return Money(minor_units=self.minor_units * factor, currency=self.currency)

    __rmul__ = __mul__


def allocate(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Shares ``total`` out in proportion to ``weights``, by largest remainder; the shares add up to ``total`` exactly.

    Of equal remainders the earlier one gets the unit left over. A weight of zero gets nothing; when all are zero,
    all weigh the same. A negative total is shared as its opposite. Raises ``ValueError`` for a negative weight, and
    for a total with nobody to share it.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError(f"expected weights of zero or more, got {list(weights)}")
    if not weights and total != 0:
        raise ValueError(f"expected at least one weight to share {total}")
    if total < 0:
        return tuple(-share for share in allocate(-total, weights))
    effective = weights if any(weights) else [1] * len(weights)
    whole = sum(effective)
    shares = [total * weight // whole for weight in effective]
    left_over = total - sum(shares)
    by_remainder = sorted(range(len(effective)), key=lambda place: -(total * effective[place] % whole))
    for place in by_remainder[:left_over]:
        shares[place] += 1
    return tuple(shares)


def divide_rounded(numerator: int, denominator: int) -> int:
    """Divides by a positive ``denominator`` to the nearest whole number, halves as ``ROUNDING`` says."""
    if denominator <= 0:
        raise ValueError(f"expected a positive denominator, got {denominator}")
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def tax_included(gross: int, rate_bps: int) -> int:
    """Returns the tax inside a gross amount, both in minor units: 2,000 of 12,000 at 2,000 basis points."""
    if rate_bps < 0:
        raise ValueError(f"expected a rate of zero or more basis points, got {rate_bps}")
    return divide_rounded(gross * rate_bps, RATE_ONE + rate_bps)


def parse_rate(text: str) -> int:
    """Returns a rate in basis points: ``"0.20"`` is 2,000, ``"0.055"`` is 550; other forms raise ``ValueError``."""
    match = _RATE.fullmatch(text)
    rate_bps = RATE_ONE + 1 if match is None else int(match[1]) * RATE_ONE + int(match[2].ljust(4, "0"))
    if rate_bps > RATE_ONE:
        raise ValueError(f'expected a rate from "0.00" to "1.00" with two to four decimals, got {text[:20]!r}')
    return rate_bps


def format_rate(rate_bps: int) -> str:
    """Returns a rate as ``parse_rate`` reads it, with as few decimals as it needs but at least two."""
    if not 0 <= rate_bps <= RATE_ONE:
        raise ValueError(f"expected a rate of 0 to {RATE_ONE} basis points, got {rate_bps}")
    whole, decimals = divmod(rate_bps, RATE_ONE)
    digits = f"{decimals:04d}"
    return f"{whole}.{digits[:2]}{digits[2:].rstrip('0')}"


def format_money(money: Money, locale: str) -> str:
    """Returns the amount as people write it in ``locale`` (``fr``, ``en``, ``fr-FR``), always with all its decimals."""
    name = locale.replace("-", "_")
    decimals = DECIMALS[money.currency]
    return format_currency(
        Decimal(money.minor_units).scaleb(-decimals),
        money.currency,
        format=_currency_pattern(name, decimals),
        locale=name,
        currency_digits=False,
    )


@cache
def _currency_pattern(locale: str, decimals: int) -> str:
    pattern: str = Locale.parse(locale).currency_formats["standard"].pattern
    return pattern.replace("0.00", "0." + "0" * decimals if decimals else "0")
