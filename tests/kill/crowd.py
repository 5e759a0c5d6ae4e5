"""Customers who remember every answer they got, and repeat what was never answered."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from tests.connection import Answer, AnswerLost, Connection
from tests.shop_over_http import order

SKU: Final = "TABLE"
_CANCELS_EVERY: Final = 3


class Wish(msgspec.Struct, frozen=True):
    """A call under its idempotency key."""

    key: str
    path: str
    body: dict[str, Any]


class Crowd:
    """Many customers at once. `last_known` is the last answer about each order, by its id.

    `carried_out_unanswered` counts the calls that turned out, when repeated, to have been carried out the first time.
    """

    def __init__(self) -> None:
        self.unanswered: dict[str, Wish] = {}
        self.placed: dict[str, str] = {}
        self.last_known: dict[str, bytes] = {}
        self.unexpected: list[Answer] = []
        self.carried_out_unanswered = 0
        self._answered = 0
        self._enough = asyncio.Event()
        self._enough_at = 0
        self._closing = False

    async def rush_in(self, customers: Sequence[Connection]) -> None:
        """Let every customer place order after order, and cancel a part of some, until `close` or a lost answer."""
        self._closing = False
        await asyncio.gather(*(self._shop(customer) for customer in customers))

    async def wait_for_answers(self, number: int) -> None:
        """Return when so many more calls were answered."""
        self._enough.clear()
        self._enough_at = self._answered + number
        await self._enough.wait()

    def close(self) -> None:
        """Let nobody begin a new call."""
        self._closing = True

    async def repeat_unanswered(self, customers: Sequence[Connection]) -> int:
        """Repeat every call that was not answered, under its own key, until it is; return how many these were."""
        wishes = list(self.unanswered.values())
        waiting = iter(wishes)

        async def repeat(customer: Connection) -> None:
            for wish in waiting:
                while not await self._call(customer, wish):
                    pass

        await asyncio.gather(*(repeat(customer) for customer in customers))
        return len(wishes)

    async def _shop(self, customer: Connection) -> None:
        try:
            while not self._closing:
                wish = self._next_order()
                await self._call(customer, wish)
                if wish.key in self.placed and len(self.placed) % _CANCELS_EVERY == 0:
                    await self._call(customer, self._cancellation(wish))
        except AnswerLost:
            return

    def _next_order(self) -> Wish:
        key = f"place-{len(self.placed) + len(self.unanswered)}-{id(asyncio.current_task())}"
        body = order() | {"lines": [{"sku": SKU, "quantity": 1}, {"sku": SKU, "quantity": 2}]}
        return Wish(key, "/v1/orders", body)

    def _cancellation(self, placement: Wish) -> Wish:
        path = f"/v1/orders/{self.placed[placement.key]}/cancel-lines"
        return Wish(f"cancel-{placement.key}", path, {"reason": "changed_mind", "lines": [{"line": 2}]})

    async def _call(self, customer: Connection, wish: Wish) -> bool:
        """Make a call and tell whether it was answered for good; what was not is kept for later."""
        self.unanswered[wish.key] = wish
        answer = await customer.post(wish.path, wish.body, key=wish.key)
        if answer.status == 503 or (answer.status == 409 and answer.json["code"] == "idempotency_key_in_flight"):
            return False
        del self.unanswered[wish.key]
        self.carried_out_unanswered += "idempotency-replayed" in answer.headers
        if answer.status in {200, 201}:
            self._note(wish, answer)
        else:
            self.unexpected.append(answer)
        return True

    def _note(self, wish: Wish, answer: Answer) -> None:
        order_id = answer.json["id"]
        self.last_known[order_id] = answer.body
        if answer.status == 201:
            self.placed[wish.key] = order_id
        self._answered += 1
        if self._answered >= self._enough_at:
            self._enough.set()
