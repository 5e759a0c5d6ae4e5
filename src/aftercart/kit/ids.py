"""Ids, order numbers and secrets, made by the application so that no counter in the database is ever waited for."""

import base64
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_RANDOM_BITS: Final = 74
_BUFFER_BYTES: Final = 4096

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U."""
ORDER_NUMBER_SYMBOLS: Final = 10
_HALF: Final = ORDER_NUMBER_SYMBOLS // 2
_TYPED_CHARACTERS_MAX: Final = 40


class Ids(Protocol):
    """Makes what identifies things; every implementation is used by one thread only."""

    def new_id(self, at: datetime) -> UUID:
        """Returns a UUIDv7 (RFC 9562) of the moment ``at``, larger than every id this object made before."""
        ...

    def order_number(self) -> str:
        """Returns an unguessable ``XXXXX-XXXXX`` of 45 random bits; the caller keeps numbers unique and asks again."""
        ...

    def secret(self) -> str:
        """Returns 256 random bits as 43 characters that are safe in a URL."""
        ...


class _AscendingIds:
    def __init__(self, random_bits: Callable[[int], int]) -> None:
        self._random_bits = random_bits
        self._last_milliseconds = -1
        self._last_tail = 0

    def new_id(self, at: datetime) -> UUID:
        milliseconds = (at - _EPOCH) // _MILLISECOND
        if milliseconds < 0:
            raise ValueError(f"expected a moment since 1970, got {at.isoformat()}")
        if milliseconds > self._last_milliseconds:
            self._last_milliseconds = milliseconds
            # The highest bit stays free: room for 2^41 ids to ascend in one millisecond (RFC 9562, section 6.2).
            tail = self._random_bits(_RANDOM_BITS - 1)
        else:
            tail = self._last_tail + 1 + self._random_bits(32)
        self._last_tail = tail
        return UUID(
            int=self._last_milliseconds << 80
            | 0x7 << 76
            | (tail >> 62) << 64
            | 0b10 << 62
            | tail & 0x3FFF_FFFF_FFFF_FFFF
        )

    def order_number(self) -> str:
        bits = self._random_bits(5 * (ORDER_NUMBER_SYMBOLS - 1))
        digits = [bits >> 5 * place & 31 for place in range(ORDER_NUMBER_SYMBOLS - 1)]
        digits.append(_remainder(digits))
        return _shown("".join(ALPHABET[digit] for digit in digits))

    def secret(self) -> str:
        return base64.urlsafe_b64encode(self._random_bits(256).to_bytes(32)).rstrip(b"=").decode()


class RandomIds(_AscendingIds):
    """Ids nobody can foresee, from the operating system's randomness."""

    def __init__(self) -> None:
        super().__init__(_SystemRandomness().bits)


class SeededIds(_AscendingIds):
    """The same ids again for the same seed: for tests, simulated runs and demo shops, never for a real shop."""

    def __init__(self, seed: int) -> None:
        super().__init__(random.Random(seed).getrandbits)  # noqa: S311 - repeatable on purpose


class _SystemRandomness:
    """Reads ahead, because one call of the operating system for each id costs more than the id."""

    def __init__(self) -> None:
        self._buffer = b""
        self._used = 0
        self._process = 0

    def bits(self, count: int) -> int:
        size = (count + 7) // 8
        end = self._used + size
        # A forked process must not hand out what its parent hands out too.
        if end > len(self._buffer) or self._process != os.getpid():
            self._buffer = os.urandom(_BUFFER_BYTES)
            self._process = os.getpid()
            self._used, end = 0, size
        taken = self._buffer[self._used : end]
        self._used = end
        return int.from_bytes(taken) >> 8 * size - count


def parse_order_number(text: str) -> str | None:
    """Returns the order number as it is shown, from what a person typed, or ``None`` when it cannot be one.

    Lower case, spaces, missing or long dashes, O for 0 and I or L for 1 are understood.
    """
    if len(text) > _TYPED_CHARACTERS_MAX:
        return None
    symbols = text.translate(_TYPED)
    if len(symbols) != ORDER_NUMBER_SYMBOLS or not _DIGITS.keys() >= set(symbols):
        return None
    if _remainder([_DIGITS[symbol] for symbol in symbols]) != 0:
        return None
    return _shown(symbols)


def _remainder(digits: list[int]) -> int:
    """Returns the check digit of ``digits``; it is 0 for digits that end in their own check digit.

    This is Damm's check (H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004) on the quasigroup
    ``alpha * (a + b)`` of the field of 32 elements: every single wrong symbol is found because multiplying by alpha is
    a bijection, and every swap of two symbols because the powers of alpha that weigh them differ.
    """
    remainder = 0
    for digit in digits:
        remainder = _TIMES_ALPHA[remainder ^ digit]
    return remainder


def _shown(symbols: str) -> str:
    return f"{symbols[:_HALF]}-{symbols[_HALF:]}"


def _times_alpha(element: int) -> int:
    # x^5 + x^2 + 1 is primitive over GF(2): alpha takes all 31 values other than zero.
    doubled = element << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled


_TIMES_ALPHA: Final = tuple(_times_alpha(element) for element in range(32))
_DIGITS: Final = {symbol: digit for digit, symbol in enumerate(ALPHABET)}
_TYPED: Final = str.maketrans(
    ALPHABET.lower() + "OoIiLl",
    ALPHABET + "001111",
    " \t\r\n\u00a0\u202f-\u2010\u2011\u2012\u2013\u2014",
)
