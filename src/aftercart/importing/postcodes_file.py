"""La Poste's directory of French communes: where each postcode is, as the middle of its communes."""

from collections import defaultdict
from pathlib import Path
from typing import Final

import msgspec

from aftercart.importing.csv_file import FileRefused, Line, read_lines
from aftercart.kit.address import validate_postcode
from aftercart.kit.refusal import Invalid
from aftercart.shipping.decisions.upsert_postcodes import PostcodeDefinition

POSTCODE: Final = "Code_postal"
PLACE: Final = "coordonnees_gps"
_COMMUNES: Final = ("Code_commune_INSEE", "#Code_commune_INSEE")
_COUNTRY: Final = "FR"


class PostcodesFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds: postcodes by number, and how many of its lines and postcodes say no place."""

    postcodes: tuple[PostcodeDefinition, ...]
    lines: int
    lines_without_place: int
    postcodes_without_place: int


def read_postcodes(path: Path) -> PostcodesFile:
    """Reads a file in the form of "Base officielle des codes postaux"; a commune on several lines counts once.

    Raises ``FileRefused`` with line and column for the first thing that cannot be.
    """
    places: defaultdict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    lines = without_place = 0
    for line in read_lines(path, columns=(POSTCODE, PLACE)):
        lines += 1
        communes = places[_postcode(path, line)]
        place = _place(path, line)
        if place is None:
            without_place += 1
        else:
            communes[_commune(line)] = place
    postcodes = tuple(_middle(postcode, communes) for postcode, communes in sorted(places.items()) if communes)
    if not postcodes:
        raise FileRefused(f"{path} says of no postcode where it is")
    return PostcodesFile(
        postcodes=postcodes,
        lines=lines,
        lines_without_place=without_place,
        postcodes_without_place=len(places) - len(postcodes),
    )


def _postcode(path: Path, line: Line) -> str:
    text = line.fields.get(POSTCODE, "")
    try:
        return validate_postcode(_COUNTRY, text, param="")[1]
    except Invalid as refusal:
        where = f"{path}, line {line.number}, column {POSTCODE}"
        raise FileRefused(f"{where}: expected {refusal.values['expected']}, got {text[:60]!r}") from refusal


def _place(path: Path, line: Line) -> tuple[float, float] | None:
    text = line.fields.get(PLACE, "")
    if not text:
        return None
    latitude, _, longitude = text.partition(",")
    try:
        place = float(latitude), float(longitude)
    except ValueError:
        place = (float("nan"), float("nan"))
    if not (-90 <= place[0] <= 90 and -180 <= place[1] <= 180):
        where = f"{path}, line {line.number}, column {PLACE}"
        raise FileRefused(f"{where}: expected latitude and longitude such as 45.7561,4.8523, got {text[:60]!r}")
    return place


def _commune(line: Line) -> str:
    named = next((line.fields[column] for column in _COMMUNES if line.fields.get(column)), None)
    return named or line.fields[PLACE]


def _middle(postcode: str, communes: dict[str, tuple[float, float]]) -> PostcodeDefinition:
    count = len(communes)
    return PostcodeDefinition(
        country=_COUNTRY,
        postcode=postcode,
        latitude=sum(latitude for latitude, _ in communes.values()) / count,
        longitude=sum(longitude for _, longitude in communes.values()) / count,
    )
