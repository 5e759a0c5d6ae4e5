"""A label says where the parcel goes, whatever the address, and scanners read its number on paper of either kind."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.integrations.sandbox.carrier.parcels import TO_A_POINT, recipient, request
from tests.printed import Code, codes_on_pdf, codes_on_zpl, metadata_of, pages_of, raster_of

from aftercart.integrations.sandbox.carrier.journal import Bought
from aftercart.integrations.sandbox.carrier.labels import label_of
from aftercart.integrations.sandbox.carrier.terms import require_takeable
from aftercart.integrations.sandbox.carrier.tracking_numbers import tracking_number
from aftercart.shipping.ports import Label, Recipient

NUMBER = tracking_number(7, service="CB", country="FR")
CODES = [Code("Code 128", NUMBER), Code("Data Matrix", NUMBER)]
WIDEST = "Wwwwwww mmmmmmm Mmmmm " * 3
ABROAD = recipient(line2="3rd floor, left", postcode="1000", city="Bruxelles", country="BE")
LONGEST = recipient(line1=f"{WIDEST}one"[:70], line2=f"{WIDEST}two"[:70], city="M" * 60)
STORIES: list[dict[str, Any]] = [
    {},
    {"recipient": ABROAD},
    TO_A_POINT,
    {
        "recipient": Recipient(name=f"{'N' * 34} {'N' * 35}", address=LONGEST.address),
        "reference": "R" * 60,
        "carrier": "Carrier " * 10,
        "method": "method" * 10,
    },
]
EVERY_STORY = pytest.mark.parametrize("changes", STORIES, ids=["home", "abroad", "point", "longest"])


def label(**changes: Any) -> Label:
    asked = request(**changes)
    require_takeable(asked)
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    return label_of(Bought(request=asked, tracking_number=NUMBER, price_minor=520, at=at))


@EVERY_STORY
def test_a_scanner_reads_the_number_from_either_kind_of_label(changes: dict[str, Any]) -> None:
    made = label(**changes)
    assert codes_on_pdf(made.pdf) == CODES
    assert codes_on_zpl(made.zpl) == CODES


@EVERY_STORY
def test_a_label_for_pages_is_one_page_that_says_where_the_parcel_goes(changes: dict[str, Any]) -> None:
    asked = request(**changes)
    (page,) = pages_of(label(**changes).pdf)
    address = asked.recipient.address
    told = [asked.recipient.name, asked.parcel_number, asked.reference, asked.carrier, asked.sender.city, NUMBER]
    if address is not None:
        told += [address.line1, address.line2 or "", f"{address.postcode} {address.city}"]
    assert [text for text in told if squeezed(text) not in squeezed(page)] == []


def squeezed(text: str) -> str:
    """Return a text without its breaks, wherever it was folded."""
    return "".join(text.split())


@EVERY_STORY
def test_nothing_leaves_the_label_of_a_label_printer(changes: dict[str, Any]) -> None:
    raster = raster_of(label(**changes).zpl)
    assert (raster.width, raster.height) == (800, 1_200)
    dark = [divmod(place, raster.width) for place, pixel in enumerate(raster.pixels) if pixel < 128]
    assert min(column for _, column in dark) >= 40
    assert max(column for _, column in dark) < 760
    assert max(row for row, _ in dark) < 1_160


def test_the_country_is_said_abroad_and_the_point_where_it_is_collected() -> None:
    assert "BE" in pages_of(label(recipient=ABROAD).pdf)[0].splitlines()
    assert "FR" not in pages_of(label().pdf)[0].splitlines()
    assert "Point FR-012345" in pages_of(label(**TO_A_POINT).pdf)[0].splitlines()
    assert "^FDPoint FR-012345^FS" in label(**TO_A_POINT).zpl


def test_a_screen_reader_is_told_which_label_it_is() -> None:
    pdf = label().pdf
    assert b"pdfuaid:part>1<" in pdf
    assert metadata_of(pdf)["Title"].startswith("Colissimo CB ")


def test_the_same_sale_gives_the_same_label() -> None:
    assert label() == label()
