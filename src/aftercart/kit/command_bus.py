"""The command bus: whatever commands are waiting are carried out together, and each caller gets its own answer.

Commands wait in two lanes and leave in batches; a batch that meets a fault of the database is halved until the
command at fault is alone; a command whose order is busy waits for it in a side lane, so that nobody else has to.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Coroutine, Iterable
from typing import Any, Final, Self
from uuid import UUID

import psycopg
import structlog
from psycopg.errors import (
    DeadlockDetected,
    LockNotAvailable,
    ProgramLimitExceeded,
    QueryCanceled,
    SerializationFailure,
    StatementTooComplex,
    UniqueViolation,
)

from aftercart.kit.batch import Batch, read_state
from aftercart.kit.breaker import Breaker
from aftercart.kit.commands import (
    Answer,
    Command,
    Context,
    Fault,
    IdempotencyKeyInFlight,
    IdempotencyKeyReused,
    Lane,
    Overloaded,
    Preview,
    Registry,
)
from aftercart.kit.database import Database
from aftercart.kit.deciding import PUT_BACKS_MAX, Job
from aftercart.kit.ending import end
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Key, State

log = structlog.get_logger(__name__)

BATCH_COMMANDS_MAX: Final = 256
BATCH_LINES_MAX: Final = 2_000
BACKGROUND_SHARE: Final = 4
"""Background work takes at most one part in this many of a batch, in commands and in lines."""
OVERLAP_COMMANDS_MIN: Final = BATCH_COMMANDS_MAX
"""A second batch begins while one is under way only when it would be full: a smaller one costs nearly as much."""
QUEUE_MAX: Final = 8_192
SIDE_LANES_MAX: Final = 6
"""So many busy keys are waited for at once: each wait holds a connection, and the pool must keep some for the rest."""
ATTEMPTS_MAX: Final = 4
RETRY_PAUSE_SECONDS: Final = 0.25
END_SECONDS_MAX: Final = 2.0

Waiter = asyncio.Future[Answer]


class CommandBus:
    """Carries out commands against one database. Several buses, in several processes, may share that database.

    Up to ``concurrency`` batches are under way at once: while one waits for the disk, the next is decided.
    """

    def __init__(self, registry: Registry, database: Database, *, concurrency: int = 2) -> None:
        self._registry = registry
        self._database = database
        self._concurrency = concurrency
        self._lanes: dict[Lane, deque[Job]] = {lane: deque() for lane in Lane}
        self._waiters: dict[Job, Waiter] = {}
        self._in_flight: set[UUID] = set()
        self._side: dict[Key[Any], list[Job]] = defaultdict(list)
        self._side_lanes = asyncio.Semaphore(SIDE_LANES_MAX)
        self._tasks: set[asyncio.Task[None]] = set()
        self._breaker = Breaker()
        self._more = asyncio.Event()
        self._under_way = 0
        self.batches = 0
        self.commands = 0

    async def __aenter__(self) -> Self:
        for number in range(self._concurrency):
            self._spawn(self._work(), name=f"bus-{number}")
        return self

    async def __aexit__(self, *_: object) -> None:
        await end(tuple(self._tasks), within_seconds=END_SECONDS_MAX)
        for waiter in self._waiters.values():
            waiter.cancel()

    async def submit(self, command: Command, context: Context) -> Answer:
        """Carries the command out and returns its answer once it is committed.

        Raises the decision's ``Refusal``; ``Overloaded`` when too much is waiting or the database is away;
        ``Fault`` when the command failed for a reason of ours. In all three cases nothing was changed, except that
        a connection lost during the commit leaves the outcome open: the same ``command_id`` may be submitted again.
        """
        self._breaker.check(type(command))
        if len(self._waiters) >= QUEUE_MAX:
            raise Overloaded(retry_after_seconds=1, cause="the queue is full")
        if context.command_id in self._in_flight:
            raise IdempotencyKeyInFlight
        job = Job(command, context, self._registry.handlers[type(command)])
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self._in_flight.add(context.command_id)
        self._waiters[job] = waiter
        self._lanes[context.lane].append(job)
        self._more.set()
        # A caller that goes away does not undo its command: the batch may be committing at this moment.
        return await asyncio.shield(waiter)

    async def preview(self, command: Command, context: Context) -> Preview:
        """Decides the command on a snapshot and changes nothing; raises what ``submit`` would raise now."""
        job = Job(command, context, self._registry.handlers[type(command)])
        async with self._database.snapshot() as connection:
            return await Batch(self._registry, (job,)).preview(connection)

    async def read(self, keys: Iterable[Key[Any]]) -> State:
        """Reads what decisions would see behind ``keys`` now, of one moment and without locks."""
        async with self._database.snapshot() as connection:
            return await read_state(self._registry, connection, keys)

    def waiting(self) -> int:
        """Returns how many commands have no answer yet."""
        return len(self._waiters)

    async def _work(self) -> None:
        while True:
            if self._is_worth_a_batch():
                self._under_way += 1
                try:
                    await self._carry_out(self._take())
                finally:
                    self._under_way -= 1
                    self._more.set()
            else:
                self._more.clear()
                await self._more.wait()

    def _is_worth_a_batch(self) -> bool:
        waiting = sum(len(lane) for lane in self._lanes.values())
        return waiting >= (OVERLAP_COMMANDS_MIN if self._under_way else 1)

    def _take(self) -> list[Job]:
        jobs: list[Job] = []
        lines = self._take_from(Lane.INTERACTIVE, jobs, commands=BATCH_COMMANDS_MAX, lines=BATCH_LINES_MAX)
        commands = min(BATCH_COMMANDS_MAX // BACKGROUND_SHARE, BATCH_COMMANDS_MAX - len(jobs))
        self._take_from(Lane.BACKGROUND, jobs, commands=commands, lines=min(BATCH_LINES_MAX // BACKGROUND_SHARE, lines))
        return jobs

    def _take_from(self, lane: Lane, jobs: list[Job], *, commands: int, lines: int) -> int:
        """Moves what fits to ``jobs`` and returns how many lines still fit; one too large for any batch goes alone."""
        waiting = self._lanes[lane]
        while waiting and commands > 0:
            weight = waiting[0].handler.weight(waiting[0].command)
            if weight > lines and jobs:
                break
            jobs.append(waiting.popleft())
            commands -= 1
            lines -= weight
        return lines

    async def _carry_out(self, jobs: list[Job], *, waiting: bool = False, again: bool = True) -> None:
        batch = Batch(self._registry, jobs, waiting=waiting)
        try:
            await batch.run(self._database)
        except (DeadlockDetected, LockNotAvailable, SerializationFailure):
            log.warning("batch_collided", commands=len(jobs))
            await (self._carry_out(jobs, waiting=waiting, again=False) if again else self._halve(jobs, waiting=waiting))
        except (QueryCanceled, ProgramLimitExceeded, StatementTooComplex) as error:
            # Operational errors by class, but the connection lives and one command is to blame.
            await self._isolate(jobs, error, waiting=waiting)
        except psycopg.OperationalError as error:
            await self._reconnect(jobs, error, waiting=waiting)
        except Exception as error:  # noqa: BLE001 - isolated, logged and answered, never swallowed
            await self._isolate(jobs, error, waiting=waiting)
        else:
            self.batches += 1
            self.commands += len(batch.answers)
            await self._hand_out(batch)

    async def _hand_out(self, batch: Batch) -> None:
        for job, answer in batch.answers:
            self._settle(job, answer)
        for job, key in batch.busy:
            self._queue_aside(job, key)
        for job in batch.put_back:
            job.put_backs += 1
            if job.put_backs > PUT_BACKS_MAX:
                self._settle(job, Overloaded(retry_after_seconds=1, cause="the state it needs keeps changing"))
            else:
                await self._carry_out([job])

    async def _halve(self, jobs: list[Job], *, waiting: bool) -> None:
        if len(jobs) == 1:
            self._settle(jobs[0], Overloaded(retry_after_seconds=1, cause="the rows it needs are busy"))
            return
        middle = len(jobs) // 2
        await self._carry_out(jobs[:middle], waiting=waiting)
        await self._carry_out(jobs[middle:], waiting=waiting)

    async def _isolate(self, jobs: list[Job], error: Exception, *, waiting: bool) -> None:
        if len(jobs) > 1:
            await self._halve(jobs, waiting=waiting)
            return
        job = jobs[0]
        job.attempts += 1
        # Its own outcome row may be there already (a commit whose answer was lost), or its order number was taken.
        if isinstance(error, UniqueViolation) and job.attempts < ATTEMPTS_MAX:
            await self._carry_out(jobs, waiting=waiting)
            return
        if isinstance(error, UniqueViolation) and job.context.recalled:
            # Its outcome is forgotten by now, but what it made is there and still bears its id.
            self._settle(job, IdempotencyKeyReused())
            return
        log.error(
            "command_failed",
            command=type(job.command).__name__,
            id=str(job.context.command_id),
            exc_info=(type(error), error, error.__traceback__),
        )
        self._settle(job, Fault(command_id=job.context.command_id))

    async def _reconnect(self, jobs: list[Job], error: psycopg.OperationalError, *, waiting: bool) -> None:
        """Tries again after a lost connection; outcomes are looked up first, as the commit may have happened."""
        log.warning("database_lost", commands=len(jobs), error=str(error).strip())
        for job in jobs:
            job.attempts += 1
        lost = [job for job in jobs if job.attempts >= ATTEMPTS_MAX]
        for job in lost:
            self._settle(job, Overloaded(retry_after_seconds=2, cause="the database is away"))
        rest = [job for job in jobs if job.attempts < ATTEMPTS_MAX]
        if rest:
            await asyncio.sleep(RETRY_PAUSE_SECONDS)
            await self._database.forget_broken_connections()
            await self._carry_out(rest, waiting=waiting)

    def _queue_aside(self, job: Job, key: Key[Any]) -> None:
        idle = key not in self._side
        self._side[key].append(job)
        if idle:
            self._spawn(self._work_aside(key), name="bus-side-lane")

    async def _work_aside(self, key: Key[Any]) -> None:
        async with self._side_lanes:
            while jobs := self._side.pop(key, []):
                self._side[key] = []
                await self._carry_out(jobs, waiting=True)
                if not self._side[key]:
                    del self._side[key]

    def _settle(self, job: Job, answer: Answer | Refusal | Fault) -> None:
        self._in_flight.discard(job.context.command_id)
        self._breaker.record(type(job.command), failed=isinstance(answer, Fault))
        waiter = self._waiters.pop(job)
        if waiter.done():
            return
        if isinstance(answer, Answer):
            waiter.set_result(answer)
        else:
            waiter.set_exception(answer)

    def _spawn(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
