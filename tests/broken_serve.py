"""Starts `aftercart` with one of its protections taken out, so that a test can show that it would notice.

python broken_serve.py PROTECTION serve --port 8000 ...
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from aftercart import app, shop
from aftercart.cli import main
from aftercart.inventory.model import StockKey
from aftercart.kit import batch, database
from aftercart.kit.commands import Registry
from aftercart.kit.database import Connection
from aftercart.kit.outcomes import Outcome, save_outcomes_statement
from aftercart.kit.state import Kind, Statement
from aftercart.orders.model import OrderKey


def without_stock_lock() -> None:
    """Stock is read where it should be locked, so two batches may decide on the same units."""
    stock = app.registry().kinds[StockKey]
    _replace(msgspec.structs.replace(stock, lock=stock.load))


def without_order_lock() -> None:
    """Orders are read where they should be locked, so an edit and a pick may both see units that are free.

    Their stock is not locked either: it would keep apart those who touch the same goods.
    """
    known = app.registry().kinds
    order = msgspec.structs.replace(known[OrderKey], lock=None, lock_waiting=None, locked=None)
    stock = msgspec.structs.replace(known[StockKey], lock=None, locked=None)
    _replace(order, stock)


def without_lock_order() -> None:
    """Stock is locked in any order, so two batches may wait for each other."""
    stock = app.registry().kinds[StockKey]
    lock = stock.lock
    assert lock is not None

    def lock_in_any_order(keys: Sequence[StockKey]) -> Statement:
        sound = lock(keys)
        assert "ORDER BY s.sku, s.location" in sound.sql
        return Statement(sound.sql.replace("ORDER BY s.sku, s.location", "ORDER BY random()"), sound.parameters)

    _replace(msgspec.structs.replace(stock, lock=lock_in_any_order))


def _replace(*kinds: Kind) -> None:
    sound = app.registry()
    broken = msgspec.structs.replace(sound, kinds={**sound.kinds, **{kind.key: kind for kind in kinds}})

    def registry() -> Registry:
        return broken

    shop.registry = registry


def without_key_lock() -> None:
    """Look whether the key was used, then do it, then note it: what many systems take for idempotency."""

    def lock_nothing(command_ids: Sequence[UUID]) -> Statement:
        return Statement(
            "SELECT c.command_id FROM unnest(%(command_ids)s::uuid[]) AS c (command_id)",
            {"command_ids": list(command_ids)},
        )

    def save_once(outcomes: Iterable[Outcome]) -> Statement:
        sound = save_outcomes_statement(outcomes)
        return Statement(sound.sql + " ON CONFLICT (command_id) DO NOTHING", sound.parameters)

    batch.try_lock_statement = lock_nothing
    batch.save_outcomes_statement = save_once


def without_outcomes() -> None:
    """What was done under a key is not remembered, so a call that is repeated is carried out again."""

    def save_nothing(_outcomes: Iterable[Outcome]) -> Statement:
        return Statement("SELECT 1", {})

    batch.save_outcomes_statement = save_nothing


def without_durable_commits() -> None:
    """Calls are answered before their commits have reached the disk."""

    async def configure(connection: Connection) -> None:
        connection.prepare_threshold = 0
        await connection.execute("SET synchronous_commit = off")
        await connection.commit()

    database.__dict__["_configure"] = configure


PROTECTIONS: Final[dict[str, Callable[[], None]]] = {
    "stock-lock": without_stock_lock,
    "order-lock": without_order_lock,
    "lock-order": without_lock_order,
    "key-lock": without_key_lock,
    "outcomes": without_outcomes,
    "durable-commits": without_durable_commits,
}

if __name__ == "__main__":
    PROTECTIONS[sys.argv.pop(1)]()
    main()
