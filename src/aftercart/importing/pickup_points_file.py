"""A network's directory of pickup points as a CSV file: every line is checked before any is brought in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from aftercart.importing.csv_file import FileRefused, Line, read_lines
from aftercart.kit.refusal import Invalid
from aftercart.shipping.decisions.upsert_pickup_points import (
    PickupPointDefinition,
    UpsertPickupPoints,
    upsert_pickup_points,
)

COLUMNS: Final = ("code", "name", "line1", "postcode", "city", "country", "latitude", "longitude", "opening_hours")
"""The columns there must be. ``line2`` and ``active`` (``true`` or ``false``) may be there too; others are ignored."""
COMPLAINTS_MAX: Final = 10
_NUMBERS: Final = frozenset({"latitude", "longitude"})


def read_pickup_points(path: Path, *, network: str) -> tuple[PickupPointDefinition, ...]:
    """Reads the points of a file, which are all of one network.

    Raises ``FileRefused`` with the lines and columns of the first ``COMPLAINTS_MAX`` things that cannot be.
    """
    points: list[PickupPointDefinition] = []
    complaints: list[str] = []
    lines_by_code: dict[str, int] = {}
    for line in read_lines(path, columns=COLUMNS):
        code = line.fields.get("code", "")
        if code in lines_by_code:
            complaints.append(f"line {line.number}, column code: {code!r} stands on line {lines_by_code[code]} too")
        lines_by_code.setdefault(code, line.number)
        try:
            points.append(_point(line, network=network))
        except msgspec.ValidationError as error:
            complaints.append(_told(line, *_parted(str(error))))
        except Invalid as refusal:
            column = str(refusal.param).rpartition(".")[2]
            complaints.append(_told(line, column, f"expected {refusal.values['expected']}"))
        if len(complaints) >= COMPLAINTS_MAX:
            break
    if complaints:
        raise FileRefused("\n".join((f"{path} cannot be imported:", *complaints)))
    if not points:
        raise FileRefused(f"{path} has no lines below its header")
    return tuple(points)


def _point(line: Line, *, network: str) -> PickupPointDefinition:
    """Makes a point of a line; raises what says why it cannot be one."""
    definition = msgspec.convert(dict(_told_fields(line, network)), PickupPointDefinition, strict=False)
    # The decision checks what a single point can be checked for; against the shop's own it is checked again later.
    upsert_pickup_points(UpsertPickupPoints(points=(definition,)), lambda _: None)
    return definition


def _told_fields(line: Line, network: str) -> Iterator[tuple[str, Any]]:
    told = line.fields
    yield "network", network
    for column in ("code", "name", "opening_hours"):
        yield column, told.get(column, "")
    for column in _NUMBERS:
        yield column, told.get(column, "").replace(",", ".")
    if told.get("active"):
        yield "active", told["active"].lower()
    address = {column: told.get(column, "") for column in ("line1", "postcode", "city", "country")}
    yield "address", {**address, "name": told.get("name", ""), "line2": told.get("line2") or None}


def _parted(message: str) -> tuple[str, str]:
    complaint, _, place = message.rpartition(" - at ")
    return place.rpartition(".")[2].rstrip("`"), complaint


def _told(line: Line, column: str, complaint: str) -> str:
    shown = line.fields.get(column, "")
    return f"line {line.number}, column {column}: {complaint}, got {shown[:60]!r}"
