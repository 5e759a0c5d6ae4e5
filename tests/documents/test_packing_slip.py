"""The slip tells what is in its parcel and what is not, in either language, and never what a gift cost."""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests.printed import Code, codes_on_pdf, metadata_of, pages_of, tags_of

from aftercart.documents.packing_slip import PackingSlip, SlipLine, packing_slip_pdf
from aftercart.kit.address import Address
from aftercart.kit.money import Money
from aftercart.sentences.voice import voice_for

WIDE_SPACES: Final = str.maketrans("\u00a0\u202f", "  ")
NANTES: Final = Address(
    name="Zoé", line1="12 rue de l'Église", line2="3e étage", postcode="44000", city="Nantes", country="FR"
)
LYON: Final = Address(name="Maison, retours", line1="5 quai Perrache", postcode="69002", city="Lyon", country="FR")
SLIP: Final = PackingSlip(
    shop="Maison Lumière",
    order_number="AC-7Q4K-9XTM",
    parcel=1,
    parcels=2,
    packed_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
    recipient="Zoé Lefèvre",
    address=NANTES,
    pickup_point=None,
    lines=(
        SlipLine(name="Pull", sku="PULL-M", quantity=1, details="M", amount=Money(minor_units=8990, currency="EUR")),
        SlipLine(name="Bougie", sku="BOUGIE", quantity=2, amount=Money(minor_units=124900, currency="EUR")),
    ),
    elsewhere=(SlipLine(name="Fauteuil", sku="FAUTEUIL", quantity=1),),
    return_days=14,
    return_address=LYON,
    returns_url="https://shop.example/orders",
)
FRENCH: Final = """\
Maison Lumière
Bon de livraison
Commande AC-7Q4K-9XTM
Colis 1 sur 2
Préparé le lundi 2 mars 2026
Destinataire
Zoé Lefèvre
12 rue de l'Église
3e étage
44000 Nantes
France
Dans ce colis
Article Quantité Montant
Pull
M · PULL-M
1 89,90 €
Bougie
BOUGIE
2 1 249,00 €
Dans un autre colis
Ces articles voyagent séparément : rien ne manque.
Article Quantité
Fauteuil
FAUTEUIL
1
Renvoyer un article
Vous pouvez renvoyer des articles dans les 14 jours qui suivent leur réception.
1. Dites-nous lesquels sur https://shop.example/orders, avec le numéro de commande
AC-7Q4K-9XTM.
2. Remettez-les dans leur emballage, avec ce bon.
3. Envoyez le colis à :
Maison, retours
5 quai Perrache
69002 Lyon
France
Il manque quelque chose, ou un article est abîmé ? Dites-le-nous, nous y remédions.
Maison Lumière · Commande AC-7Q4K-9XTM · Colis 1 sur 2 Page 1 / 1
"""
ENGLISH_GIFT: Final = """\
Maison Lumière
Packing slip
Order AC-7Q4K-9XTM
Parcel 1
Packed on Monday, 2 March 2026
Recipient
Zoé Lefèvre
Pickup point FR-012345
A message for you
Happy birthday!
Léo
In this parcel
Item Quantity
Pull
M · PULL-M
1
Bougie
BOUGIE
2
Sending something back
You can send items back within 14 days after you received them.
1. Tell us which ones at https://shop.example/orders, with the order number
AC-7Q4K-9XTM.
2. Put them into their packaging, together with this slip.
3. Send the parcel to:
Maison, retours
5 quai Perrache
69002 Lyon
France
Is something missing or damaged? Tell us, and we put it right.
Maison Lumière · Order AC-7Q4K-9XTM · Parcel 1 Page 1 / 1
"""
GIFT: Final[dict[str, Any]] = {
    "gift_messages": ("Happy birthday!\nLéo",),
    "elsewhere": (),
    "parcels": 1,
    "address": None,
    "pickup_point": "FR-012345",
}


def pdf_of(locale: str = "fr", **changes: Any) -> bytes:
    return packing_slip_pdf(msgspec.structs.replace(SLIP, **changes), voice_for(locale, zone=ZoneInfo("Europe/Paris")))


def read(pdf: bytes) -> str:
    """Return the text of all pages with plain spaces, line by line."""
    lines = "\n".join(pages_of(pdf)).translate(WIDE_SPACES).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def joined(text: str) -> str:
    """Return a text without its spaces and breaks, those within words included."""
    return "".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize(
    ("locale", "changes", "told"), [("fr", {}, FRENCH), ("en-GB", GIFT, ENGLISH_GIFT)], ids=["french", "english gift"]
)
def test_the_slip_reads_from_top_to_bottom(locale: str, changes: dict[str, Any], told: str) -> None:
    assert read(pdf_of(locale, **changes)) == told


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_screen_reader_is_told_what_the_parts_are(locale: str) -> None:
    pdf = pdf_of(locale)
    assert b"pdfuaid:part>1<" in pdf
    title = {"fr": "Bon de livraison, Commande AC-7Q4K-9XTM", "en": "Packing slip, Order AC-7Q4K-9XTM"}[locale]
    assert metadata_of(pdf)["Title"] == title
    assert f"/Lang({locale})".encode() in pdf.replace(b" ", b"")
    tags = tags_of(pdf)
    assert [tag for tag in tags if tag in {"H1", "H2", "Table", "L", "Figure"}] == [
        "H1", "Figure", "H2", "Table", "H2", "Table", "H2", "L", "Figure",
    ]  # fmt: skip
    assert tags.count("TH") == 3 + 2


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_gift_never_tells_what_it_cost(locale: str) -> None:
    assert "1 249,00" in read(pdf_of("fr"))
    gift = read(pdf_of(locale, gift_messages=("For you",)))
    assert [sign for sign in ("€", "89", "249", "Montant", "Amount") if sign in gift] == []


def test_a_scanner_finds_the_order_and_a_phone_the_page() -> None:
    assert codes_on_pdf(pdf_of()) == [Code("Code 128", "AC-7Q4K-9XTM"), Code("QR Code", "https://shop.example/orders")]


@pytest.mark.parametrize("message", ["#panic() *a* $x$ <b>", "a\n\n\nb", "\U0001f381\u0378", "W" * 600, "Ζωή, Зоя"])
def test_whatever_is_wished_is_printed(message: str) -> None:
    text = read(pdf_of(gift_messages=(message,)))
    plain = "".join(letter for letter in message if letter.isprintable() and ord(letter) < 0x1_0000)
    assert joined(plain) in joined(text)
    assert "Renvoyer un article" in text


def test_a_long_slip_repeats_the_head_of_its_table_and_leaves_nothing_out() -> None:
    lines = tuple(SlipLine(name=f"Article {number}", sku=f"SKU-{number}", quantity=number) for number in range(1, 91))
    pages = pages_of(pdf_of(lines=lines))
    assert len(pages) > 1
    assert [page for page in pages[1:-1] if not page.startswith("Article")] == []
    assert all(f"Page {number} / {len(pages)}" in page for number, page in enumerate(pages, start=1))
    words = " ".join(pages).split()
    assert [line.sku for line in lines if line.sku not in words] == []


def test_nothing_is_wider_than_the_page() -> None:
    long = "W" * 200
    lines = (SlipLine(name=long, sku=long, quantity=1, details=long, amount=Money(minor_units=1, currency="EUR")),)
    address = Address(name=long, line1=long, line2=long, postcode="44000", city=long[:100], country="FR")
    pages = pages_of(pdf_of(recipient=long, address=address, lines=lines, gift_messages=(long,)))
    assert joined("".join(pages)).count("W" * 200) == 5 + 1
    assert "W" * 60 not in "".join(pages).splitlines()


def test_a_slip_without_a_known_number_of_parcels_counts_its_own() -> None:
    assert "Colis 2\n" in read(pdf_of(parcel=2, parcels=None))


def test_the_same_slip_is_the_same_file() -> None:
    assert pdf_of() == pdf_of()
