"""Tracking numbers as UPU standard S10 has them: two letters, eight digits, a check digit and the country's code.

The Universal Postal Union's S10, "Identification of postal items: 13-character identifier".
"""

import re
from typing import Final

_SHAPE: Final = re.compile("[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
_SERIALS: Final = 10**8
# Odd and no multiple of five, so that no two parcels get one number; it only scatters them.
_STEP: Final = 61_803_399
_START: Final = 27_182_818


def tracking_number(parcel: int, *, service: str, country: str) -> str:
    """Returns the number of the so-many-th parcel of a carrier; after 100 million parcels numbers come again."""
    serial = f"{(_START + parcel * _STEP) % _SERIALS:08}"
    return f"{service}{serial}{check_digit(serial)}{country}"


def check_digit(serial: str) -> int:
    """Returns the check digit of eight digits: eleven less the weighted sum modulo 11, where 10 is 0 and 11 is 5."""
    remainder = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(11 - remainder, 11 - remainder)


def is_tracking_number(text: str) -> bool:
    """Tells whether a text is such a number, check digit included."""
    found = _SHAPE.fullmatch(text)
    return found is not None and check_digit(found[1]) == int(found[2])


def spaced(number: str) -> str:
    """Returns a tracking number in groups that people can read out: ``CB 47 312 482 9 FR``."""
    return f"{number[:2]} {number[2:4]} {number[4:7]} {number[7:10]} {number[10]} {number[11:]}"
