"""Who buys in the demo shop: invented people at invented addresses in real towns."""

import re
import unicodedata
from typing import Final, Self

import msgspec

from aftercart.kit.address import Address

_NOT_IN_EMAIL: Final = re.compile("[^a-z]+")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A customer; the telephone numbers are those kept free for fiction by the French and British regulators."""

    name: str
    email: str
    phone: str
    locale: str
    address: Address

    @classmethod
    def called(cls, name: str, *, locale: str, address: Address) -> Self:
        """Returns a person with an email of their name, and a telephone number of their language."""
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        last = sum(name.encode()) % 100
        french = locale.startswith("fr")
        return cls(
            name=name,
            email=f"{_NOT_IN_EMAIL.sub('.', plain)}@example.{'fr' if french else 'com'}",
            phone=f"+33 6 39 98 12 {last:02}" if french else f"+44 7700 9001{last:02}",
            locale=locale,
            address=address,
        )


CUSTOMERS: Final = (
    ("Camille Roussel", "fr"),
    ("Inès Marchal", "fr"),
    ("Théo Garnier", "fr"),
    ("Olivia Bennett", "en-GB"),
    ("Louise Perrin", "fr"),
    ("Hugo Lemaire", "fr"),
    ("Amine Benali", "fr-FR"),
    ("Jack Thornton", "en-GB"),
    ("Maëlle Le Goff", "fr"),
    ("Agathe Colin", "fr"),
)


def _address(line1: str, postcode: str, city: str, country: str = "FR", line2: str | None = None) -> Address:
    return Address(name="-", line1=line1, line2=line2, postcode=postcode, city=city, country=country)


ADDRESSES: Final = (
    _address("18 rue des Glycines", "69003", "Lyon"),
    _address("4 impasse du Colombier", "59800", "Lille", line2="2e étage, porte gauche"),
    _address("61 cours des Tonneliers", "33000", "Bordeaux"),
    _address("9 Harbour Row", "BS1 4QA", "Bristol", "GB"),
    _address("25 rue de la Verrerie", "44000", "Nantes"),
    _address("7 chemin des Abeilles", "38000", "Grenoble"),
    _address("102 avenue du Moulin", "31000", "Toulouse", line2="Bâtiment C"),
    _address("33 Orchard Lane", "YO1 7HU", "York", "GB"),
    _address("2 venelle du Port", "29200", "Brest"),
    _address("15 place aux Herbes", "67000", "Strasbourg"),
)
"""One for each of ``CUSTOMERS``, without a name."""

SISTER_IN_DIJON: Final = Address(
    name="Jeanne Perrin", line1="11 rue des Forges Neuves", postcode="21000", city="Dijon", country="FR"
)
