"""Orders as they are now, read together: whoever asks while a query is under way shares the next one."""

import asyncio
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.database import Database
from aftercart.orders.model import Order
from aftercart.orders.store_sql import LOAD_ORDERS

_decode: Final = msgspec.json.Decoder(Order).decode

READERS: Final = 2
"""How many queries are under way at once: one waits for the database while the other's orders are decoded."""
TOGETHER_MAX: Final = 64

Waiter = asyncio.Future[Order | None]


class OrderReader:
    """Reads orders with their lines and units, each as of one moment after it was asked for."""

    def __init__(self, database: Database, *, readers: int = READERS) -> None:
        self._database = database
        self._readers_max = readers
        self._waiting: dict[UUID, list[Waiter]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def find(self, order_id: UUID) -> Order | None:
        """Returns the order, ``None`` when there is none; raises what the database raised."""
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(order_id, []).append(waiter)
        if len(self._reading) < self._readers_max:
            self._reading.add(asyncio.create_task(self._read_until_nobody_waits(), name="read-orders"))
        return await waiter

    async def _read_until_nobody_waits(self) -> None:
        try:
            await self._read()
        finally:
            # In the same breath as the last look at who waits: a callback of the task comes later, and whoever asks in
            # between would find every reader there and be read by none.
            self._reading.difference_update({asyncio.current_task()})

    async def _read(self) -> None:
        while self._waiting:
            # Only who asked before the query begins may share it: it must see what the asker knows to be done.
            order_ids = list(self._waiting)[:TOGETHER_MAX]
            waiters = {order_id: self._waiting.pop(order_id) for order_id in order_ids}
            try:
                rows = await self._database.rows(LOAD_ORDERS, {"order_ids": order_ids})
                orders = {order.order_id: order for order in (_decode(row[0]) for row in rows)}
            except Exception as error:  # noqa: BLE001 - handed to everybody who asked
                _fail(waiters, error)
            else:
                _answer(waiters, orders)


def _answer(waiters: dict[UUID, list[Waiter]], orders: dict[UUID, Order]) -> None:
    for order_id, alike in waiters.items():
        for waiter in alike:
            if not waiter.done():
                waiter.set_result(orders.get(order_id))


def _fail(waiters: dict[UUID, list[Waiter]], error: Exception) -> None:
    for alike in waiters.values():
        for waiter in alike:
            if not waiter.done():
                waiter.set_exception(error)
