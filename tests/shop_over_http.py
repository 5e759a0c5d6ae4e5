"""A French shop as its own systems talk to it: over HTTP, one call a method, answers as they come."""

from collections.abc import Mapping
from itertools import count
from typing import Any, Final, Self

import httpx

WAREHOUSE: Final = "LILLE"
PARIS: Final = {
    "name": "Zoé Martin",
    "line1": "12 rue de la Paix",
    "postcode": "75002",
    "city": "Paris",
    "country": "FR",
}
LYON: Final = {"name": "Zoé Martin", "line1": "5 quai Perrache", "postcode": "69002", "city": "Lyon", "country": "FR"}
LILLE: Final = {"name": "Entrepôt", "line1": "1 rue du Port", "postcode": "59000", "city": "Lille", "country": "FR"}
_keys = count(1)


def euros(minor_units: int) -> dict[str, Any]:
    """Return an amount in cents of a euro."""
    return {"minor_units": minor_units, "currency": "EUR"}


def variant(sku: str, *, price: int = 1_990) -> dict[str, Any]:
    """Return a variant with 20 % of tax."""
    return {
        "sku": sku,
        "product": sku.partition("-")[0],
        "name": f"Article {sku}",
        "price": euros(price),
        "tax_rate": "0.20",
        "weight_grams": 400,
        "dimensions_mm": [120, 90, 90],
    }


def location(code: str, **changes: object) -> dict[str, Any]:
    """Return a warehouse that ships all week."""
    described: dict[str, Any] = {
        "code": code,
        "name": f"Entrepôt {code}",
        "kind": "warehouse",
        "address": LILLE,
        "timezone": "Europe/Paris",
        "cutoff": "14:00",
        "working_days": [1, 2, 3, 4, 5, 6, 7],
    }
    return described | changes


def order(
    units: Mapping[str, int] | None = None, *, channel: str = "web", authorized: int = 1_000_000, **changes: object
) -> dict[str, Any]:
    """Return the body of an order of so many units of each SKU, sent to Paris and paid by card."""
    body: dict[str, Any] = {
        "channel": channel,
        "customer": {"email": "zoe@example.fr", "name": "Zoé Martin", "locale": "fr"},
        "currency": "EUR",
        "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in (units or {}).items()],
        "delivery": {"method": "colissimo-home", "address": PARIS, "price": {"minor_units": 0, "currency": "EUR"}},
        "payment": {"method": "card", "authorized": euros(authorized)},
    }
    return body | changes


class ShopOverHttp:
    """A client with one API key. Every method returns the answer; a setting up that is refused fails at once."""

    def __init__(self, address: str, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx.Client(base_url=address, headers=headers, timeout=30, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, *, authorization: str | None = None, **parameters: Any) -> httpx.Response:
        headers = {} if authorization is None else {"Authorization": authorization}
        return self._client.get(path, params=parameters or None, headers=headers)

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        """`headers` are named with underscores: `idempotency_key="a"`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.post(path, json=body, headers=named)

    def open(
        self,
        *,
        stock: Mapping[str, int],
        channel: str = "web",
        missing_stock: str = "refuse",
        warehouse: str = WAREHOUSE,
    ) -> None:
        """Set the shop up: a warehouse, a channel, variants with so many units of each in stock."""
        self._document("/v1/locations", {"locations": [location(warehouse)]})
        self._document("/v1/channels", {"channels": [{"code": channel, "missing_stock": missing_stock}]})
        self._document("/v1/variants", {"variants": [variant(sku) for sku in stock]})
        self.receive({sku: quantity for sku, quantity in stock.items() if quantity}, warehouse=warehouse)

    def receive(self, units: Mapping[str, int], *, warehouse: str = WAREHOUSE) -> None:
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in units.items()]
        if lines:
            self._document("/v1/stock/receive", {"location": warehouse, "reference": "BL-1", "lines": lines})

    def count(self, units: Mapping[str, int], *, warehouse: str = WAREHOUSE) -> None:
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in units.items()]
        self._document("/v1/stock/count", {"location": warehouse, "lines": lines})

    def available(self, sku: str) -> int:
        (found,) = self.get("/v1/availability", sku=sku).json()["items"]
        return int(found["available"])

    def place(self, units: Mapping[str, int], *, key: str | None = None, **changes: Any) -> httpx.Response:
        return self.post("/v1/orders", order(units, **changes), idempotency_key=key or f"place-{next(_keys)}")

    def read(self, number_or_id: str) -> httpx.Response:
        return self.get(f"/v1/orders/{number_or_id}")

    def ask(self, number_or_id: str, change: str, body: object, **headers: str) -> httpx.Response:
        """Ask for a change of an order, such as `cancel-lines`; add `?preview=true` to the change to only look."""
        return self.post(f"/v1/orders/{number_or_id}/{change}", body, **headers)

    def timeline(self, number_or_id: str) -> list[str]:
        """Return the types of the order's events, oldest first."""
        return [event["type"] for event in self.get(f"/v1/orders/{number_or_id}/timeline").json()["items"]]

    def _document(self, path: str, body: object) -> None:
        answer = self.post(path, body)
        assert answer.status_code == 200, answer.text
