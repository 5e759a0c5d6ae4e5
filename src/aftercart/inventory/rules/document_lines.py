"""What every stock document's lines must satisfy."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Final, Protocol

import msgspec

from aftercart.inventory.model import Stock
from aftercart.kit.refusal import Invalid, Refusal

LINES_MAX: Final = 10_000
QUANTITY_MAX: Final = 1_000_000
ON_HAND_MAX: Final = 1_000_000_000
Sku = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


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
    knows_sku: Callable[[str], bool],
) -> None:
    """Raises ``Invalid`` for the first location or SKU that is unknown."""
    if not knows_location(location):
        raise Invalid(param="location", expected="the code of a known location", got=location)
    for index, line in enumerate(lines):
        if not knows_sku(line.sku):
            raise Invalid(param=f"lines[{index}].sku", expected="a known SKU", got=line.sku)


def require_room(changes: Iterable[tuple[Stock, int]]) -> None:
    """Raises ``TooMuchOnHand`` when a stock row would grow beyond its limit."""
    for stock, delta in changes:
        if stock.on_hand + delta > ON_HAND_MAX:
            raise TooMuchOnHand(sku=stock.sku, on_hand=stock.on_hand, delta=delta)
