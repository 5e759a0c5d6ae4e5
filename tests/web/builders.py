"""A small shop with its API: three sizes of a shoe, one warehouse, one store, two channels, a key for each role."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

import httpx
import msgspec
from litestar import Litestar

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.model import Role, hash_of_secret
from aftercart.catalog.decisions.upsert_variants import UpsertVariants
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.upsert_locations import UpsertLocations
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Command
from aftercart.kit.ids import SeededIds
from aftercart.orders.decisions.upsert_channels import UpsertChannels
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop, open_shop
from aftercart.web.api.application import create_app

NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LYON: Final = {"name": "Ada L", "line1": "5 quai Perrache", "postcode": "69002", "city": "Lyon", "country": "FR"}
PARIS: Final = {"name": "Ada L", "line1": "1 rue de la Paix", "postcode": "75002", "city": "Paris", "country": "FR"}
STOCK: Final = 50


class Api(msgspec.Struct, frozen=True, kw_only=True):
    """The API of a shop, and clients with and without keys."""

    app: Litestar
    shop: Shop
    client: httpx.AsyncClient
    secrets: dict[str, str]

    async def get(self, path: str, *, role: str = "admin", **options: Any) -> httpx.Response:
        """Reads with the key of ``role``."""
        return await self.client.get(path, **self._with_key(role, options))

    async def post(self, path: str, json: Any = None, *, role: str = "admin", **options: Any) -> httpx.Response:
        """Posts JSON with the key of ``role``."""
        if json is not None:
            options["json"] = json
        return await self.client.post(path, **self._with_key(role, options))

    async def place(self, wish: dict[str, Any] | None = None, *, key: str | None = None, **options: Any) -> Any:
        """Places an order and returns its JSON."""
        headers = {"Idempotency-Key": key or str(self.shop.ids.new_id(NOW))}
        answer = await self.post("/v1/orders", wish or order(), headers=headers, **options)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def create_key(self, role: Role, *, order_id: UUID | None = None) -> str:
        """Creates a key and returns its secret."""
        secret = self.shop.ids.secret()
        command = CreateApiKey(secret_hash=hash_of_secret(secret), role=role, order_id=order_id)
        await self.shop.submit(command, SYSTEM)
        return secret

    def _with_key(self, role: str, options: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.secrets[role]}", **options.pop("headers", {})}
        return {**options, "headers": headers}


def eur(minor_units: int) -> dict[str, Any]:
    """Returns an amount as the API writes it."""
    return {"minor_units": minor_units, "currency": "EUR"}


def order(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Returns the body of an order to Ada's door in Lyon; two of ``S42`` without ``lines``."""
    return {
        "channel": "web",
        "customer": {"email": "Ada@Example.com", "name": "Ada Lovelace", "phone": "+33 6 12 34 56 78", "locale": "fr"},
        "currency": "EUR",
        "lines": list(lines) or [{"sku": "S42", "quantity": 2}],
        "delivery": {"method": "colissimo-home", "address": LYON, "price": eur(490), "promised_date": "2026-03-05"},
        "payment": {"method": "card", "authorized": eur(100_000)},
        **changes,
    }


def client_of(app: Litestar) -> httpx.AsyncClient:
    """Returns a client that calls the application without a network; a fault is an answer 500, not an exception."""
    transport = httpx.ASGITransport(app=cast("Any", app), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://shop")


@asynccontextmanager
async def open_api(database_url: str) -> AsyncGenerator[Api]:
    """Opens a small shop and its API, on a Monday morning that stands still."""
    async with open_shop(database_url, clock=SimulatedClock(NOW), ids=SeededIds(7)) as shop:
        await _fill(shop)
        app = create_app(shop)
        async with client_of(app) as client:
            api = Api(app=app, shop=shop, client=client, secrets={})
            for role in Role:
                if role is not Role.CUSTOMER:
                    api.secrets[role.value] = await api.create_key(role)
            yield api


async def _fill(shop: Shop) -> None:
    variants = [_variant(f"S{size}", str(size)) for size in (41, 42, 43)]
    await _submit(shop, UpsertVariants, {"variants": variants})
    places = [_location("LYON", "warehouse", pickups=False), _location("PARIS-11", "store", pickups=True)]
    await _submit(shop, UpsertLocations, {"locations": places})
    channels = [{"code": "web", "missing_stock": "refuse"}, {"code": "patient", "missing_stock": "backorder"}]
    await _submit(shop, UpsertChannels, {"channels": channels})
    lines = [{"sku": variant["sku"], "quantity": STOCK} for variant in variants]
    await _submit(shop, ReceiveStock, {"location": "LYON", "reference": "PO-1", "lines": lines})


async def _submit(shop: Shop, command: type[Command], wish: dict[str, Any]) -> None:
    await shop.submit(msgspec.convert(wish, command), SYSTEM)


def _variant(sku: str, size: str) -> dict[str, Any]:
    return {
        "sku": sku,
        "product": "shoe",
        "name": f"Shoe {size}",
        "options": {"size": size},
        "price": eur(1990),
        "tax_rate": "0.20",
        "weight_grams": 500,
        "dimensions_mm": [330, 210, 120],
    }


def _location(code: str, kind: str, *, pickups: bool) -> dict[str, Any]:
    return {
        "code": code,
        "name": code,
        "kind": kind,
        "address": LYON,
        "timezone": "Europe/Paris",
        "cutoff": "14:00",
        "working_days": [1, 2, 3, 4, 5],
        "pickups": pickups,
    }


def assert_problem(answer: httpx.Response, status: int, code: str, *, param: str | None = None) -> dict[str, Any]:
    """Expects a complete problem document, and returns it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "code", "detail", "param"} <= problem.keys()
    assert (problem["status"], problem["code"], problem["param"]) == (status, code, param), problem
    assert problem["detail"]
    return problem
