"""Moving units from one bin into another."""

from collections import Counter
from typing import Annotated

import msgspec

from aftercart.inventory.events import BinDelta, BinStockMoved
from aftercart.inventory.rules.bin_changes import quantity_in
from aftercart.inventory.rules.bin_documents import Shelves, require_bin
from aftercart.inventory.rules.document_lines import (
    LINES_MAX,
    QUANTITY_MAX,
    BinCode,
    LocationCode,
    Sku,
    require_known,
    require_once,
)
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid, Refusal


class BinMoveLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU are carried."""

    sku: Sku
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)]


class MoveBinStock(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Carry units from the bin ``source`` to the bin ``target``."""

    location: LocationCode
    source: BinCode
    target: BinCode
    lines: Annotated[tuple[BinMoveLine, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


class NotEnoughInBin(Refusal):
    """Fewer units than that lie in the bin: ``quantity``."""

    def __init__(self, *, sku: str, bin: str, quantity: int) -> None:  # noqa: A002 - the trade's word
        super().__init__(param="lines", sku=sku, bin=bin, quantity=quantity)


def move_bin_stock(command: MoveBinStock, *, shelves: Shelves) -> BinStockMoved:
    """Returns what lies in both bins then; raises ``Invalid`` for what is unknown, and ``NotEnoughInBin``."""
    require_known(command.location, command.lines, knows_location=shelves.knows_location, kind_of=shelves.kind_of)
    require_once(command.lines)
    require_bin(shelves, command.source, param="source")
    require_bin(shelves, command.target, param="target")
    if command.source == command.target:
        raise Invalid(param="target", expected="another bin than the source", got=command.target)
    deltas = Counter[tuple[str, str]]()
    for line in command.lines:
        there = quantity_in(shelves.bins_of(line.sku), command.source)
        if line.quantity > there:
            raise NotEnoughInBin(sku=line.sku, bin=command.source, quantity=there)
        deltas[line.sku, command.source] -= line.quantity
        deltas[line.sku, command.target] += line.quantity
    lines = tuple(BinDelta(sku=sku, bin=code, delta=delta) for (sku, code), delta in deltas.items())
    return BinStockMoved(location=command.location, lines=lines)
