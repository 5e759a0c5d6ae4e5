"""The reactor: reads the feed behind its cursor and gives the bus the commands that events ask for."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

import msgspec
import psycopg
import structlog
from psycopg_pool import PoolTimeout

from aftercart.app import EVENTS
from aftercart.kit.commands import Command, Fault, IdempotencyKeyInFlight, Lane
from aftercart.kit.leases import LEASE_SECONDS, release_lease, take_lease
from aftercart.kit.outcomes import command_id_of_key, fingerprint_of
from aftercart.kit.refusal import Refusal
from aftercart.kit.sequencer import FeedEntry, find_cursor, move_cursor, read_feed
from aftercart.permissions import SYSTEM
from aftercart.reactions import REACTIONS
from aftercart.shop import Shop

log = structlog.get_logger(__name__)

CONSUMER: Final = "reactions"
READ_MAX: Final = 2_000
FAULTS_MAX: Final = 5
TURN_SECONDS_MAX: Final = LEASE_SECONDS / 4
"""A turn ends early rather than outlive its lease: another worker would begin to react to the same events."""
_TYPES: Final = tuple(event.__name__ for event in REACTIONS)


class Reactor:
    """Runs reactions while it holds their lease.

    Commands first, cursor after: an event may be seen twice, but its commands carry ids made from the event, so the
    second time they answer with their first outcome.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._holder = uuid4()
        self._faults = 0

    async def turn(self) -> int:
        """Reacts to what is new in the feed and returns how many events were read; 0 without the lease."""
        database = self._shop.database
        if await take_lease(database, name=CONSUMER, holder=self._holder) is None:
            return 0
        after = await find_cursor(database, CONSUMER)
        ends_at = asyncio.get_running_loop().time() + TURN_SECONDS_MAX
        entries, upto = await read_feed(database, after=after, limit=READ_MAX, types=_TYPES)
        for entry in entries:
            if not await self._react(entry):
                return 0
            await move_cursor(database, consumer=CONSUMER, offset=entry.offset)
            if asyncio.get_running_loop().time() > ends_at:
                return entry.offset - after
        if upto > after:
            await move_cursor(database, consumer=CONSUMER, offset=upto)
        return upto - after

    async def release(self) -> None:
        """Lets another worker take over at once."""
        await release_lease(self._shop.database, name=CONSUMER, holder=self._holder)

    async def _react(self, entry: FeedEntry) -> bool:
        try:
            commands = await self._asked_by(entry)
        except (psycopg.OperationalError, PoolTimeout):
            raise
        except Exception:
            # An event that cannot be reacted to must not keep those behind it waiting for ever.
            log.exception("reaction_failed", type=entry.type, position=entry.position)
            return self._is_given_up(entry, failures=1)
        answers = await asyncio.gather(*(self._submit(entry, command) for command in commands), return_exceptions=True)
        return self._all_answered(entry, answers)

    async def _asked_by(self, entry: FeedEntry) -> Sequence[Command]:
        event_type = EVENTS[entry.type]
        event = msgspec.json.decode(entry.data, type=event_type)
        return await REACTIONS[event_type](self._shop.database, entry.stream, event)

    async def _submit(self, entry: FeedEntry, command: Command) -> None:
        command_id = command_id_of_key(f"reaction:{entry.position}", fingerprint_of(command))
        try:
            await self._shop.submit(command, SYSTEM, command_id=command_id, lane=Lane.BACKGROUND)
        except IdempotencyKeyInFlight:
            # Another worker is at it, and whether that one succeeds is not known yet.
            raise
        except Refusal as refusal:
            if refusal.status >= 500:
                raise
            # What the event asked for is no longer possible: the order was changed in the meantime.
            log.info("reaction_refused", type=entry.type, position=entry.position, refusal=str(refusal))

    def _all_answered(self, entry: FeedEntry, answers: list[BaseException | None]) -> bool:
        failed = [answer for answer in answers if isinstance(answer, BaseException)]
        for failure in failed:
            if not isinstance(failure, Fault):
                raise failure
        if not failed:
            self._faults = 0
            return True
        return self._is_given_up(entry, failures=len(failed))

    def _is_given_up(self, entry: FeedEntry, *, failures: int) -> bool:
        self._faults += 1
        if self._faults < FAULTS_MAX:
            return False
        log.error("reaction_given_up", type=entry.type, position=entry.position, failures=failures)
        self._faults = 0
        return True
