"""A process of its own that does everything at once to a few hot SKUs: ``python -m tests.races.rush URL SECONDS SEED``.

A fourth argument, ``lock-order`` or ``no-stock-locks``, breaks one rule of the bus there. Prints what was done.
"""

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

import msgspec
from tests.races.buyers import without_stock_locks
from tests.scenario import LYON, PARIS, cart
from tests.small_shop import ADMIN, PATIENT, REFUSING, count_of, receipt

from aftercart.app import registry
from aftercart.inventory.decisions.set_safety_stock import SetSafetyStock
from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.inventory.model import StockKey
from aftercart.kit.clock import SystemClock
from aftercart.kit.command_bus import CommandBus
from aftercart.kit.commands import Actor, Answer, Command, Fault, Overloaded, Registry
from aftercart.kit.database import Database
from aftercart.kit.ids import RandomIds
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Statement
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.report_missing_units import ReportMissingUnits
from aftercart.orders.decisions.reserve_backorder import ReserveBackorder
from aftercart.orders.model import CancellationReason, Order
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop

HOT: Final = ("A", "B", "C", "D")
PLACES: Final = ("W1", "W2")
WORKERS: Final = 48
OTHER: Final = CancellationReason.OTHER


class Edit(msgspec.Struct, frozen=True, order=True, array_like=True):
    """A command that was accepted, and the versions of the order before and after it."""

    order_id: UUID
    before: int
    after: int


class Done(msgspec.Struct, frozen=True):
    """How many commands of each kind ended in which way: ``{"PlaceOrder accepted": 5}``; and what they changed."""

    counts: dict[str, int]
    edits: tuple[Edit, ...] = ()

    @property
    def faults(self) -> int:
        return sum(count for what, count in self.counts.items() if what.endswith("Fault"))

    @property
    def accepted(self) -> int:
        return sum(count for what, count in self.counts.items() if what.endswith("accepted"))


def with_another_lock_order() -> Registry:
    """Returns the shop's business with a broken part: stock is locked in falling order."""
    real = registry()
    stock = real.kinds[StockKey]

    def lock_descending(keys: Sequence[StockKey]) -> Statement:
        return Statement(_LOCK_DESCENDING, {"skus": [k.sku for k in keys], "locations": [k.location for k in keys]})

    kinds = {**real.kinds, StockKey: msgspec.structs.replace(stock, lock=lock_descending)}
    return msgspec.structs.replace(real, kinds=kinds)


_LOCK_DESCENDING: Final = """
    SELECT s.sku, s.location
    FROM inventory.stock AS s
    JOIN unnest(%(skus)s::text[], %(locations)s::text[]) AS k (sku, location)
        ON s.sku = k.sku AND s.location = k.location
    ORDER BY s.sku DESC, s.location DESC
    FOR NO KEY UPDATE OF s
"""
BUSINESSES: Final[dict[str, Callable[[], Registry]]] = {
    "": registry,
    "lock-order": with_another_lock_order,
    "no-stock-locks": without_stock_locks,
}


class Rush:
    """Workers that do what the seed makes them do, one command after the other.

    So many orders as ``KEPT_ORDERS`` are changed over and over by both processes.
    """

    KEPT_ORDERS: ClassVar = 40

    def __init__(self, shop: Shop, seed: int) -> None:
        self._shop = shop
        self._random = random.Random(seed)
        self._orders: list[UUID] = []
        self.counts: Counter[str] = Counter()
        self.edits: list[Edit] = []

    async def run(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(self._work(until) for _ in range(WORKERS)))

    async def _work(self, until: float) -> None:
        while time.monotonic() < until:
            await self._ask(*self._next())
            if len(self._orders) < self.KEPT_ORDERS or self._random.random() < 0.01:
                await self._meet_orders_of_others()

    async def _ask(self, command: Command, actor: Actor) -> None:
        try:
            answer = await self._shop.submit(command, actor)
        except (Refusal, Fault) as refused:
            ending = "Overloaded" if isinstance(refused, Overloaded) else type(refused).__name__
        else:
            ending = "accepted"
            self._remember(answer)
        self.counts[f"{type(command).__name__} {ending}"] += 1

    def _remember(self, answer: Answer) -> None:
        if not isinstance(answer.after, Order):
            return
        before = answer.before.version if isinstance(answer.before, Order) else 0
        self.edits.append(Edit(answer.after.order_id, before, answer.after.version))
        if not before:
            self._orders.append(answer.after.order_id)

    async def _meet_orders_of_others(self) -> None:
        rows = await self._shop.database.rows(_NEWEST_ORDERS, {"count": self.KEPT_ORDERS})
        self._orders = [row[0] for row in rows]

    def _next(self) -> tuple[Command, Actor]:
        pick, stock = self._random, {sku: self._random.randint(1, 9) for sku in self._random.sample(HOT, 2)}
        place = pick.choice(PLACES)
        if not self._orders or pick.random() < 0.3:
            lines = [{"sku": pick.choice(HOT), "quantity": pick.randint(1, 3)} for _ in range(pick.randint(1, 3))]
            return cart(*lines, channel=pick.choice((REFUSING, PATIENT))), ADMIN
        order_id = pick.choice(self._orders)
        changes: list[tuple[Command, Actor]] = [
            (CancelOrder(order_id=order_id, reason=OTHER), ADMIN),
            (CancelLines(order_id=order_id, lines=(LineToCancel(line=1, quantity=1),), reason=OTHER), ADMIN),
            (ChangeLineQuantity(order_id=order_id, line=1, quantity=pick.randint(1, 5)), ADMIN),
            (ChangeDeliveryAddress(order_id=order_id, address=pick.choice((PARIS, LYON))), ADMIN),
            (receipt(place, stock), ADMIN),
            (count_of(place, stock), ADMIN),
            (supply(place, stock, date(2026, 3, pick.randint(1, 31))), ADMIN),
            (kept_back(place, pick.choice(HOT), pick.randint(0, 3)), ADMIN),
            (ReportMissingUnits(order_id=order_id, sku=pick.choice(HOT), location=place), SYSTEM),
            (ReserveBackorder(order_id=order_id, sku=pick.choice(HOT)), SYSTEM),
        ]
        return pick.choices(changes, weights=(1, 4, 6, 3, 3, 2, 2, 1, 3, 3))[0]


def supply(place: str, stock: dict[str, int], on: date) -> UpsertSupply:
    """Returns another announcement of the purchase order that all receipts here belong to."""
    lines = [{"sku": sku, "quantity": 10 * quantity} for sku, quantity in stock.items()]
    described: dict[str, Any] = {"reference": "PO", "location": place, "expected_date": on, "lines": lines}
    return msgspec.convert({"supplies": [described]}, UpsertSupply)


def kept_back(place: str, sku: str, safety: int) -> SetSafetyStock:
    return msgspec.convert({"location": place, "lines": [{"sku": sku, "safety": safety}]}, SetSafetyStock)


_NEWEST_ORDERS: Final = """
    SELECT order_id FROM orders.orders ORDER BY placed_at DESC, order_id DESC LIMIT %(count)s
"""


async def main(url: str, seconds: float, seed: int, business: Any) -> None:
    """Opens a bus of this process's own, rushes, and prints what was done as JSON."""
    async with Database(url) as database, CommandBus(business(), database, concurrency=2) as bus:
        rush = Rush(Shop(bus=bus, database=database, clock=SystemClock(), ids=RandomIds()), seed)
        await rush.run(seconds)
    sys.stdout.write(msgspec.json.encode(Done(dict(rush.counts), tuple(rush.edits))).decode() + "\n")


if __name__ == "__main__":
    given_url, given_seconds, given_seed, *broken = sys.argv[1:]
    asyncio.run(main(given_url, float(given_seconds), int(given_seed), BUSINESSES[broken[0] if broken else ""]))
