"""Putting units aside that must not be sold for the time being, and giving them back."""

from collections import Counter
from collections.abc import Callable
from typing import Annotated

import msgspec

from aftercart.inventory.events import StockDelta, StockQuarantined
from aftercart.inventory.model import Stock
from aftercart.inventory.rules.document_lines import (
    LINES_MAX,
    QUANTITY_MAX,
    KindOf,
    LocationCode,
    Sku,
    require_known,
)
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Refusal


class QuarantineLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU are put aside or, when negative, given back."""

    sku: Sku
    delta: Annotated[int, msgspec.Meta(ge=-QUANTITY_MAX, le=QUANTITY_MAX)]


class QuarantineStock(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put units aside, or give them back, for a reason; they stay on hand, but nobody is promised them meanwhile."""

    location: LocationCode
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    lines: Annotated[tuple[QuarantineLine, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


class NotEnoughToPutAside(Refusal):
    """Only units that are there, are not reserved and do not lie in quarantine already can be put aside."""

    def __init__(self, *, sku: str, free: int, delta: int) -> None:
        super().__init__(param="lines", sku=sku, free=free, delta=delta)


class NotEnoughInQuarantine(Refusal):
    """More units would be given back than were put aside."""

    def __init__(self, *, sku: str, quarantined: int, delta: int) -> None:
        super().__init__(param="lines", sku=sku, quarantined=quarantined, delta=delta)


def quarantine_stock(
    command: QuarantineStock,
    *,
    knows_location: Callable[[str], bool],
    kind_of: KindOf,
    stock_of: Callable[[str], Stock],
) -> StockQuarantined:
    """Returns what is put aside and given back; a SKU on two lines counts once with their sum.

    Raises ``Invalid`` for what is unknown, ``NotEnoughToPutAside`` and ``NotEnoughInQuarantine``.
    """
    require_known(command.location, command.lines, knows_location=knows_location, kind_of=kind_of)
    sums: Counter[str] = Counter()
    for line in command.lines:
        sums[line.sku] += line.delta
    for sku, delta in sums.items():
        stock = stock_of(sku)
        free = max(stock.on_hand - stock.reserved - stock.quarantined, 0)
        if delta > free:
            raise NotEnoughToPutAside(sku=sku, free=free, delta=delta)
        if stock.quarantined + delta < 0:
            raise NotEnoughInQuarantine(sku=sku, quarantined=stock.quarantined, delta=delta)
    lines = tuple(StockDelta(sku=sku, delta=delta) for sku, delta in sums.items())
    return StockQuarantined(location=command.location, reason=command.reason, lines=lines)
