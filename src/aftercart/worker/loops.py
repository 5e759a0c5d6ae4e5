"""The worker: runs every loop until it is told to stop, and survives a database that goes away for a while."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from aftercart.kit.commands import IdempotencyKeyInFlight, Overloaded
from aftercart.kit.ending import end
from aftercart.kit.leases import LEASE_SECONDS
from aftercart.kit.outcomes import forget_outcomes_statement
from aftercart.kit.sequencer import sequence
from aftercart.notifications.audience import Audience, events_for
from aftercart.notifications.outbox import forget_settled_statement
from aftercart.notifications.ports import Channels
from aftercart.shop import Shop
from aftercart.worker.carrier_desk import CarrierDesk
from aftercart.worker.clockwork import Clockwork
from aftercart.worker.courier import Courier
from aftercart.worker.delivery_planner import DeliveryPlanner
from aftercart.worker.mails import mail_courier
from aftercart.worker.reactor import Reactor
from aftercart.worker.webhooks import webhook_courier

log = structlog.get_logger(__name__)

PAUSE_SECONDS_MIN: Final = 0.05
PAUSE_SECONDS_MAX: Final = 0.25
AWAY_SECONDS: Final = 1.0
HOUSEKEEPING_SECONDS: Final = 600.0
FAILED_SECONDS_MAX: Final = 60.0
END_SECONDS_MAX: Final = 2.0

Turn = Callable[[], Awaitable[int]]
"""One turn of a loop; returns how much it did."""


async def run_worker(shop: Shop, channels: Channels) -> None:
    """Runs all loops until it is canceled. Any number of workers may run on one database."""
    reactor, clockwork = Reactor(shop), Clockwork(shop)
    mailer = channels.mailer
    planner = DeliveryPlanner(shop, mail_types=() if mailer is None else events_for(Audience.CUSTOMER))
    couriers = [webhook_courier(shop, channels.webhooks)]
    if mailer is not None:
        couriers.append(mail_courier(shop, mailer))
    desks = [] if channels.carrier is None else [CarrierDesk(shop, channels.carrier)]

    async def sequence_once() -> int:
        return await sequence(shop.database)

    async def forget_once() -> int:
        now = shop.clock.now()
        await shop.database.run(forget_outcomes_statement(now))
        await shop.database.run(forget_settled_statement(now))
        return 0

    # No task group: one that is canceled again would not cancel again those of its tasks that lost the first time.
    loops = (
        _started("sequencer", sequence_once, pause_max=PAUSE_SECONDS_MAX),
        _started("reactions", reactor.turn, pause_max=PAUSE_SECONDS_MAX),
        _started("deadlines", clockwork.turn, pause_max=AWAY_SECONDS),
        _started("notifications", planner.turn, pause_max=PAUSE_SECONDS_MAX),
        *(_started("deliveries", courier.turn, pause_max=PAUSE_SECONDS_MAX) for courier in couriers),
        *(_started("carriers", desk.turn, pause_max=AWAY_SECONDS) for desk in desks),
        _started("housekeeping", forget_once, pause_max=HOUSEKEEPING_SECONDS),
    )
    try:
        (ended, *_), _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        ended.result()
    finally:
        await end(loops, within_seconds=END_SECONDS_MAX)
        await _give_back((reactor, clockwork, planner, *desks), couriers)


def _started(name: str, turn: Turn, *, pause_max: float) -> asyncio.Task[None]:
    return asyncio.create_task(repeat(name, turn, pause_max=pause_max), name=name)


async def repeat(name: str, turn: Turn, *, pause_max: float) -> None:
    """Repeats a turn for ever; the less it finds to do, the longer it pauses, and longest when it fails."""
    pause = PAUSE_SECONDS_MIN
    while True:
        try:
            done = await turn()
        except (psycopg.OperationalError, PoolTimeout, Overloaded, IdempotencyKeyInFlight) as error:
            log.warning("loop_interrupted", loop=name, error=str(error).strip())
            pause = min(max(pause * 2, AWAY_SECONDS), pause_max)
        except Exception:
            # To end here would end the other loops and the requests too, and again after every restart.
            log.exception("loop_failed", loop=name)
            pause = min(max(pause * 2, AWAY_SECONDS), FAILED_SECONDS_MAX)
        else:
            pause = PAUSE_SECONDS_MIN if done else min(pause * 2, pause_max)
        await asyncio.sleep(pause)


async def _give_back(
    holders: Sequence[Reactor | Clockwork | DeliveryPlanner | CarrierDesk], couriers: Sequence[Courier]
) -> None:
    try:
        async with asyncio.timeout(AWAY_SECONDS):
            for holder in holders:
                await holder.release()
    except (psycopg.OperationalError, PoolTimeout, TimeoutError) as error:
        log.warning("lease_not_released", error=str(error).strip(), expires_in_seconds=LEASE_SECONDS)
    await asyncio.gather(*(courier.stop() for courier in couriers))
