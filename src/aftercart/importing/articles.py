"""The catalog that a retail file implies: what its lines most often call an article and charge for it."""

import re
from collections import Counter, defaultdict
from typing import Final, TypeVar
from zlib import crc32

from aftercart.catalog.decisions.upsert_variants import VariantDefinition
from aftercart.importing.model import ArticleLine
from aftercart.kit.money import Money

CURRENCY: Final = "GBP"
TAX_RATE: Final = "0.20"
Seen = TypeVar("Seen", str, int)
_FAMILY: Final = re.compile(r"([0-9]{5})([A-Z]{1,2})")


class Catalog:
    """Learns from one article line after the other."""

    def __init__(self) -> None:
        self._names: dict[str, Counter[str]] = defaultdict(Counter)
        self._prices: dict[str, Counter[int]] = defaultdict(Counter)

    def learn(self, line: ArticleLine) -> None:
        """Notes what the line calls its article and charges for it."""
        self._names[line.sku][line.name] += 1
        self._prices[line.sku][line.unit_price_minor] += 1

    def variants(self) -> tuple[VariantDefinition, ...]:
        """Returns the articles by SKU; of names or prices that are as frequent the first in order counts."""
        return tuple(
            _variant(sku, name=_most_frequent(self._names[sku]), price_minor=_most_frequent(self._prices[sku]))
            for sku in sorted(self._names)
        )


def stable_number(*parts: object) -> int:
    """Returns a number below 2^32 that is the same for the same parts in every run: chance without a seed."""
    return crc32("\x1f".join(map(str, parts)).encode())


def _most_frequent(found: Counter[Seen]) -> Seen:
    return min(found, key=lambda one: (-found[one], one))


def _variant(sku: str, *, name: str, price_minor: int) -> VariantDefinition:
    family = _FAMILY.fullmatch(sku)
    chance = stable_number("size", sku)
    # Invented: a few hundred grams and the box that goes with it. The file knows neither.
    length, width, height = 60 + chance % 340, 40 + chance // 340 % 210, 10 + chance // 71_400 % 140
    return VariantDefinition(
        sku=sku,
        product=family[1] if family else sku,
        name=name,
        price=Money(minor_units=price_minor, currency=CURRENCY),
        tax_rate=TAX_RATE,
        weight_grams=20 + length * width * height // 8_000,
        dimensions_mm=(length, width, height),
        options={"design": family[2]} if family else {},
    )
