"""Money in answers."""

import msgspec


class Amount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An amount in the smallest unit of its currency: 1990 EUR are 19.90 euros."""

    minor_units: int
    currency: str
