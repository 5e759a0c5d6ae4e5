"""Many buyers at once, through two buses on one database, and what they left behind."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import msgspec
from tests.scenario import NOW, cart
from tests.small_shop import ADMIN, order_of

from aftercart.app import registry
from aftercart.inventory.model import StockKey
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.command_bus import CommandBus
from aftercart.kit.commands import Answer, Registry
from aftercart.kit.database import Database
from aftercart.kit.ids import RandomIds
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.place_order import PlaceOrder
from aftercart.orders.model import CancellationReason
from aftercart.shop import Shop

Outcome = Answer | Refusal


def without_stock_locks() -> Registry:
    """Returns the shop's business with a broken part: stock is read, but nobody holds it meanwhile."""
    real = registry()
    stock = msgspec.structs.replace(real.kinds[StockKey], lock=None)
    return msgspec.structs.replace(real, kinds={**real.kinds, StockKey: stock})


@asynccontextmanager
async def two_shops(url: str, business: Callable[[], Registry] = registry) -> AsyncGenerator[tuple[Shop, Shop]]:
    """Opens two buses, as two processes would, on one database."""
    async with (
        Database(url) as one,
        Database(url) as other,
        CommandBus(business(), one) as first,
        CommandBus(business(), other) as second,
    ):
        clock, ids = SimulatedClock(NOW), RandomIds()
        yield (
            Shop(bus=first, database=one, clock=clock, ids=ids),
            Shop(bus=second, database=other, clock=clock, ids=ids),
        )


async def outcome(asked: Any) -> Outcome:
    """Returns the answer or the refusal; a fault goes on."""
    try:
        return await asked
    except Refusal as refusal:
        return refusal


async def buy(shops: Sequence[Shop], *, buyers: int, lines: Sequence[Mapping[str, object]]) -> list[UUID]:
    """Lets so many buyers place the same cart at once; returns the orders of those who got it."""
    wish: PlaceOrder = cart(*lines)
    asked = (outcome(shops[number % 2].submit(wish, ADMIN)) for number in range(buyers))
    outcomes = await asyncio.gather(*asked)
    refused = [one for one in outcomes if isinstance(one, Refusal)]
    assert {one.code for one in refused} <= {"insufficient_stock"}
    return [order_of(one).order_id for one in outcomes if isinstance(one, Answer)]


async def give_back(shops: Sequence[Shop], orders: Sequence[UUID]) -> None:
    """Cancels the orders, all at once."""
    wishes = [CancelOrder(order_id=order_id, reason=CancellationReason.OTHER) for order_id in orders]
    await asyncio.gather(*(shops[number % 2].submit(wish, ADMIN) for number, wish in enumerate(wishes)))


async def stock_of(shop: Shop, sku: str) -> tuple[int, int]:
    """Returns (on hand, reserved) of a SKU, everywhere."""
    rows = await shop.database.rows(_STOCK, {"sku": sku})
    return rows[0][0], rows[0][1]


_STOCK: Final = """
    SELECT sum(on_hand)::integer, sum(reserved)::integer FROM inventory.stock WHERE sku = %(sku)s
"""
