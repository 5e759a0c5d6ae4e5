"""A process of its own that edits, holds, releases, supplies and counts a few orders while their day passes quickly.

``python -m tests.races.lives URL SECONDS SEED BEGAN BROKEN``: ``BEGAN`` is the reading of the machine's monotonic clock
at which it was ``NOW``, the same for all processes. ``BROKEN`` is empty or breaks one rule there: see ``BUSINESSES``.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from tests.races.places import without_capacity_locks
from tests.races.rush import HOT, OTHER, PLACES, Done, Rush, supply
from tests.scenario import LYON, NOW, PARIS, TO_PARIS, cart, eur
from tests.shipping.words import VAN, at
from tests.small_shop import ADMIN, PATIENT, REFUSING, count_of, receipt

from aftercart.app import registry
from aftercart.deadlines import DEADLINES
from aftercart.inventory.model import StockKey
from aftercart.kit.command_bus import CommandBus
from aftercart.kit.commands import Actor, Command, Context, Decision, Registry
from aftercart.kit.database import Database
from aftercart.kit.ids import RandomIds
from aftercart.kit.sequencer import sequence
from aftercart.kit.state import State
from aftercart.orders.decisions.accept_split import AcceptSplit
from aftercart.orders.decisions.add_gift_message import AddGiftMessage
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.amend import Amend
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.hold_order import HoldOrder
from aftercart.orders.decisions.lift_hold import LiftHold
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.model import OrderChange, OrderKey
from aftercart.permissions import SYSTEM
from aftercart.shipping.model import CapacityKey
from aftercart.shop import Shop
from aftercart.worker.clockwork import DUE_MAX
from aftercart.worker.reactor import Reactor

HOURS_A_SECOND: Final = 2
SLOTS: Final = tuple(
    at(f"{day} {hour}") for day in ("Wed 2026-03-04", "Thu 2026-03-05", "Fri 2026-03-06") for hour in ("08:00", "18:00")
)
_PAUSE_SECONDS: Final = 0.02


class QuickClock:
    """A clock that all processes read alike, and on which hours pass in a second."""

    def __init__(self, began: float) -> None:
        self._began = began

    def now(self) -> datetime:
        return NOW + timedelta(hours=HOURS_A_SECOND * (time.monotonic() - self._began))


def without_locks() -> Registry:
    """Returns the shop's business with a broken part: an order is read, but nobody holds it meanwhile.

    Nor what orders share: whoever waits for that reads the order afterwards, and finds it as it is then.
    """
    real = registry()
    unlocked = {
        key: msgspec.structs.replace(real.kinds[key], lock=None, lock_waiting=None, locked=None)
        for key in (OrderKey, StockKey, CapacityKey)
    }
    return msgspec.structs.replace(real, kinds={**real.kinds, **unlocked})


def releasing_what_is_held() -> Registry:
    """Returns the shop's business with a broken part: a release does not look whether somebody has stopped the order.

    It is decided on the order as it was without its holds.
    """
    real = registry()
    handler = real.handlers[ReleaseOrder]

    def decide(command: ReleaseOrder, state: State, context: Context) -> Decision:
        order = state.find(OrderKey(command.order_id))
        if order is None:
            return handler.decide(command, state, context)
        draft = state.fork()
        draft.put(OrderKey(command.order_id), msgspec.structs.replace(order, holds=()))
        return handler.decide(ReleaseOrder(order_id=command.order_id), draft, context)

    broken = msgspec.structs.replace(handler, decide=decide)
    return msgspec.structs.replace(real, handlers={**real.handlers, ReleaseOrder: broken})


BUSINESSES: Final[dict[str, Callable[[], Registry]]] = {
    "": registry,
    "no-capacity-locks": without_capacity_locks,
    "no-locks": without_locks,
    "no-holds": releasing_what_is_held,
}


class Lives(Rush):
    """Workers that lead orders through their lives, while the clock fires what is due and reactions run."""

    KEPT_ORDERS = 12

    async def run(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(super().run(seconds), self._fire(until), self._react(until))

    async def _fire(self, until: float) -> None:
        # Without the lease that lets one process at a time do it: both find the same deadlines, and race.
        while time.monotonic() < until:
            now = self._shop.clock.now()
            due = [command for find in DEADLINES.values() for command in await find(self._shop.database, now, DUE_MAX)]
            await asyncio.gather(*(self._ask(command, SYSTEM) for command in due))
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _react(self, until: float) -> None:
        reactor = Reactor(self._shop)
        while time.monotonic() < until:
            await sequence(self._shop.database)
            await reactor.turn()
            await asyncio.sleep(_PAUSE_SECONDS)
        await reactor.release()

    def _next(self) -> tuple[Command, Actor]:
        pick, place = self._random, self._random.choice(PLACES)
        stock = {sku: pick.randint(1, 9) for sku in pick.sample(HOT, 2)}
        if not self._orders or pick.random() < 0.15:
            return self._order(), ADMIN
        order_id = pick.choice(self._orders)
        changes: list[Command] = [
            *self._edits(order_id),
            Amend(order_id=order_id, operations=tuple(pick.sample(self._edits(order_id), 3))),
            HoldOrder(order_id=order_id),
            LiftHold(order_id=order_id),
            ReleaseOrder(order_id=order_id),
            AcceptSplit(order_id=order_id),
            CancelOrder(order_id=order_id, reason=OTHER),
            receipt(place, stock),
            count_of(place, stock),
            supply(place, stock, date(2026, 3, pick.randint(3, 20))),
        ]
        return pick.choice(changes), ADMIN

    def _order(self) -> Command:
        pick = self._random
        delivery: dict[str, Any] = {"method": "colissimo-home", "address": TO_PARIS, "price": eur(0)}
        if pick.random() < 0.3:
            delivery |= {"method": VAN.code, "slot": pick.choice(SLOTS)}
        lines = [{"sku": pick.choice(HOT), "quantity": pick.randint(1, 3)} for _ in range(pick.randint(1, 2))]
        return cart(*lines, channel=pick.choice((REFUSING, PATIENT)), delivery=delivery)

    def _edits(self, order_id: UUID) -> Sequence[OrderChange]:
        pick = self._random
        return (
            AddGiftMessage(order_id=order_id, message=f"words {pick.random()}"),
            AddLine(order_id=order_id, sku=pick.choice(HOT), quantity=1),
            CancelLines(order_id=order_id, lines=(LineToCancel(line=1, quantity=1),), reason=OTHER),
            ChangeDeliveryAddress(order_id=order_id, address=pick.choice((PARIS, LYON))),
            ChangeDeliveryMethod(order_id=order_id, method="colissimo-home", address=PARIS),
            ChangeDeliveryMethod(order_id=order_id, method=VAN.code, slot=pick.choice(SLOTS)),
            ChangeLineQuantity(order_id=order_id, line=1, quantity=pick.randint(1, 5)),
            SwapVariant(order_id=order_id, line=1, sku=pick.choice(HOT)),
        )


async def main(url: str, *, seconds: float, seed: int, began: float, business: Callable[[], Registry]) -> None:
    """Opens a bus of this process's own, leads lives, and prints what was done as JSON."""
    async with Database(url) as database, CommandBus(business(), database, concurrency=2) as bus:
        lives = Lives(Shop(bus=bus, database=database, clock=QuickClock(began), ids=RandomIds()), seed)
        await lives.run(seconds)
    sys.stdout.write(msgspec.json.encode(Done(dict(lives.counts), tuple(lives.edits))).decode() + "\n")


if __name__ == "__main__":
    given_url, given_seconds, given_seed, given_began, broken = sys.argv[1:]
    asyncio.run(
        main(
            given_url,
            seconds=float(given_seconds),
            seed=int(given_seed),
            began=float(given_began),
            business=BUSINESSES[broken],
        )
    )
