"""Reading what was printed: the text of a PDF, and the barcodes on the pictures of a PDF or of a label in ZPL."""

from typing import Any

import msgspec
import pypdfium2  # pyright: ignore[reportMissingTypeStubs]
import zxingcpp
from zplkit import render
from zplkit.output import Raster

PRINTER_DPI = 203


class Code(msgspec.Struct, frozen=True, order=True):
    """A barcode as a scanner reads it."""

    kind: str
    text: str


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of every page, in the order in which it stands in the file."""
    document: Any = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def metadata_of(pdf: bytes) -> dict[str, str]:
    document: Any = pypdfium2.PdfDocument(pdf)
    return document.get_metadata_dict()


def codes_on_pdf(pdf: bytes) -> list[Code]:
    """Return the barcodes on the first page as a label printer would print it."""
    document: Any = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=PRINTER_DPI / 72, grayscale=True)
    return _codes(bytes(picture.buffer), picture.width, picture.height, picture.stride)


def raster_of(zpl: str) -> Raster:
    """Return the one label of a text in ZPL as its printer prints it; a fault in it is a fault of the test."""
    (label,) = render(zpl).labels
    return label.rasterize()


def codes_on_zpl(zpl: str) -> list[Code]:
    """Return the barcodes on a label in ZPL."""
    raster = raster_of(zpl)
    return _codes(raster.pixels, raster.width, raster.height, raster.width)


def _codes(pixels: bytes, width: int, height: int, stride: int) -> list[Code]:
    view: Any = zxingcpp.ImageView(pixels, width, height, zxingcpp.ImageFormat.Lum, stride)
    kinds: Any = (zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.DataMatrix)
    found: Any = [code for kind in kinds for code in zxingcpp.read_barcodes(view, formats=kind)]
    return sorted({Code(str(code.format), code.text) for code in found})
