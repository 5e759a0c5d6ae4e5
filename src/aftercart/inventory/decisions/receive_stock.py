"""Receiving a delivery into a location."""

from collections import Counter
from collections.abc import Callable
from typing import Annotated

import msgspec

from aftercart.inventory.events import StockDelta, StockReceived
from aftercart.inventory.model import Stock
from aftercart.inventory.rules.document_lines import LINES_MAX, QUANTITY_MAX, Sku, require_known, require_room
from aftercart.kit.commands import Command


class ReceiptLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU arrived."""

    sku: Sku
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)]


class ReceiveStock(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put a delivery into stock; ``reference`` is the delivery note's or purchase order's number."""

    location: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    reference: Annotated[str, msgspec.Meta(max_length=100)]
    lines: Annotated[tuple[ReceiptLine, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


def receive_stock(
    command: ReceiveStock,
    *,
    knows_location: Callable[[str], bool],
    knows_sku: Callable[[str], bool],
    stock_of: Callable[[str], Stock],
) -> StockReceived:
    """Returns the receipt; a SKU on two lines counts once with their sum. Raises ``Invalid`` for what is unknown."""
    require_known(command.location, command.lines, knows_location=knows_location, knows_sku=knows_sku)
    quantities: Counter[str] = Counter()
    for line in command.lines:
        quantities[line.sku] += line.quantity
    deltas = tuple(StockDelta(sku=sku, delta=quantity) for sku, quantity in quantities.items())
    require_room((stock_of(delta.sku), delta.delta) for delta in deltas)
    return StockReceived(location=command.location, reference=command.reference, lines=deltas)
