"""What is sent in the story that the documentation tells: a shoe, its places, and the orders of one customer."""

from typing import Any, Final


def eur(minor_units: int) -> dict[str, Any]:
    """Returns an amount in euros."""
    return {"minor_units": minor_units, "currency": "EUR"}


def variant(sku: str, size: str, color: str) -> dict[str, Any]:
    """Returns one size and color of the shoe."""
    return {
        "sku": sku,
        "product": "runner",
        "name": f"Runner {size} {color}",
        "options": {"size": size, "color": color},
        "price": eur(8990),
        "tax_rate": "0.20",
        "weight_grams": 720,
        "dimensions_mm": [330, 210, 120],
        "kind": "stocked",
    }


WAREHOUSE: Final = {
    "name": "Aftercart Lyon",
    "line1": "12 rue de la Logistique",
    "postcode": "69007",
    "city": "Lyon",
    "country": "FR",
}
STORE: Final = {
    "name": "Aftercart Paris",
    "line1": "8 rue Oberkampf",
    "postcode": "75011",
    "city": "Paris",
    "country": "FR",
}
HOME: Final = {
    "name": "Ada Martin",
    "line1": "3 place Bellecour",
    "postcode": "69002",
    "city": "Lyon",
    "country": "FR",
}
WORK: Final = {
    "name": "Ada Martin",
    "line1": "40 rue de Rivoli",
    "line2": "Reception",
    "postcode": "75004",
    "city": "Paris",
    "country": "FR",
}
CUSTOMER: Final = {
    "email": "ada.martin@example.com",
    "name": "Ada Martin",
    "phone": "+33 6 12 34 56 78",
    "locale": "fr",
}


def order(*lines: dict[str, Any], authorized: int, **more: Any) -> dict[str, Any]:
    """Returns an order to Ada's door, with so much authorized in minor units."""
    return {
        "channel": "web",
        "customer": CUSTOMER,
        "currency": "EUR",
        "lines": list(lines),
        "delivery": {
            "method": "colissimo-home",
            "address": HOME,
            "price": eur(490),
            "promised_date": "2026-03-05",
        },
        "payment": {"method": "card", "authorized": eur(authorized)},
        **more,
    }


CHECKOUT: Final = order(
    {"sku": "RUN-42-BLACK", "quantity": 2},
    {"sku": "RUN-43-BLACK", "quantity": 1, "discount": eur(1000), "gift_message": "Bon anniversaire !"},
    authorized=26460,
    reference="WEB-4711",
)
