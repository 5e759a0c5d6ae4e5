"""Receiving a delivery into a location."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated

import msgspec

from aftercart.inventory.events import StockDelta, StockReceived, SupplyArrival
from aftercart.inventory.model import Stock, SupplyLine
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


class ReceiptLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU arrived."""

    sku: Sku
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)]


class ReceiveStock(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put a delivery into stock; ``reference`` is the delivery note's or purchase order's number.

    What was announced as supply for this location under the same reference counts as arrived. ``completes`` says that
    nothing more will come of it: what is still outstanding then is not expected any more.
    """

    location: LocationCode
    reference: Annotated[str, msgspec.Meta(max_length=100)]
    lines: Annotated[tuple[ReceiptLine, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    completes: bool = False


def receive_stock(
    command: ReceiveStock,
    *,
    knows_location: Callable[[str], bool],
    kind_of: KindOf,
    stock_of: Callable[[str], Stock],
    supply_lines: Iterable[SupplyLine],
) -> StockReceived:
    """Returns the receipt; a SKU on two lines counts once with their sum, and more than was announced is welcome.

    ``supply_lines`` are those announced under the command's reference. Raises ``Invalid`` for what is unknown.
    """
    require_known(command.location, command.lines, knows_location=knows_location, kind_of=kind_of)
    quantities: Counter[str] = Counter()
    for line in command.lines:
        quantities[line.sku] += line.quantity
    deltas = tuple(StockDelta(sku=sku, delta=quantity) for sku, quantity in quantities.items())
    require_room((stock_of(delta.sku), delta.delta) for delta in deltas)
    return StockReceived(
        location=command.location,
        reference=command.reference,
        lines=deltas,
        supply=tuple(_arrivals(command, quantities, supply_lines)),
    )


def _arrivals(
    command: ReceiveStock, quantities: Mapping[str, int], supply_lines: Iterable[SupplyLine]
) -> Iterator[SupplyArrival]:
    for line in supply_lines:
        quantity = quantities.get(line.sku, 0)
        left = max(line.outstanding - quantity, 0)
        outstanding, short = (0, left) if command.completes else (left, 0)
        if quantity or short:
            yield SupplyArrival(sku=line.sku, quantity=quantity, outstanding=outstanding, short=short)
