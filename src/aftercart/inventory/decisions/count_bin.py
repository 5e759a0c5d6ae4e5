"""Counting a bin: what the hands found in it is what lies there, and stock follows."""

from typing import Annotated

import msgspec

from aftercart.inventory.decisions.count_stock import CountLine
from aftercart.inventory.events import BinCounted, CountedInBin
from aftercart.inventory.rules.bin_changes import on_hand_variance, quantity_in
from aftercart.inventory.rules.bin_documents import Shelves, require_bin
from aftercart.inventory.rules.document_lines import (
    LINES_MAX,
    BinCode,
    LocationCode,
    require_known,
    require_once,
    require_room,
)
from aftercart.kit.commands import Command


class CountBin(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Record what was found of some SKUs in a bin; what should be there and is not is counted as 0."""

    location: LocationCode
    bin: BinCode
    lines: Annotated[tuple[CountLine, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


def count_bin(command: CountBin, *, shelves: Shelves) -> BinCounted:
    """Returns the count, with what it differs by and what is short then; it is never refused for its numbers.

    Raises ``Invalid`` for what is unknown and for a SKU counted twice.
    """
    require_known(command.location, command.lines, knows_location=shelves.knows_location, kind_of=shelves.kind_of)
    require_once(command.lines)
    require_bin(shelves, command.bin, param="bin")
    counted = tuple(_counted(command.bin, line, shelves) for line in command.lines)
    require_room((shelves.stock_of(line.sku), line.delta) for line in counted)
    return BinCounted(location=command.location, bin=command.bin, lines=counted)


def _counted(code: str, line: CountLine, shelves: Shelves) -> CountedInBin:
    stock, bins = shelves.stock_of(line.sku), shelves.bins_of(line.sku)
    bin_delta = line.quantity - quantity_in(bins, code)
    delta = on_hand_variance(stock, bins, bin_delta)
    return CountedInBin(
        sku=line.sku,
        counted=line.quantity,
        bin_delta=bin_delta,
        delta=delta,
        short=max(stock.reserved - stock.on_hand - delta, 0),
    )
