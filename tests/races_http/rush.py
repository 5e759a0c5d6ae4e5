"""A rush on hot goods: many clients place, change, cancel, receive, count and adjust at once, on the same few SKUs."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from tests.connection import Answer, Connection
from tests.races_http.two_servers import open_shop_with, receive
from tests.shop_over_http import LYON, PARIS, order

SKUS: Final = ("ROBE", "JUPE", "VESTE", "GANT")
WAREHOUSES: Final = ("BREST", "LILLE", "LYON", "NANTES", "PARIS")
_REMEMBERED_ORDERS: Final = 200


class Rush:
    """Clients that do what `seed` makes them do; `answers` counts what they were told, by wish and status."""

    def __init__(self, clients: Sequence[Connection], *, seed: int) -> None:
        self._clients = clients
        self._random = random.Random(seed)
        self._orders: list[str] = []
        self._placed = 0
        self.answers: Counter[tuple[str, int]] = Counter()
        self.faults: list[bytes] = []

    async def open(self) -> None:
        """Set the shop up, with some units of everything everywhere."""
        await open_shop_with(self._clients[0], SKUS, warehouses=WAREHOUSES, missing_stock="backorder")
        for code in WAREHOUSES:
            for sku in SKUS:
                await receive(self._clients[0], sku, 20, warehouse=code)

    async def run(self, seconds: float) -> None:
        """Let every client make one call after the other for so long."""
        until = time.monotonic() + seconds
        await asyncio.gather(*(self._work(client, until) for client in self._clients))

    def done(self, wish: str) -> int:
        """Return how many wishes of this kind were granted."""
        return self.answers[wish, 200] + self.answers[wish, 201]

    async def _work(self, client: Connection, until: float) -> None:
        while time.monotonic() < until:
            wish, path, body, key = self._next_wish()
            answer = await client.post(path, body, key=key)
            self._note(wish, answer)
            if answer.status == 201:
                self._remember(answer.json["id"])

    def _note(self, wish: str, answer: Answer) -> None:
        self.answers[wish, answer.status] += 1
        away = answer.status == 503 and "retry-after" in answer.headers
        if answer.status >= 500 and not away:
            self.faults.append(answer.body)

    def _remember(self, order_id: str) -> None:
        if len(self._orders) < _REMEMBERED_ORDERS:
            self._orders.append(order_id)
        else:
            self._orders[self._random.randrange(_REMEMBERED_ORDERS)] = order_id

    def _next_wish(self) -> tuple[str, str, dict[str, Any], str | None]:
        kinds = ("place", "cancel-order", "cancel-lines", "change-line-quantity", "change-delivery-address", "stock")
        (kind,) = self._random.choices(kinds, weights=(10, 3, 2, 3, 2, 4))
        if kind == "stock":
            return self._stock_document()
        if kind == "place" or not self._orders:
            self._placed += 1
            return "place", "/v1/orders", self._cart(), f"rush-{self._placed}"
        path = f"/v1/orders/{self._random.choice(self._orders)}/{kind}"
        bodies: dict[str, dict[str, Any]] = {
            "cancel-order": {"reason": "changed_mind"},
            "cancel-lines": {"reason": "too_slow", "lines": [{"line": 1, "quantity": 1}]},
            "change-line-quantity": {"line": 1, "quantity": self._random.randint(1, 4)},
            "change-delivery-address": {"address": self._random.choice((PARIS, LYON))},
        }
        return kind, path, bodies[kind], None

    def _cart(self) -> dict[str, Any]:
        chosen = self._random.sample(SKUS, self._random.randint(1, 3))
        channel = self._random.choice(
            ("web", "shop")
        )  # nobody described the channel shop: it refuses what is not there
        return order({sku: self._random.randint(1, 3) for sku in chosen}, channel=channel)

    def _stock_document(self) -> tuple[str, str, dict[str, Any], None]:
        kind = self._random.choice(("receive", "receive", "count", "adjust"))
        skus = self._random.sample(SKUS, self._random.randint(1, len(SKUS)))
        lines: dict[str, list[dict[str, Any]]] = {
            "receive": [{"sku": sku, "quantity": self._random.randint(1, 12)} for sku in skus],
            "count": [{"sku": sku, "quantity": self._random.randint(0, 15)} for sku in skus],
            "adjust": [{"sku": sku, "delta": self._random.choice((-2, -1, 1, 2))} for sku in skus],
        }
        body: dict[str, Any] = {"location": self._random.choice(WAREHOUSES), "lines": lines[kind]}
        extra = {"receive": {"reference": "BL"}, "adjust": {"reason": "found"}, "count": {}}
        return kind, f"/v1/stock/{kind}", body | extra[kind], None
