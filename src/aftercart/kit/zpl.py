"""Labels in ZPL II, the language of label printers, with a resolution of 203 dpi: eight dots a millimeter.

Commands as in Zebra's ZPL II Programming Guide.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

DOTS_PER_MM: Final = 8
_CODABLE: Final = re.compile(r"[A-Z0-9-]+")
_SPECIAL: Final = re.compile(r"[^A-Za-z0-9 .,:;'()/+&#@%!?*=\"-]")
_WIDE: Final = frozenset("MWmw@%\u0152\u0153\u00c6\u00e6\u2026\u2014")
_NARROW: Final = frozenset(" .,:;'!|()/-")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the upper left corner of something stands, in dots from that of the label."""

    x: int
    y: int


def zpl_label(fields: Sequence[str], *, width_mm: int, height_mm: int) -> str:
    """Returns one label of that size with its fields, texts in UTF-8."""
    size = f"^PW{width_mm * DOTS_PER_MM}^LL{height_mm * DOTS_PER_MM}"
    return "\n".join(("^XA", "^CI28", "^LH0,0", size, *fields, "^XZ", ""))


def zpl_text(place: Place, text: str, *, size: int, width: int) -> str:
    """Returns a line whose letters are ``size`` dots high, or smaller where it might be wider than ``width`` dots."""
    fitting = int(width / max(sum(_width_of(letter) for letter in text), 1))
    height = min(size, fitting)
    return f"{_at(place)}^A0N,{height},{height}^FH_^FD{_escaped(text)}^FS"


def zpl_code128(place: Place, text: str, *, module: int, height: int) -> str:
    """Returns a Code 128 without the text below it; ``module`` is the width of its thinnest bar in dots.

    Raises ``ValueError`` for a text of other characters than capital letters, digits and hyphens.
    """
    return f"{_at(place)}^BY{module}^BCN,{height},N,N,N,A^FD{_codable(text)}^FS"


def zpl_data_matrix(place: Place, text: str, *, module: int) -> str:
    """Returns a Data Matrix (ECC 200) whose squares are ``module`` dots wide; raises as ``zpl_code128`` does."""
    return f"{_at(place)}^BXN,{module},200^FD{_codable(text)}^FS"


def zpl_rule(place: Place, *, width: int, thickness: int = 2) -> str:
    """Returns a horizontal line."""
    return f"{_at(place)}^GB{width},{thickness},{thickness}^FS"


def _at(place: Place) -> str:
    return f"^FO{place.x},{place.y}"


def _codable(text: str) -> str:
    if not _CODABLE.fullmatch(text):
        raise ValueError(f"expected capital letters, digits and hyphens, got {text!r}")
    return text


def _escaped(text: str) -> str:
    """Returns a text of which nothing is taken for a command."""
    return _SPECIAL.sub(lambda found: "".join(f"_{byte:02X}" for byte in found[0].encode()), text)


def _width_of(letter: str) -> float:
    """Returns how wide a letter of font 0 is at most, as a share of its height."""
    if letter in _WIDE:
        return 0.9
    return 0.45 if letter.islower() or letter in _NARROW else 0.65
