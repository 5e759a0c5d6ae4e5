"""Barcodes as SVG, one unit a module, without the quiet zone around them: whoever prints one leaves that space."""

from zxingcpp import BarcodeFormat, create_barcode  # pyright: ignore[reportUnknownVariableType]


def code128_svg(text: str) -> str:
    """Returns the Code 128 of an ASCII text; raises ``ValueError`` for one it cannot hold."""
    if not text.isascii():
        raise ValueError(f"expected ASCII characters, got {text!r}")
    return _svg(text, BarcodeFormat.Code128)


def data_matrix_svg(text: str) -> str:
    """Returns the Data Matrix of a text, as a square (ECC 200); raises ``ValueError`` for one it cannot hold."""
    return _svg(text, BarcodeFormat.DataMatrix, force_square=True)


def qr_svg(text: str) -> str:
    """Returns the QR code of a text, which phones read; raises ``ValueError`` for one it cannot hold."""
    return _svg(text, BarcodeFormat.QRCode)


def _svg(text: str, kind: BarcodeFormat, **options: object) -> str:
    code = create_barcode(text, kind, **options)
    return code.to_svg(add_quiet_zones=False)
