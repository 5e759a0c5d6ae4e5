"""What the benchmark's customers want: carts, addresses and changes, different each time and the same for each seed."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

VARIANTS: Final = 999
FIRST_SKU: Final = 10_000
FIRST_SCATTERED_SKU: Final = 20_000
LINES: Final = 3
THIRD: Final = VARIANTS // LINES
BUYERS: Final = 100_000
CHANNEL: Final = "web"
PRICE_MINOR: Final = 1_990
AUTHORIZED_MINOR: Final = 1_000_000

_FIRST_NAMES: Final = (
    *("Camille", "Louise", "Jules", "Manon", "Hugo", "Chloé", "Lucas", "Léa", "Nathan", "Inès"),
    *("Adèle", "Basile", "Clara", "Denis", "Elsa", "Fabien", "Gisèle", "Henri", "Irène", "Joël"),
)
_LAST_NAMES: Final = (
    *("Martin", "Bernard", "Dubois", "Thomas", "Robert", "Petit", "Durand", "Leroy", "Moreau", "Simon"),
    *("Laurent", "Lefebvre", "Michel", "Garcia", "David", "Bertrand", "Roux", "Vincent", "Fournier", "Morel"),
)
_STREETS: Final = ("rue de la République", "avenue Victor Hugo", "place du Marché", "chemin des Vignes", "quai Sud")
_TOWNS: Final = (
    *(("75011", "Paris"), ("69003", "Lyon"), ("13006", "Marseille"), ("31000", "Toulouse"), ("44000", "Nantes")),
    *(("67000", "Strasbourg"), ("33000", "Bordeaux"), ("59800", "Lille"), ("35000", "Rennes"), ("06000", "Nice")),
    *(("34000", "Montpellier"), ("38000", "Grenoble"), ("21000", "Dijon"), ("29200", "Brest"), ("57000", "Metz")),
)


def sku_of(number: int) -> str:
    """Returns the SKU of a variant's number."""
    return f"SKU-{number}"


def email_of(buyer: int) -> str:
    """Returns the e-mail address of one of the ``BUYERS``, counted from 0."""
    return f"buyer-{buyer}@example.com"


class Customers:
    """Makes wishes as the API takes them; ``stamp`` keeps the references of two makers apart."""

    def __init__(self, *, seed: int, stamp: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._stamp = stamp
        self._counter = itertools.count()

    def orders(self, *, first_sku: int = FIRST_SKU, hot_sku: int | None = None) -> Iterator[dict[str, Any]]:
        """Yields orders of ``LINES`` different SKUs without end; each has ``hot_sku`` on its first line, if given."""
        while True:
            numbers = [first_sku + third * THIRD + self._random.randrange(THIRD) for third in range(LINES)]
            if hot_sku is not None:
                numbers[0] = hot_sku
            yield self.order(numbers, buyer=self._random.randrange(BUYERS))

    def order(self, sku_numbers: Sequence[int], *, buyer: int) -> dict[str, Any]:
        """Returns one order of one unit of each SKU."""
        address = self.address(buyer)
        return {
            "reference": f"{self._stamp}-{next(self._counter)}",
            "channel": CHANNEL,
            "customer": {
                "email": email_of(buyer),
                "name": address["name"],
                "phone": f"+33 6 {buyer // 10_000:02} {buyer // 100 % 100:02} {buyer % 100:02} 00",
                "locale": "fr",
            },
            "billing_address": address,
            "currency": "EUR",
            "lines": [{"sku": sku_of(number), "quantity": 1} for number in sku_numbers],
            "delivery": {
                "method": "colissimo-home",
                "address": address,
                "price": {"minor_units": 490, "currency": "EUR"},
                "promised_date": "2030-01-15",
            },
            "payment": {"method": "card", "authorized": {"minor_units": AUTHORIZED_MINOR, "currency": "EUR"}},
        }

    def address(self, buyer: int) -> Mapping[str, str]:
        """Returns an address for a buyer, another one each time."""
        postcode, city = self._random.choice(_TOWNS)
        first, last = _FIRST_NAMES[buyer % 20], _LAST_NAMES[buyer // 20 % 20]
        return {
            "name": f"{first} {last}",
            "line1": f"{self._random.randrange(1, 10_000)} {self._random.choice(_STREETS)}",
            "postcode": postcode,
            "city": city,
            "country": "FR",
        }
