"""Correcting stock by a difference: found, broken, lost, given away."""

from collections import Counter
from collections.abc import Callable
from typing import Annotated

import msgspec

from aftercart.inventory.events import StockAdjusted, StockDelta
from aftercart.inventory.model import Stock
from aftercart.inventory.rules.document_lines import (
    LINES_MAX,
    QUANTITY_MAX,
    KindOf,
    LocationCode,
    Sku,
    require_known,
    require_room,
)
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Refusal


class AdjustmentLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU more or, when negative, fewer."""

    sku: Sku
    delta: Annotated[int, msgspec.Meta(ge=-QUANTITY_MAX, le=QUANTITY_MAX)]


class AdjustStock(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Correct stock by a difference, for a reason."""

    location: LocationCode
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    lines: Annotated[tuple[AdjustmentLine, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


class NotEnoughOnHand(Refusal):
    """An adjustment would take units that are not there or that are reserved; a count can say so, this cannot."""

    def __init__(self, *, sku: str, on_hand: int, reserved: int, delta: int) -> None:
        super().__init__(param="lines", sku=sku, on_hand=on_hand, reserved=reserved, delta=delta)


def adjust_stock(
    command: AdjustStock,
    *,
    knows_location: Callable[[str], bool],
    kind_of: KindOf,
    stock_of: Callable[[str], Stock],
) -> StockAdjusted:
    """Returns the adjustment; a SKU on two lines counts once with their sum.

    Raises ``Invalid`` for what is unknown and ``NotEnoughOnHand`` for taking what is reserved or not there.
    """
    require_known(command.location, command.lines, knows_location=knows_location, kind_of=kind_of)
    sums: Counter[str] = Counter()
    for line in command.lines:
        sums[line.sku] += line.delta
    for sku, delta in sums.items():
        stock = stock_of(sku)
        if delta < 0 and stock.on_hand + delta < stock.reserved:
            raise NotEnoughOnHand(sku=sku, on_hand=stock.on_hand, reserved=stock.reserved, delta=delta)
    deltas = tuple(StockDelta(sku=sku, delta=delta) for sku, delta in sums.items())
    require_room((stock_of(delta.sku), delta.delta) for delta in deltas)
    return StockAdjusted(location=command.location, reason=command.reason, lines=deltas)
