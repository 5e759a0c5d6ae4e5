"""Keeping some units of what lies at a location from being promised."""

from collections.abc import Callable
from typing import Annotated

import msgspec

from aftercart.inventory.events import SafetyLine, SafetyStockSet
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


class SafetyLineWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU are not to be promised to anybody."""

    sku: Sku
    safety: Annotated[int, msgspec.Meta(ge=0, le=QUANTITY_MAX)]


class SetSafetyStock(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keep so many units of some SKUs at a location from being promised; nothing promised already is taken away."""

    location: LocationCode
    lines: Annotated[tuple[SafetyLineWish, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


def set_safety_stock(
    command: SetSafetyStock,
    *,
    knows_location: Callable[[str], bool],
    kind_of: KindOf,
    stock_of: Callable[[str], Stock],
) -> SafetyStockSet:
    """Returns what is kept back from now on, which may be more than there is.

    Raises ``Invalid`` for what is unknown and for a SKU named twice.
    """
    require_known(command.location, command.lines, knows_location=knows_location, kind_of=kind_of)
    require_once(command.lines)
    lines = tuple(
        SafetyLine(sku=line.sku, previous_safety=stock_of(line.sku).safety, safety=line.safety)
        for line in command.lines
    )
    return SafetyStockSet(location=command.location, lines=lines)
