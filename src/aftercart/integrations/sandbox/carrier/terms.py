"""On which terms the carrier takes parcels: where to, how heavy, how large, at which price, in how many days."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from aftercart.integrations.sandbox.carrier.marks import Mark, marks_of
from aftercart.kit.address import Address, validate_address
from aftercart.kit.refusal import Invalid
from aftercart.shipping.model import Zone
from aftercart.shipping.ports import LabelRefusedByCarrier, LabelRefusedReason, LabelRequest
from aftercart.shipping.rules.zones import zone_of

NAME_CHARACTERS_MAX: Final = 70
LINE_CHARACTERS_MAX: Final = 70
CITY_CHARACTERS_MAX: Final = 60
"""What is longer does not fit on a label."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_POINT: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,29}")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 .()-]{5,24}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CLOSED_POINT: Final = "CLOSED"
_EVERYWHERE: Final = frozenset(Zone)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What one delivery method takes. ``service`` begins its tracking numbers; the price grows with each kilogram.

    ``girth_mm_max`` is the longest side and twice the sum of the others, as tapes measure it.
    """

    service: str
    days_min: int
    days_max: int
    price_minor: int
    price_minor_per_kg: int
    to_point: bool = False
    zones: frozenset[Zone] = _EVERYWHERE
    weight_grams_max: int = 30_000
    side_mm_max: int = 1_500
    girth_mm_max: int = 3_000


BY_METHOD: Final = {
    "chronopost-express": Terms(service="EE", days_min=1, days_max=1, price_minor=1_150, price_minor_per_kg=60),
    "colissimo-home": Terms(
        service="CB",
        days_min=2,
        days_max=3,
        price_minor=480,
        price_minor_per_kg=40,
        zones=frozenset({Zone.FRANCE, Zone.EUROPE}),
        side_mm_max=1_000,
    ),
    "mondial-relay-point": Terms(
        service="HR",
        days_min=3,
        days_max=5,
        price_minor=310,
        price_minor_per_kg=30,
        to_point=True,
        zones=frozenset({Zone.FRANCE, Zone.EUROPE}),
    ),
}
HOME: Final = Terms(service="CA", days_min=1, days_max=3, price_minor=450, price_minor_per_kg=50)
POINT: Final = msgspec.structs.replace(HOME, service="HA", to_point=True)


def terms_for(request: LabelRequest) -> Terms:
    """Returns the terms of a request's method; for one that is not known, those of any parcel to a door or point."""
    return BY_METHOD.get(request.method) or (HOME if request.pickup_point is None else POINT)


def price_minor(request: LabelRequest) -> int:
    """Returns what a label costs: every kilogram that was begun counts."""
    terms = terms_for(request)
    return terms.price_minor + terms.price_minor_per_kg * -(-request.weight_grams // 1_000)


def require_takeable(request: LabelRequest) -> None:
    """Raises ``LabelRefusedByCarrier`` for the first thing that keeps this carrier from taking the parcel."""
    for param, reason in _complaints(request, terms_for(request)):
        raise LabelRefusedByCarrier(param, reason)


def _complaints(request: LabelRequest, terms: Terms) -> Iterator[tuple[str, LabelRefusedReason]]:
    recipient = request.recipient
    if not request.carrier.strip():
        yield "carrier", LabelRefusedReason.NOT_SERVED
    yield from _about_address("sender", request.sender)
    if not _is_name(recipient.name):
        yield "recipient.name", LabelRefusedReason.BAD_ADDRESS
    if recipient.address is not None:
        yield from _about_address("recipient.address", recipient.address)
    if terms.to_point:
        yield from _about_point(request)
    elif recipient.address is None:
        yield "recipient.address", LabelRefusedReason.BAD_ADDRESS
    elif request.pickup_point is not None:
        yield "pickup_point", LabelRefusedReason.UNKNOWN_POINT
    elif zone_of(recipient.address.country, recipient.address.postcode) not in terms.zones:
        yield "recipient.address.country", LabelRefusedReason.NOT_SERVED
    if request.weight_grams > terms.weight_grams_max:
        yield "weight_grams", LabelRefusedReason.TOO_HEAVY
    yield from _about_size(request, terms)
    if Mark.REFUSE in marks_of(recipient):
        yield "recipient", LabelRefusedReason.OTHER


def _about_address(param: str, address: Address) -> Iterator[tuple[str, LabelRefusedReason]]:
    try:
        tidy = validate_address(address, param=param)
    except Invalid as invalid:
        yield invalid.param or param, LabelRefusedReason.BAD_ADDRESS
        return
    if tidy != address:
        # A carrier's machine reads what is written: who sends it has to write it as the country does.
        field = next(name for name in Address.__struct_fields__ if getattr(tidy, name) != getattr(address, name))
        yield f"{param}.{field}", LabelRefusedReason.BAD_ADDRESS
    if not _is_name(address.name):
        yield f"{param}.name", LabelRefusedReason.BAD_ADDRESS
    if not _is_line(address.line1):
        yield f"{param}.line1", LabelRefusedReason.BAD_ADDRESS
    if address.line2 is not None and len(address.line2) > LINE_CHARACTERS_MAX:
        yield f"{param}.line2", LabelRefusedReason.BAD_ADDRESS
    if len(address.city) > CITY_CHARACTERS_MAX or (address.city and not _LETTER.search(address.city)):
        yield f"{param}.city", LabelRefusedReason.BAD_ADDRESS


def _about_point(request: LabelRequest) -> Iterator[tuple[str, LabelRefusedReason]]:
    point, recipient = request.pickup_point, request.recipient
    if point is None or not _POINT.fullmatch(point) or point.startswith(_CLOSED_POINT):
        yield "pickup_point", LabelRefusedReason.UNKNOWN_POINT
    if not (_PHONE.fullmatch(recipient.phone or "") or _EMAIL.fullmatch(recipient.email or "")):
        yield "recipient.phone", LabelRefusedReason.CONTACT_MISSING


def _about_size(request: LabelRequest, terms: Terms) -> Iterator[tuple[str, LabelRefusedReason]]:
    if request.dimensions_mm is None:
        return
    longest, *others = sorted(request.dimensions_mm, reverse=True)
    if others[-1] <= 0 or longest > terms.side_mm_max or longest + 2 * sum(others) > terms.girth_mm_max:
        yield "dimensions_mm", LabelRefusedReason.TOO_LARGE


def _is_name(name: str) -> bool:
    return len(name) <= NAME_CHARACTERS_MAX and _LETTER.search(name) is not None


def _is_line(line: str) -> bool:
    """Tells whether a line can lead to a house: a street or place has a letter, whatever the number."""
    return 3 <= len(line) <= LINE_CHARACTERS_MAX and _LETTER.search(line) is not None
