"""What every stock document's lines must satisfy."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Final, Protocol

import msgspec

from aftercart.catalog.model import VariantKind
from aftercart.inventory.model import Stock
from aftercart.kit.refusal import Invalid, Refusal

LINES_MAX: Final = 10_000
QUANTITY_MAX: Final = 1_000_000
ON_HAND_MAX: Final = 1_000_000_000
Sku = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
LocationCode = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
BinCode = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
KindOf = Callable[[str], VariantKind | None]
"""``kind_of(sku)``: how a variant comes into being, ``None`` for one the catalog does not know."""


class _NamesSku(Protocol):
    @property
    def sku(self) -> str: ...


class TooMuchOnHand(Refusal):
    """A stock row cannot hold more than ``ON_HAND_MAX`` units."""

    def __init__(self, *, sku: str, on_hand: int, delta: int) -> None:
        super().__init__(param="lines", sku=sku, on_hand=on_hand, delta=delta, on_hand_max=ON_HAND_MAX)


def require_known(
    location: str,
    lines: Sequence[_NamesSku],
    *,
    knows_location: Callable[[str], bool],
    kind_of: KindOf,
) -> None:
    """Raises ``Invalid`` for the first location or SKU that is unknown, or that is a bundle and has no stock."""
    if not knows_location(location):
        raise Invalid(param="location", expected="the code of a known location", got=location)
    for index, line in enumerate(lines):
        kind = kind_of(line.sku)
        if kind is None:
            raise Invalid(param=f"lines[{index}].sku", expected="a known SKU", got=line.sku)
        if kind is VariantKind.BUNDLE:
            raise Invalid(param=f"lines[{index}].sku", expected="a SKU that is no bundle", got=line.sku)


def require_once(lines: Sequence[_NamesSku]) -> None:
    """Raises ``Invalid`` for the first line whose SKU another line named before."""
    seen: set[str] = set()
    for index, line in enumerate(lines):
        if line.sku in seen:
            raise Invalid(param=f"lines[{index}].sku", expected="each SKU once", got=line.sku)
        seen.add(line.sku)


def require_room(changes: Iterable[tuple[Stock, int]]) -> None:
    """Raises ``TooMuchOnHand`` when a stock row would grow beyond its limit."""
    for stock, delta in changes:
        if stock.on_hand + delta > ON_HAND_MAX:
            raise TooMuchOnHand(sku=stock.sku, on_hand=stock.on_hand, delta=delta)
