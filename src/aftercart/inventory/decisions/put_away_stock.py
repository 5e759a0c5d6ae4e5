"""Laying into bins what arrived and lies in none yet."""

from collections import Counter
from typing import Annotated

import msgspec

from aftercart.inventory.events import BinDelta, StockPutAway
from aftercart.inventory.rules.bin_changes import loose_units
from aftercart.inventory.rules.bin_documents import Shelves, require_bin
from aftercart.inventory.rules.document_lines import LINES_MAX, QUANTITY_MAX, BinCode, LocationCode, Sku, require_known
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Refusal


class PutawayLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU were laid into a bin."""

    sku: Sku
    bin: BinCode
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)]


class PutAwayStock(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lay units that are on hand and lie in no bin into bins."""

    location: LocationCode
    lines: Annotated[tuple[PutawayLine, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


class NotEnoughLoose(Refusal):
    """Fewer units than that are on hand without lying in a bin or in somebody's hands: ``loose``."""

    def __init__(self, *, sku: str, location: str, loose: int) -> None:
        super().__init__(param="lines", sku=sku, location=location, loose=loose)


def put_away_stock(command: PutAwayStock, *, shelves: Shelves) -> StockPutAway:
    """Returns what lies in which bin then; raises ``Invalid`` for what is unknown, and ``NotEnoughLoose``."""
    require_known(command.location, command.lines, knows_location=shelves.knows_location, kind_of=shelves.kind_of)
    wanted = Counter[str]()
    laid = Counter[tuple[str, str]]()
    for index, line in enumerate(command.lines):
        require_bin(shelves, line.bin, param=f"lines[{index}].bin")
        wanted[line.sku] += line.quantity
        laid[line.sku, line.bin] += line.quantity
    for sku, quantity in wanted.items():
        loose = loose_units(shelves.stock_of(sku), shelves.bins_of(sku))
        if quantity > loose:
            raise NotEnoughLoose(sku=sku, location=command.location, loose=max(loose, 0))
    lines = tuple(BinDelta(sku=sku, bin=code, delta=quantity) for (sku, code), quantity in laid.items())
    return StockPutAway(location=command.location, lines=lines)
