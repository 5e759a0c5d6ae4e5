"""Describing the bins of a location, or describing them anew."""

from collections.abc import Callable
from typing import Annotated

import msgspec

from aftercart.inventory.events import BinsUpserted
from aftercart.inventory.model import Bin
from aftercart.inventory.rules.document_lines import LINES_MAX, BinCode, LocationCode
from aftercart.kit.commands import Command, UpsertResult
from aftercart.kit.refusal import Invalid

_Number = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
_Meters = Annotated[float, msgspec.Meta(ge=-100_000, le=100_000)]


class BinDefinition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place in the racks; ``level`` counts from the floor up.

    ``x_m`` and ``y_m`` are meters on the floor: across the aisles, and along them from the front, where pickers start.
    """

    code: BinCode
    aisle: _Number
    bay: _Number
    level: _Number
    x_m: _Meters
    y_m: _Meters


class UpsertBins(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Add these bins to a location, or bring those that exist to what is described here."""

    location: LocationCode
    bins: Annotated[tuple[BinDefinition, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


def upsert_bins(
    command: UpsertBins, *, knows_location: Callable[[str], bool], find_bin: Callable[[str], Bin | None]
) -> tuple[tuple[BinsUpserted, ...], UpsertResult]:
    """Returns the event for what is new or different, and how many of which there were.

    Raises ``Invalid`` for an unknown location and for a code named twice.
    """
    if not knows_location(command.location):
        raise Invalid(param="location", expected="the code of a known location", got=command.location)
    seen: set[str] = set()
    changed: list[Bin] = []
    created = 0
    for index, definition in enumerate(command.bins):
        if definition.code in seen:
            raise Invalid(param=f"bins[{index}].code", expected="each code once per call", got=definition.code)
        seen.add(definition.code)
        current = find_bin(definition.code)
        wanted = Bin(
            code=definition.code,
            location=command.location,
            aisle=definition.aisle,
            bay=definition.bay,
            level=definition.level,
            x_m=definition.x_m,
            y_m=definition.y_m,
        )
        created += current is None
        if wanted != current:
            changed.append(wanted)
    result = UpsertResult(created=created, updated=len(changed) - created, unchanged=len(command.bins) - len(changed))
    return ((BinsUpserted(bins=tuple(changed)),) if changed else ()), result
