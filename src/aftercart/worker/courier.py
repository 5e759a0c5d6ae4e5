"""A courier: takes deliveries that are due, several at once, and settles each by what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

import msgspec
import psycopg
import structlog
from psycopg_pool import PoolTimeout

from aftercart.kit.commands import Lane, Overloaded
from aftercart.kit.ending import end
from aftercart.kit.outcomes import command_id_of_key
from aftercart.notifications.decisions.give_up_delivery import DeliveryNotHeld, GiveUpDelivery
from aftercart.notifications.model import DeliveryKind, GivenUpReason
from aftercart.notifications.outbox import LEASE_SECONDS, Claim, complete, postpone
from aftercart.notifications.rules.retry_schedule import MAIL_WAITS, URGENT_WAITS, WEBHOOK_WAITS, next_attempt
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop

log = structlog.get_logger(__name__)

LAST_CHANCE_SECONDS: Final = 3.0
"""How long what is under way may take to end when the worker stops."""
END_SECONDS_MAX: Final = 1.0
"""How long what did not end may take to be broken off."""

ATTEMPT_SECONDS_MAX: Final = LEASE_SECONDS - 20.0
"""However long a channel would take: an attempt ends before its lease does, so nobody else has begun another one."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one attempt: sent when there is no ``error``. With ``give_up`` no further attempt would help."""

    status: int | None = None
    error: str | None = None
    give_up: GivenUpReason | None = None


Take = Callable[[int, Sequence[Claim]], Awaitable[list[Claim]]]
"""``take(free, under_way)`` takes up to ``free`` deliveries that are due; ``under_way`` are those being sent."""
Send = Callable[[Claim], Awaitable[Attempt]]
GaveUp = Callable[[Claim, Attempt], Awaitable[None]]


async def _nothing_more(_claim: Claim, _attempt: Attempt) -> None:
    return None


class Courier:
    """Sends deliveries of one kind, at most ``slots`` at once. A slow or failing one holds up nobody but its own.

    Any number of couriers may work on one database: each delivery is taken under a lease of its own.
    """

    def __init__(self, shop: Shop, *, take: Take, send: Send, slots: int, gave_up: GaveUp = _nothing_more) -> None:
        self._shop = shop
        self._take = take
        self._send = send
        self._slots = slots
        self._gave_up = gave_up
        self._under_way: dict[asyncio.Task[None], Claim] = {}

    async def turn(self) -> int:
        """Takes what is due, as far as there are free slots, and returns how much that was; does not wait for it."""
        free = self._slots - len(self._under_way)
        if free <= 0:
            return 0
        claims = await self._take(free, tuple(self._under_way.values()))
        for claim in claims:
            task = asyncio.create_task(self._deliver(claim), name=f"deliver-{claim.delivery_id}")
            self._under_way[task] = claim
            task.add_done_callback(self._forget)
        return len(claims)

    async def rest(self) -> None:
        """Waits until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def stop(self, *, patience_seconds: float = LAST_CHANCE_SECONDS) -> None:
        """Lets what is under way end for a moment; what does not is sent again once its lease has run out."""
        if self._under_way:
            _, unfinished = await asyncio.wait(self._under_way, timeout=patience_seconds)
            await end(unfinished, within_seconds=END_SECONDS_MAX)

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]

    async def _deliver(self, claim: Claim) -> None:
        try:
            await self._settle(claim, await self._attempt(claim))
        except (psycopg.OperationalError, PoolTimeout, Overloaded) as error:
            log.warning("delivery_interrupted", delivery=str(claim.delivery_id), error=str(error).strip())
        except DeliveryNotHeld:
            log.warning("delivery_lost", delivery=str(claim.delivery_id))
        except Exception:
            # Nobody waits for this task: it ends here, and the delivery is sent again when its lease has run out.
            log.exception("delivery_unsettled", delivery=str(claim.delivery_id))

    async def _attempt(self, claim: Claim) -> Attempt:
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS_MAX):
                return await self._send(claim)
        except TimeoutError:
            return Attempt(error="it took too long")
        except (psycopg.OperationalError, PoolTimeout, Overloaded):
            raise
        except Exception as error:
            # A message that cannot be composed must not stop the others; it is tried again in case we were mended.
            log.exception("delivery_failed", delivery=str(claim.delivery_id), cause=str(claim.cause))
            return Attempt(error=type(error).__name__)

    async def _settle(self, claim: Claim, attempt: Attempt) -> None:
        database, now = self._shop.database, self._shop.clock.now()
        if attempt.error is None:
            if not await complete(database, claim, now=now, status=attempt.status):
                log.warning("delivery_lost", delivery=str(claim.delivery_id))
            return
        due_at = next_attempt(_waits(claim), attempts=claim.attempts, delivery_id=claim.delivery_id, now=now)
        if attempt.give_up is None and due_at is not None:
            await postpone(database, claim, due_at=due_at, error=attempt.error, status=attempt.status)
        else:
            await self._give_up(claim, attempt, attempt.give_up or GivenUpReason.EXHAUSTED, error=attempt.error)

    async def _give_up(self, claim: Claim, attempt: Attempt, reason: GivenUpReason, *, error: str) -> None:
        command = GiveUpDelivery(
            delivery_id=claim.delivery_id,
            lease_token=claim.lease_token,
            given_up_reason=reason,
            error=error,
            status=attempt.status,
        )
        command_id = command_id_of_key("give up", f"{claim.delivery_id} {claim.lease_token}")
        await self._shop.submit(command, SYSTEM, command_id=command_id, lane=Lane.BACKGROUND)
        log.warning("delivery_given_up", delivery=str(claim.delivery_id), reason=reason.value, error=error)
        await self._gave_up(claim, attempt)


def _waits(claim: Claim) -> Sequence[timedelta]:
    if claim.urgent:
        return URGENT_WAITS
    return MAIL_WAITS if claim.kind is DeliveryKind.MAIL else WEBHOOK_WAITS
