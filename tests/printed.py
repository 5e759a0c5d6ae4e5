"""Reading what was printed: text and tags of a PDF, and barcodes on the picture of a PDF or of a label in ZPL."""

import ctypes
from typing import Any

import msgspec
import pypdfium2  # pyright: ignore[reportMissingTypeStubs]
import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]
import zxingcpp
from zplkit import render
from zplkit.output import Raster

PRINTER_DPI = 203
raw: Any = pypdfium2.raw


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


def tags_of(pdf: bytes) -> list[str]:
    """Return what a screen reader is told the parts of the first page are, from the outside in, in its order."""
    document: Any = pypdfium2.PdfDocument(pdf)
    tree: Any = raw.FPDF_StructTree_GetForPage(document[0])

    def below(element: Any) -> list[str]:
        size: int = raw.FPDF_StructElement_GetType(element, None, 0)
        name = ctypes.create_string_buffer(size)
        raw.FPDF_StructElement_GetType(element, name, size)
        children: Any = (
            raw.FPDF_StructElement_GetChildAtIndex(element, place)
            for place in range(raw.FPDF_StructElement_CountChildren(element))
        )
        return [
            name.raw.decode("utf-16-le").rstrip("\0"),
            *(tag for child in children if child for tag in below(child)),
        ]

    roots = (
        raw.FPDF_StructTree_GetChildAtIndex(tree, place) for place in range(raw.FPDF_StructTree_CountChildren(tree))
    )
    return [tag for root in roots for tag in below(root)]


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
    kinds: Any = (zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.QRCode)
    found: Any = [code for kind in kinds for code in zxingcpp.read_barcodes(view, formats=kind)]
    return sorted({Code(str(code.format), code.text) for code in found})
