"""The packing slip: what is in a parcel, what comes apart, a message if it is a gift, and how to send things back."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from aftercart.kit.address import Address
from aftercart.kit.barcodes import code128_svg, qr_svg
from aftercart.kit.money import Money
from aftercart.kit.typesetting import Template
from aftercart.sentences.voice import Voice

_TEMPLATE: Final = Template(Path(__file__).with_name("packing_slip.typ"))


class SlipLine(msgspec.Struct, frozen=True, kw_only=True):
    """So many units of something; ``details`` tells a size or color, ``amount`` is what all of them cost."""

    name: str
    sku: str
    quantity: int
    details: str = ""
    amount: Money | None = None


class PackingSlip(msgspec.Struct, frozen=True, kw_only=True):
    """What a slip tells. ``parcels`` is how many there are, ``None`` while nobody knows.

    ``recipient`` is a name; ``address`` is ``None`` where the parcel is collected at ``pickup_point``. ``elsewhere`` is
    what other parcels of the order bring. With ``gift_messages`` it is a gift, and nothing tells what it cost.
    Things are sent back within ``return_days`` to ``return_address``, after a word at ``returns_url``.
    """

    shop: str
    order_number: str
    parcel: int
    parcels: int | None
    packed_at: datetime
    recipient: str
    address: Address | None
    pickup_point: str | None
    lines: tuple[SlipLine, ...]
    elsewhere: tuple[SlipLine, ...] = ()
    gift_messages: tuple[str, ...] = ()
    return_days: int
    return_address: Address
    returns_url: str


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    details: str
    quantity: str
    amount: str


class _Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """The slip in words, from top to bottom; what is empty is left out."""

    language: str
    shop: str
    title: str
    order: str
    order_code: str
    parcel: str
    packed: str
    recipient_title: str
    recipient: tuple[str, ...]
    gift_title: str
    gift_messages: tuple[str, ...]
    lines_title: str
    item: str
    quantity: str
    amount: str
    lines: tuple[_Row, ...]
    elsewhere_title: str
    elsewhere_note: str
    elsewhere: tuple[_Row, ...]
    returns_title: str
    returns_until: str
    returns_steps: tuple[str, ...]
    return_address: tuple[str, ...]
    returns_code: str
    returns_code_says: str
    trouble: str
    page: str


def packing_slip_pdf(slip: PackingSlip, voice: Voice) -> bytes:
    """Returns the slip in the language of ``voice``, on A4: PDF/UA-1, the same bytes for the same slip.

    Takes some milliseconds, so ask for it outside the event loop.
    """
    return _TEMPLATE.pdf(_sheet_of(slip, voice), at=slip.packed_at)


def _sheet_of(slip: PackingSlip, voice: Voice) -> _Sheet:
    told = slip if not slip.gift_messages else _without_amounts(slip)
    priced = any(line.amount is not None for line in told.lines)
    day = voice.day(slip.packed_at.astimezone(voice.zone).date())
    parcel = voice.say("slip_parcel", parcel=slip.parcel)
    if slip.parcels is not None and slip.parcels > 1:
        parcel = voice.say("slip_parcel_of", parcel=slip.parcel, parcels=slip.parcels)
    return _Sheet(
        language=voice.language,
        shop=slip.shop,
        title=voice.say("slip"),
        order=voice.say("order_number", number=slip.order_number),
        order_code=code128_svg(slip.order_number),
        parcel=parcel,
        packed=voice.say("slip_packed", day=day),
        recipient_title=voice.say("slip_recipient"),
        recipient=_recipient(slip, voice),
        gift_title=voice.say("slip_gift"),
        gift_messages=slip.gift_messages,
        lines_title=voice.say("slip_lines"),
        item=voice.say("slip_item"),
        quantity=voice.say("slip_quantity"),
        amount=voice.say("slip_amount") if priced else "",
        lines=_rows(told.lines, voice),
        elsewhere_title=voice.say("slip_elsewhere"),
        elsewhere_note=voice.say("slip_elsewhere_note"),
        elsewhere=_rows(told.elsewhere, voice),
        returns_title=voice.say("slip_returns"),
        returns_until=voice.say("slip_returns_until", days=slip.return_days),
        returns_steps=(
            voice.say("slip_returns_tell", url=slip.returns_url, number=slip.order_number),
            voice.say("slip_returns_pack"),
            voice.say("slip_returns_send"),
        ),
        return_address=(slip.return_address.name, *_address_lines(slip.return_address, voice)),
        returns_code=qr_svg(slip.returns_url),
        returns_code_says=voice.say("slip_returns_code", url=slip.returns_url),
        trouble=voice.say("slip_trouble"),
        page=voice.say("slip_page"),
    )


def _without_amounts(slip: PackingSlip) -> PackingSlip:
    lines = tuple(msgspec.structs.replace(line, amount=None) for line in slip.lines)
    return msgspec.structs.replace(slip, lines=lines)


def _recipient(slip: PackingSlip, voice: Voice) -> tuple[str, ...]:
    place = () if slip.address is None else _address_lines(slip.address, voice)
    point = () if slip.pickup_point is None else (voice.say("slip_point", point=slip.pickup_point),)
    return slip.recipient, *point, *place


def _address_lines(address: Address, voice: Voice) -> tuple[str, ...]:
    city = f"{address.postcode} {address.city}".strip()
    return tuple(line for line in (address.line1, address.line2, city, voice.country(address.country)) if line)


def _rows(lines: Sequence[SlipLine], voice: Voice) -> tuple[_Row, ...]:
    return tuple(
        _Row(
            name=line.name,
            details=" · ".join(text for text in (line.details, line.sku) if text),
            quantity=voice.number(line.quantity),
            amount="" if line.amount is None else voice.money(line.amount.minor_units, line.amount.currency),
        )
        for line in lines
    )
