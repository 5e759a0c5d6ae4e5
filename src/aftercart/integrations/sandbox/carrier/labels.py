"""Labels of this carrier: the same for the same sale, for printers of labels and of pages."""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from aftercart.integrations.sandbox.carrier.journal import Bought
from aftercart.integrations.sandbox.carrier.tracking_numbers import spaced
from aftercart.kit.address import Address
from aftercart.kit.barcodes import code128_svg, data_matrix_svg
from aftercart.kit.typesetting import Template
from aftercart.kit.zpl import Place, zpl_code128, zpl_data_matrix, zpl_label, zpl_rule, zpl_text
from aftercart.shipping.ports import Label, LabelRequest

WIDTH_MM: Final = 100
HEIGHT_MM: Final = 150
FOLDED_CHARACTERS: Final = 36
"""The lines of an address are folded here, as the narrowest of printers do."""
_MARGIN: Final = 40
_WIDTH: Final = 720
_RECIPIENT_DOTS: Final = 430
_ROW_DOTS_MAX: Final = 54
_TEMPLATE: Final = Template(Path(__file__).with_name("label.typ"))


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on a label, line by line, in the languages of the post: French and English."""

    carrier: str
    method: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    parcel: str
    weight: str
    tracking_number: str
    spaced_number: str
    code128: str
    data_matrix: str


def label_of(bought: Bought) -> Label:
    """Returns the label of a sale."""
    face = _face_of(bought)
    return Label(
        tracking_number=bought.tracking_number,
        zpl=_zpl(face),
        pdf=_TEMPLATE.pdf(face, at=bought.at),
        price_minor=bought.price_minor,
    )


def _face_of(bought: Bought) -> Face:
    request = bought.request
    return Face(
        carrier=request.carrier,
        method=request.method,
        sender=_sender(request.sender),
        recipient=tuple(_recipient(request)),
        parcel=" / ".join(text for text in (request.parcel_number, request.reference) if text),
        weight=f"{request.weight_grams / 1000:.3f} kg",
        tracking_number=bought.tracking_number,
        spaced_number=spaced(bought.tracking_number),
        code128=code128_svg(bought.tracking_number),
        data_matrix=data_matrix_svg(bought.tracking_number),
    )


def _sender(address: Address) -> tuple[str, ...]:
    place = f"{address.postcode} {address.city}"
    parts = (address.name, address.line1, address.line2 or "", place, address.country)
    return tuple(textwrap.wrap(", ".join(part.strip() for part in parts if part.strip()), 2 * FOLDED_CHARACTERS))


def _recipient(request: LabelRequest) -> Iterator[str]:
    address = request.recipient.address
    yield from textwrap.wrap(request.recipient.name, FOLDED_CHARACTERS)
    if address is not None:
        abroad = "" if address.country == request.sender.country else address.country
        for line in (address.line1, address.line2 or "", f"{address.postcode} {address.city}", abroad):
            yield from textwrap.wrap(line, FOLDED_CHARACTERS)
    if request.pickup_point is not None:
        yield f"Point {request.pickup_point}"


def _zpl(face: Face) -> str:
    row_dots = min(_ROW_DOTS_MAX, _RECIPIENT_DOTS // len(face.recipient))
    fields = [
        zpl_text(_place(40), face.carrier, size=56, width=520),
        zpl_text(_place(104), face.method, size=28, width=520),
        zpl_data_matrix(_place(40, x=600), face.tracking_number, module=8),
        zpl_rule(_place(200), width=_WIDTH),
        zpl_text(_place(212), "Expéditeur / From", size=20, width=_WIDTH),
        *(zpl_text(_place(236 + 22 * row), line, size=20, width=_WIDTH) for row, line in enumerate(face.sender)),
        zpl_rule(_place(332), width=_WIDTH),
        zpl_text(_place(344), "Destinataire / To", size=20, width=_WIDTH),
        *(
            zpl_text(_place(372 + row_dots * row), line, size=row_dots - 8, width=_WIDTH)
            for row, line in enumerate(face.recipient)
        ),
        zpl_rule(_place(806), width=_WIDTH),
        zpl_text(_place(822), f"{face.parcel}   {face.weight}", size=28, width=_WIDTH),
        zpl_code128(_place(872, x=166), face.tracking_number, module=3, height=210),
        zpl_text(_place(1100, x=166), face.spaced_number, size=48, width=468),
    ]
    return zpl_label(fields, width_mm=WIDTH_MM, height_mm=HEIGHT_MM)


def _place(y: int, x: int = _MARGIN) -> Place:
    return Place(x=x, y=y)
