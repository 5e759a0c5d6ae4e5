"""Counting stock: what the hands found is what there is."""

from collections.abc import Callable
from typing import Annotated

import msgspec

from aftercart.inventory.events import CountedLine, StockCounted
from aftercart.inventory.model import Stock
from aftercart.inventory.rules.document_lines import (
    LINES_MAX,
    QUANTITY_MAX,
    KindOf,
    LocationCode,
    Sku,
    require_known,
    require_once,
)
from aftercart.kit.commands import Command


class CountLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU were found."""

    sku: Sku
    quantity: Annotated[int, msgspec.Meta(ge=0, le=QUANTITY_MAX)]


class CountStock(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Record a physical count of some SKUs at a location."""

    location: LocationCode
    lines: Annotated[tuple[CountLine, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


def count_stock(
    command: CountStock,
    *,
    knows_location: Callable[[str], bool],
    kind_of: KindOf,
    stock_of: Callable[[str], Stock],
) -> StockCounted:
    """Returns the count, with what it differs by and what is short; a count is never refused for its numbers.

    Raises ``Invalid`` for what is unknown and for a SKU counted twice.
    """
    require_known(command.location, command.lines, knows_location=knows_location, kind_of=kind_of)
    require_once(command.lines)
    counted = tuple(_counted(line, stock_of(line.sku)) for line in command.lines)
    return StockCounted(location=command.location, lines=counted)


def _counted(line: CountLine, stock: Stock) -> CountedLine:
    return CountedLine(
        sku=line.sku,
        counted=line.quantity,
        delta=line.quantity - stock.on_hand,
        short=max(stock.reserved - line.quantity, 0),
    )
