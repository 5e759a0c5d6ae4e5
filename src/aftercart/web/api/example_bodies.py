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

EVENING_VAN: Final[dict[str, Any]] = {
    "code": "evening-van",
    "kind": "scheduled_slot",
    "carrier": "Our own van",
    "names": {"en": "In the evening, by our van", "fr": "Le soir, par notre camionnette"},
    "currency": "EUR",
    "rates": [
        {"zone": "france", "weight_grams_max": 5000, "price_minor": 690},
        {"zone": "france", "price_minor": 1290},
    ],
    "free_from": [{"zone": "france", "value_minor": 20000}],
    "transit": [{"zone": "france", "days_min": 1, "days_max": 1}],
    "delivery_days": [1, 2, 3, 4, 5],
    "slots": [{"weekday": weekday, "starts": "18:00", "ends": "20:00", "capacity": 12} for weekday in (1, 2, 3, 4, 5)],
    "slot_ahead_days_max": 4,
}


def relay(code: str, name: str, postcode: str, *, at: tuple[float, float], opening_hours: str) -> dict[str, Any]:
    """Returns a pickup point in Lyon."""
    address = {"name": name, "line1": "5 rue des Capucins", "postcode": postcode, "city": "Lyon", "country": "FR"}
    return {
        "network": "mondial-relay",
        "code": code,
        "name": name,
        "address": address,
        "latitude": at[0],
        "longitude": at[1],
        "opening_hours": opening_hours,
    }


RELAYS: Final = [
    relay(
        "FR-20417",
        "Le Fil et l'Aiguille",
        "69001",
        at=(45.7695, 4.8362),
        opening_hours="Tu-Sa 09:30-12:30,14:00-19:00; PH off",
    ),
    relay("FR-20533", "Station des Brotteaux", "69006", at=(45.7671, 4.8588), opening_hours="24/7"),
]
