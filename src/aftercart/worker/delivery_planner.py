"""The planner: reads the feed behind its cursor and plans who is told of what, cursor and plan in one commit."""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from aftercart.kit.leases import release_lease, take_lease
from aftercart.kit.sequencer import is_behind, lock_cursor, move_locked_cursor
from aftercart.notifications.audience import Audience, events_for
from aftercart.notifications.planning import plan_deliveries
from aftercart.shop import Shop

CONSUMER: Final = "notifications"
READ_MAX: Final = 2_000


class DeliveryPlanner:
    """Plans deliveries while it holds their lease.

    The lease only spares others the work: the lock on the cursor is what lets one planner at a time through. Without
    ``mail_types`` nobody sends mail, so none is planned: what happens meanwhile is not told later either.
    """

    def __init__(self, shop: Shop, *, mail_types: Sequence[str] = events_for(Audience.CUSTOMER)) -> None:
        self._shop = shop
        self._mail_types = mail_types
        self._holder = uuid4()

    async def turn(self) -> int:
        """Plans what is new in the feed and returns how many events were read; 0 without the lease."""
        database = self._shop.database
        if await take_lease(database, name=CONSUMER, holder=self._holder) is None:
            return 0
        # Most turns find nothing new: they only look, as a lock on the cursor would cost a commit.
        if not await is_behind(database, CONSUMER):
            return 0
        async with database.connection() as connection:
            after, end = await lock_cursor(connection, CONSUMER)
            upto = min(end, after + READ_MAX)
            now = self._shop.clock.now()
            await plan_deliveries(connection, after=after, upto=upto, now=now, mail_types=self._mail_types)
            await move_locked_cursor(connection, consumer=CONSUMER, offset=upto)
        return upto - after

    async def release(self) -> None:
        """Lets another worker take over at once."""
        await release_lease(self._shop.database, name=CONSUMER, holder=self._holder)
