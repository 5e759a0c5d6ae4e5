"""Playing the past: deliveries and orders go through the bus in the order of their time, and none of them twice."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, Self
from uuid import UUID

from aftercart.catalog.decisions.upsert_variants import UpsertVariants, VariantDefinition
from aftercart.importing.deliveries import Delivery, plan_deliveries
from aftercart.importing.model import Invoice
from aftercart.importing.notebook import Notebook, Refused
from aftercart.importing.orders import CHANNELS, METHODS, locations, order_of
from aftercart.importing.progress import Progress, delivery_id, find_progress
from aftercart.importing.retail_file import RetailFile
from aftercart.importing.still_loops import StillLoops
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Actor, Command, IdempotencyKeyInFlight, Overloaded
from aftercart.kit.outcomes import fingerprint_of
from aftercart.kit.refusal import Refusal
from aftercart.permissions import SYSTEM
from aftercart.reactions import serve_waiting
from aftercart.shop import Shop

IMPORTER: Final = Actor(name="import online-retail", role="integrator")
IN_FLIGHT_MAX: Final = 400
"""How many orders are under way at once: enough that the bus always finds a full batch waiting."""
_VARIANTS_A_CALL: Final = 2_000
_RESERVATIONS_AT_ONCE: Final = 256
_PATIENCE: Final = 5
_PAUSE_SECONDS: Final = 1.0
_LAST_ANSWERS_SECONDS: Final = 5.0

Step = tuple[Delivery, ...] | Invoice
OnLines = Callable[[int], None]
"""``on_lines(count)`` hears that so many more lines of the file are done with."""


async def carry_out(shop: Shop, clock: SimulatedClock, retail: RetailFile, *, on_lines: OnLines) -> Progress:
    """Imports a file into a shop that runs under ``clock``; what an earlier run did is counted, not done again.

    Raises ``AnotherImportRuns``, ``Overloaded`` or ``Fault``; whatever ends it, it may be started again.
    """
    deliveries = plan_deliveries(retail.invoices)
    async with StillLoops(shop.database) as loops:
        await _open_shop(shop, retail.variants, deliveries)
        ids = [delivery_id(IMPORTER.name, delivery) for delivery in deliveries]
        progress = await find_progress(shop.database, retail.invoices, ids)
        async with _Past(shop, progress, on_lines=on_lines) as past:
            for at, step in _steps(retail.invoices, deliveries):
                await loops.renew()
                clock.advance_to(at)
                await (past.replay_order(step) if isinstance(step, Invoice) else past.replay_deliveries(step))
    return progress


async def _open_shop(shop: Shop, variants: tuple[VariantDefinition, ...], deliveries: Sequence[Delivery]) -> None:
    """Makes the catalog, the warehouses and the channels, or brings them to what the file says."""
    if not deliveries:
        return
    now = deliveries[0].arrives_at - timedelta(hours=1)
    await shop.submit(locations(), IMPORTER, now=now)
    await shop.submit(CHANNELS, IMPORTER, now=now)
    await shop.submit(METHODS, IMPORTER, now=now)
    for start in range(0, len(variants), _VARIANTS_A_CALL):
        await shop.submit(UpsertVariants(variants=variants[start : start + _VARIANTS_A_CALL]), IMPORTER, now=now)


def _steps(invoices: Iterable[Invoice], deliveries: Iterable[Delivery]) -> Iterable[tuple[datetime, Step]]:
    """Returns orders and Mondays' deliveries in the order of their time; goods arrive before people order."""
    arrivals = [(at, tuple(group)) for at, group in groupby(deliveries, key=lambda delivery: delivery.arrives_at)]
    steps: list[tuple[datetime, Step]] = [*arrivals, *((invoice.invoiced_at, invoice) for invoice in invoices)]
    return sorted(steps, key=lambda step: step[0])


class _Past:
    """Replays one step after the other. Orders are under way together; a delivery waits for those before it."""

    def __init__(self, shop: Shop, progress: Progress, *, on_lines: OnLines) -> None:
        self._shop = shop
        self._progress = progress
        self._on_lines = on_lines
        self._notebook = Notebook(shop.database)
        self._arrived: tuple[Delivery, ...] = ()
        self._under_way: deque[asyncio.Task[None]] = deque()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, failure: object, *_others: object) -> None:
        if failure is None:
            await self._settle(leaving=0)
            await self._serve_waiting()
        elif self._under_way:
            # What is under way may commit all the same, so its answers are still wanted: refusals above all.
            _, late = await asyncio.wait(self._under_way, timeout=_LAST_ANSWERS_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._notebook.write_down()

    async def replay_deliveries(self, deliveries: tuple[Delivery, ...]) -> None:
        """Unloads what arrives together, once all orders before it are answered."""
        await self._settle(leaving=0)
        await self._notebook.write_down()
        unloaded = self._progress.unloaded
        missing = [delivery for delivery in deliveries if delivery_id(IMPORTER.name, delivery) not in unloaded]
        if missing:
            await self._serve_waiting()
        await asyncio.gather(*(self._unload(delivery) for delivery in missing))
        self._arrived = deliveries

    async def replay_order(self, invoice: Invoice) -> None:
        """Places the order, or counts it when an earlier run knows of it; returns before the answer is there."""
        if self._progress.knows(invoice):
            self._on_lines(len(invoice.lines))
            return
        await self._serve_waiting()
        await self._settle(leaving=IN_FLIGHT_MAX - 1)
        self._under_way.append(asyncio.create_task(self._place(invoice)))

    async def _settle(self, *, leaving: int) -> None:
        while len(self._under_way) > leaving:
            await self._under_way.popleft()

    async def _place(self, invoice: Invoice) -> None:
        command = order_of(invoice)
        refused: Refused | None = None
        try:
            # The order's reference is the invoice's number, unique for ever: no key is needed, and keys are forgotten.
            await self._submit(command, IMPORTER, now=invoice.invoiced_at)
        except (Overloaded, IdempotencyKeyInFlight):
            raise
        except Refusal as refusal:
            refused = self._notebook.note(refusal, reference=invoice.number, fingerprint=fingerprint_of(command))
        self._progress.note_answer(invoice, refused)
        self._on_lines(len(invoice.lines))

    async def _unload(self, delivery: Delivery) -> None:
        command_id = delivery_id(IMPORTER.name, delivery)
        await self._submit(delivery.receipt, IMPORTER, now=delivery.arrives_at, command_id=command_id)

    async def _serve_waiting(self) -> None:
        """Gives what arrived last to the orders that wait for it, the oldest promise first.

        This is the shop's own reaction to a receipt, run here because it has to act at the time of the past.
        """
        if not self._arrived:
            return
        now = self._arrived[0].arrives_at
        skus = {line.sku for delivery in self._arrived for line in delivery.receipt.lines}
        commands = await serve_waiting(self._shop.database, skus)
        for start in range(0, len(commands), _RESERVATIONS_AT_ONCE):
            chunk = commands[start : start + _RESERVATIONS_AT_ONCE]
            await asyncio.gather(*(self._reserve(command, now) for command in chunk))
        self._arrived = ()

    async def _reserve(self, command: Command, now: datetime) -> None:
        try:
            await self._submit(command, SYSTEM, now=now)
        except (Overloaded, IdempotencyKeyInFlight):
            raise
        except Refusal as refusal:
            # Somebody changed the order meanwhile, in the shop that runs beside the import.
            self._progress.reservations_refused[refusal.code] += 1

    async def _submit(self, command: Command, actor: Actor, *, now: datetime, command_id: UUID | None = None) -> None:
        """Submits, and tries again for a while when the database is away or an earlier run is still committing."""
        for _ in range(_PATIENCE):
            try:
                await self._shop.submit(command, actor, command_id=command_id, now=now)
            except (Overloaded, IdempotencyKeyInFlight):
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return
        await self._shop.submit(command, actor, command_id=command_id, now=now)
