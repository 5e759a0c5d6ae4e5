"""Hands that move an order's goods on, as far as orders know of it: a command of the tests, told by ``UnitsMoved``."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.app import registry
from aftercart.inventory.model import Stage, UnitMove
from aftercart.kit.clock import Clock
from aftercart.kit.command_bus import CommandBus
from aftercart.kit.commands import Actor, Command, Context, Handler, Registry
from aftercart.kit.database import Database
from aftercart.kit.ids import Ids
from aftercart.kit.state import Key, State
from aftercart.orders.events import UnitsMoved
from aftercart.orders.handlers import EVOLVERS
from aftercart.orders.handlers.finding import on_order, order_needs, order_root
from aftercart.orders.model import Order
from aftercart.orders.scouts.serving import common_facts
from aftercart.permissions import authorize
from aftercart.shop import Shop

BY_HAND: Final[dict[Stage, tuple[Stage, ...]]] = {
    Stage.RELEASED: (Stage.PICKED,),
    Stage.PICKED: (Stage.RELEASED,),
    Stage.INTERCEPTED: (Stage.CANCELED,),
}
"""What hands make of units before they are packed: reach them, lay them down again, put back."""


class MoveOn(Command, frozen=True, kw_only=True):
    """Move units of an order on."""

    order_id: UUID
    moves: tuple[UnitMove, ...]


@asynccontextmanager
async def open_shop_with_hands(url: str, *, clock: Clock, ids: Ids) -> AsyncGenerator[Shop]:
    """Opens a shop that knows one command more."""
    async with Database(url) as database, CommandBus(_with_hands(registry()), database, concurrency=2) as bus:
        yield Shop(bus=bus, database=database, clock=clock, ids=ids)


def _with_hands(known: Registry) -> Registry:
    handler = Handler(
        command=MoveOn, facts=common_facts, needs=order_needs, root=order_root, decide=on_order(_moved_on)
    )
    return msgspec.structs.replace(
        known,
        handlers={**known.handlers, MoveOn: handler},
        evolvers={**known.evolvers, UnitsMoved: EVOLVERS},
        authorize=_authorize,
    )


def _moved_on(command: MoveOn, order: Order, _state: State, context: Context) -> Sequence[UnitsMoved]:
    return (UnitsMoved(moves=command.moves, holds=order.holds, release_at=order.release_at, at=context.now),)


def _authorize(actor: Actor, command: Command, root: Key[Any] | None) -> None:
    if not isinstance(command, MoveOn):
        authorize(actor, command, root)
