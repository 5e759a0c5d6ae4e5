"""Playing the past: deliveries, orders and edits go through the bus in the order of their time, and none of them twice.

Between two of them time passes: what falls due is done first, and what follows from anything is done right behind it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Self, TypeAlias
from uuid import UUID

import msgspec

from aftercart.catalog.decisions.upsert_variants import UpsertVariants, VariantDefinition
from aftercart.importing.deliveries import plan_announcements, plan_deliveries
from aftercart.importing.edit_answers import EditAnswer, answer_to
from aftercart.importing.edits import PlannedEdit
from aftercart.importing.model import Invoice
from aftercart.importing.notebook import Notebook, Refused
from aftercart.importing.orders import CHANNELS, METHODS, locations, order_of
from aftercart.importing.passing_time import PassingTime, find_last_receipt
from aftercart.importing.persistence import submit_patiently
from aftercart.importing.progress import Progress, document_id, find_progress
from aftercart.importing.retail_file import RetailFile
from aftercart.importing.still_loops import StillLoops
from aftercart.inventory.decisions.receive_stock import ReceiveStock
from aftercart.inventory.decisions.upsert_supply import UpsertSupply
from aftercart.kit.clock import SimulatedClock
from aftercart.kit.commands import Actor, IdempotencyKeyInFlight, Overloaded
from aftercart.kit.outcomes import fingerprint_of
from aftercart.kit.refusal import Refusal
from aftercart.orders.decisions.set_policy import SetPolicy
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop

IMPORTER: Final = Actor(name="import online-retail", role="integrator")
TOGETHER: Final = timedelta(hours=1)
"""Orders placed in the same hour are under way together, unless a deadline that is known falls among them."""
AFTERWARDS: Final = timedelta(days=8)
"""So long time passes after the last order: trucks leave, and what was not paid for in a week is canceled."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_IN_FLIGHT_MAX: Final = 400
_VARIANTS_A_CALL: Final = 2_000
_LAST_ANSWERS_SECONDS: Final = 5.0


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt, or an announcement of one, by the id under which it happens once."""

    command_id: UUID
    command: ReceiveStock | UpsertSupply


Step: TypeAlias = tuple[Document, ...] | Invoice | PlannedEdit
OnLines = Callable[[int], None]
"""``on_lines(count)`` hears that so many more lines of the file are done with."""


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How the past is played: until when time passes at most, under which policy, and with which edits.

    Orders of one span of ``together`` are under way at once.
    """

    until: datetime
    policy: SetPolicy | None = None
    edits: tuple[PlannedEdit, ...] = ()
    together: timedelta = TOGETHER


async def carry_out(
    shop: Shop, clock: SimulatedClock, retail: RetailFile, *, course: Course, on_lines: OnLines
) -> Progress:
    """Imports a file into a shop that runs under ``clock``; what an earlier run did is counted, not done again.

    Edits are asked for the orders that this run places. Raises ``AnotherImportRuns``, ``Overloaded`` or ``Fault``;
    whatever ends it, it may be started again.
    """
    documents = _documents(retail.invoices)
    async with StillLoops(shop.database) as loops:
        if documents:
            await _open_shop(shop, retail.variants, course.policy, now=documents[0][0] - timedelta(hours=1))
        ids = [document.command_id for _, together in documents for document in together]
        progress = await find_progress(shop.database, retail.invoices, ids)
        time = PassingTime(shop, reacted_to=await find_last_receipt(shop.database, importer=IMPORTER.name))
        steps = _steps(retail.invoices, documents, course.edits)
        async with _Past(shop, progress, time, on_lines=on_lines) as past:
            await time.react()
            place = 0
            while place < len(steps):
                await loops.renew()
                place += await _play(past, time, clock, steps[place : place + _IN_FLIGHT_MAX], together=course.together)
            progress.played_until = _end(steps, course)
            await time.pass_until(progress.played_until)
        progress.refused_commands = time.refused
    return progress


async def _play(
    past: "_Past",
    time: PassingTime,
    clock: SimulatedClock,
    steps: Sequence[tuple[datetime, Step]],
    *,
    together: timedelta,
) -> int:
    """Plays the first of these steps, or the orders that go together; returns how many steps that were."""
    at, step = steps[0]
    if past.is_over(step):
        return 1
    next_due = await time.pass_until(at)
    clock.advance_to(at)
    match step:
        case Invoice():
            orders = _together(steps, together, next_due)
            await past.replay_orders(orders)
            return len(orders)
        case PlannedEdit():
            await past.replay_edit(step)
        case _:
            await past.replay_documents(step, at)
    return 1


def _end(steps: Sequence[tuple[datetime, Step]], course: Course) -> datetime:
    """Returns until when time passes: some days after the last step, but never beyond the present."""
    ends_at = steps[-1][0] + AFTERWARDS if steps else course.until
    return min(ends_at, course.until)


async def _open_shop(
    shop: Shop, variants: tuple[VariantDefinition, ...], policy: SetPolicy | None, *, now: datetime
) -> None:
    """Makes the catalog, the warehouses and the channels, or brings them to what the file says."""
    await shop.submit(locations(), IMPORTER, now=now)
    await shop.submit(CHANNELS, IMPORTER, now=now)
    await shop.submit(METHODS, IMPORTER, now=now)
    if policy is not None:
        await shop.submit(policy, SYSTEM, now=now)
    for start in range(0, len(variants), _VARIANTS_A_CALL):
        await shop.submit(UpsertVariants(variants=variants[start : start + _VARIANTS_A_CALL]), IMPORTER, now=now)


def _documents(invoices: Sequence[Invoice]) -> list[tuple[datetime, tuple[Document, ...]]]:
    """Returns what arrives, and what is announced, in the order of time; what comes at one time is together."""
    by_time: defaultdict[datetime, list[ReceiveStock | UpsertSupply]] = defaultdict(list)
    for delivery in plan_deliveries(invoices):
        by_time[delivery.arrives_at].append(delivery.receipt)
    for announcement in plan_announcements(invoices):
        by_time[announcement.at].append(announcement.supply)
    return [
        (at, tuple(Document(command_id=document_id(IMPORTER.name, one), command=one) for one in commands))
        for at, commands in sorted(by_time.items(), key=lambda one: one[0])
    ]


def _steps(
    invoices: Iterable[Invoice],
    documents: Iterable[tuple[datetime, tuple[Document, ...]]],
    edits: Iterable[PlannedEdit],
) -> list[tuple[datetime, Step]]:
    """Returns documents, orders and edits in the order of their time; goods arrive before people order."""
    steps: list[tuple[datetime, Step]] = [
        *documents,
        *((invoice.invoiced_at, invoice) for invoice in invoices),
        *((edit.at, edit) for edit in edits),
    ]
    return sorted(steps, key=lambda step: step[0])


def _together(steps: Sequence[tuple[datetime, Step]], together: timedelta, next_due: datetime | None) -> list[Invoice]:
    """Returns the orders at the beginning of ``steps`` that may be under way at once.

    An order does not look at what its neighbors' release changes, so those that fall due among them are released right
    behind them, at their own time. All else that is known to come ends the group.
    """
    began = _span(steps[0][0], together)
    orders: list[Invoice] = []
    for at, step in steps:
        due_before = next_due is not None and next_due <= at
        if not isinstance(step, Invoice) or due_before or (orders and _span(at, together) != began):
            break
        orders.append(step)
    return orders


def _span(at: datetime, together: timedelta) -> int:
    """Returns the number of the span that a moment is in. Trucks leave between two of them, on the hour."""
    return (at - _EPOCH) // together


class _Past:
    """Replays one step after the other; only orders are under way together."""

    def __init__(self, shop: Shop, progress: Progress, time: PassingTime, *, on_lines: OnLines) -> None:
        self._shop = shop
        self._progress = progress
        self._time = time
        self._on_lines = on_lines
        self._notebook = Notebook(shop.database)
        self._under_way: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, failure: object, *_others: object) -> None:
        if failure is not None and self._under_way:
            # What is under way may commit all the same, so its answers are still wanted: refusals above all.
            _, late = await asyncio.wait(self._under_way, timeout=_LAST_ANSWERS_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._notebook.write_down()

    def is_over(self, step: Step) -> bool:
        """Tells whether a step is done already, or has nothing to be done to; orders of earlier runs are counted."""
        progress = self._progress
        match step:
            case Invoice():
                known = progress.knows(step)
                if known:
                    self._on_lines(len(step.lines))
                return known
            case PlannedEdit():
                return step.number not in progress.order_ids
            case _:
                return all(document.command_id in progress.documents for document in step)

    async def replay_documents(self, documents: tuple[Document, ...], at: datetime) -> None:
        """Unloads what arrives together and gives it to the orders that wait for it; notes what is announced."""
        await self._notebook.write_down()
        for document in documents:
            if document.command_id not in self._progress.documents:
                await submit_patiently(self._shop, document.command, IMPORTER, now=at, command_id=document.command_id)
        await self._time.react()

    async def replay_orders(self, invoices: Iterable[Invoice]) -> None:
        """Places the orders an earlier run does not know of, in their order."""
        self._under_way = [
            asyncio.create_task(self._place(invoice)) for invoice in invoices if not self.is_over(invoice)
        ]
        for task in self._under_way:
            await task
        self._under_way = []

    async def replay_edit(self, edit: PlannedEdit) -> None:
        """Asks for the edit as the order's customer, and notes the answer."""
        order_id = self._progress.order_ids[edit.number]
        customer = Actor(name="customer", role="customer", order_id=order_id)
        answer: EditAnswer
        try:
            given = await submit_patiently(self._shop, edit.of_order(order_id), customer, now=edit.at)
        except (Overloaded, IdempotencyKeyInFlight):
            raise
        except Refusal as refusal:
            answer = EditAnswer(edit=edit, refusal=refusal.code)
        else:
            answer = answer_to(edit, given)
            await self._time.react()
        self._progress.edit_answers.append(answer)

    async def _place(self, invoice: Invoice) -> None:
        command = order_of(invoice)
        refused: Refused | None = None
        try:
            # The order's reference is the invoice's number, unique for ever: no key is needed, and keys are forgotten.
            answer = await submit_patiently(self._shop, command, IMPORTER, now=invoice.invoiced_at)
        except (Overloaded, IdempotencyKeyInFlight):
            raise
        except Refusal as refusal:
            refused = self._notebook.note(refusal, reference=invoice.number, fingerprint=fingerprint_of(command))
        else:
            self._progress.note_order(invoice, answer)
        self._progress.note_answer(invoice, refused)
        self._on_lines(len(invoice.lines))
