"""Labels in ZPL: nothing people typed is a command, no line is wider than its place, and scanners read the codes."""

import re

import pytest
from tests.printed import Code, codes_on_zpl, raster_of
from zplkit.rendering import RenderError

from aftercart.kit.zpl import Place, zpl_code128, zpl_data_matrix, zpl_label, zpl_rule, zpl_text

HERE = Place(x=40, y=40)


def label(*fields: str) -> str:
    return zpl_label(fields, width_mm=100, height_mm=50)


def printed_text(zpl: str) -> list[str]:
    """Return the texts as a printer in UTF-8 understands them."""
    found = re.findall(r"\^FH_\^FD([^^~]*)\^FS", zpl)
    return [
        bytes(re.sub(r"_(..)", lambda code: f"\\x{code[1]}", one), "ascii").decode("unicode_escape") for one in found
    ]


@pytest.mark.parametrize(
    "text", ["12 bis rue de l'Église", "^XZ^XA ~JR", "_5E", "a\\&b", "Œuvre, 3€", "株式会社", "\U0001f381 gift"]
)
def test_whatever_people_type_is_printed_and_commands_nothing(text: str) -> None:
    zpl = label(zpl_text(HERE, text, size=30, width=700))
    (told,) = printed_text(zpl)
    assert told.encode("latin-1").decode() == text
    assert zpl.isascii()
    commands = re.findall(r"[\^~][A-Z@][A-Z0-9@]?", zpl)
    assert commands == ["^XA", "^CI", "^LH", "^PW", "^LL", "^FO", "^A0", "^FH", "^FD", "^FS", "^XZ"]


@pytest.mark.parametrize("text", ["W" * 36, "M@" * 18, "wm " * 12, "A1" * 18, "i" * 36, "Rue des Lilas, 12 bis"])
def test_a_line_is_not_wider_than_its_place(text: str) -> None:
    raster = raster_of(label(zpl_text(HERE, text, size=50, width=400)))
    dark = [place % raster.width for place, pixel in enumerate(raster.pixels) if pixel < 128]
    assert min(dark) >= 40
    assert max(dark) < 440


def test_a_rule_is_as_long_as_it_is_told() -> None:
    raster = raster_of(label(zpl_rule(HERE, width=300, thickness=4)))
    dark = {divmod(place, raster.width) for place, pixel in enumerate(raster.pixels) if pixel < 128}
    assert dark == {(row, column) for row in range(40, 44) for column in range(40, 340)}


def test_a_scanner_reads_the_codes() -> None:
    fields = (
        zpl_code128(HERE, "CB473124829FR", module=3, height=100),
        zpl_data_matrix(Place(x=600, y=40), "P-7Q4K-1", module=6),
    )
    assert codes_on_zpl(label(*fields)) == [Code("Code 128", "CB473124829FR"), Code("Data Matrix", "P-7Q4K-1")]


@pytest.mark.parametrize("text", ["", "abc", "A>B", "A^XZ", "é"])
def test_what_a_code_cannot_hold_safely_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="capital letters"):
        zpl_code128(HERE, text, module=3, height=100)
    with pytest.raises(ValueError, match="capital letters"):
        zpl_data_matrix(HERE, text, module=6)


def test_the_printer_of_the_tests_is_strict() -> None:
    with pytest.raises(RenderError):
        raster_of("^XA^FO10,10^BCQ,x^FDA^FS^XZ")
