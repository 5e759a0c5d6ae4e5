"""Counting stock: what the hands found is what there is."""

from collections.abc import Callable
from typing import Annotated

import msgspec

from aftercart.inventory.events import CountedLine, StockCounted
from aftercart.inventory.model import Stock
from aftercart.inventory.rules.document_lines import LINES_MAX, QUANTITY_MAX, Sku, require_known
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid


class CountLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU were found."""

    sku: Sku
    quantity: Annotated[int, msgspec.Meta(ge=0, le=QUANTITY_MAX)]


class CountStock(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Record a physical count of some SKUs at a location."""

    location: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    lines: Annotated[tuple[CountLine, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


def count_stock(
    command: CountStock,
    *,
    knows_location: Callable[[str], bool],
    knows_sku: Callable[[str], bool],
    stock_of: Callable[[str], Stock],
) -> StockCounted:
    """Returns the count, with what it differs by and what is short; a count is never refused for its numbers.

    Raises ``Invalid`` for what is unknown and for a SKU counted twice.
    """
    require_known(command.location, command.lines, knows_location=knows_location, knows_sku=knows_sku)
    counted: list[CountedLine] = []
    seen: set[str] = set()
    for index, line in enumerate(command.lines):
        if line.sku in seen:
            raise Invalid(param=f"lines[{index}].sku", expected="each SKU once per count", got=line.sku)
        seen.add(line.sku)
        stock = stock_of(line.sku)
        counted.append(
            CountedLine(
                sku=line.sku,
                counted=line.quantity,
                delta=line.quantity - stock.on_hand,
                short=max(stock.reserved - line.quantity, 0),
            )
        )
    return StockCounted(location=command.location, lines=tuple(counted))
