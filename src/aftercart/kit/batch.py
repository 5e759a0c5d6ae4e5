"""One batch of commands from lock to commit: the seven steps in the order that makes them safe.

    1 recall    outcomes of ids seen before answer at once; facts are read
    2 scout     keys that are only known from state are found by an unlocked read
    3 lock      one sorted statement per kind, in rank order, never a second time
    4 load      what the locks protect, in later statements: their snapshots are younger than the locks
    5 decide    one command after the other, each on its own overlay; a refusal or fault costs only its own command
    6 save      changed state, events and outcomes, one statement per table
    7 commit

A database fault leaves through ``run`` as the exception it was; the bus decides what to try again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog
from psycopg import AsyncCursor

from aftercart.kit.commands import (
    Answer,
    Context,
    Decision,
    Fault,
    IdempotencyKeyInFlight,
    IdempotencyKeyReused,
    Overloaded,
    Preview,
    QuoteChanged,
    Registry,
)
from aftercart.kit.database import Connection, Database, Row
from aftercart.kit.deciding import PUT_BACKS_MAX, Job, decide, quote
from aftercart.kit.event_log import LoggedEvent, append_statement
from aftercart.kit.outcomes import Outcome, find_outcomes_statement, save_outcomes_statement, try_lock_statement
from aftercart.kit.refusal import Refusal
from aftercart.kit.state import Change, Key, Kind, NeedsChanged, State, Statement

log = structlog.get_logger(__name__)
_encode: Final = msgspec.json.Encoder().encode


class Batch:
    """Runs jobs in one transaction. After ``run``: ``answers`` holds who is done, ``put_back`` and ``busy`` who not.

    ``waiting`` makes it wait for busy rows instead of passing their commands over (the side lane).
    """

    def __init__(self, registry: Registry, jobs: Sequence[Job], *, waiting: bool = False) -> None:
        self._registry = registry
        self._jobs = list(jobs)
        self._waiting = waiting
        self._base: dict[Key[Any], object] = {}
        self._loaded: dict[Key[Any], object] = {}
        self._events: list[LoggedEvent] = []
        self._outcomes: list[Outcome] = []
        self.answers: list[tuple[Job, Answer | Refusal | Fault]] = []
        self.put_back: list[Job] = []
        self.busy: list[tuple[Job, Key[Any]]] = []

    async def run(self, database: Database) -> None:
        """Carries the batch out and commits; raises the database's fault with nothing changed."""
        async with database.connection() as connection:
            await self._recall_and_read_facts(connection)
            await self._scout(connection)
            await self._lock_and_load(connection, locking=True)
            self._decide_all()
            await self._save_and_commit(connection)

    async def _recall_and_read_facts(self, connection: Connection) -> None:
        recalled = {job.context.command_id: job for job in self._jobs if job.context.recalled or job.attempts}
        facts = _by_kind(key for job in self._jobs for key in job.handler.facts(job.command))
        async with connection.pipeline():
            locked = found = None
            if recalled:
                locked = await _ask(connection, try_lock_statement(tuple(recalled)))
                found = await _ask(connection, find_outcomes_statement(tuple(recalled)))
            asked = [(kind, keys, await _ask(connection, kind.load(keys))) for kind, keys in self._kinds(facts)]
        # Read after the pipeline, everything has come in one wait: each wait lets all other work of the loop go first.
        if locked is not None and found is not None:
            self._answer_recalled(recalled, await locked.fetchall(), await found.fetchall())
        for kind, keys, cursor in asked:
            self._remember(kind, keys, await cursor.fetchall())

    def _answer_recalled(self, recalled: dict[UUID, Job], locked: list[Row], found: list[Row]) -> None:
        free = {row[0] for row in locked}
        outcomes = {row[0]: row for row in found}
        for command_id, job in recalled.items():
            outcome = outcomes.get(command_id)
            if outcome is not None:
                same = outcome[1] == job.context.fingerprint
                replay = Answer(result=outcome[2].encode(), replayed=True)
                self._settle(job, replay if same else IdempotencyKeyReused())
            elif command_id not in free:
                self._settle(job, IdempotencyKeyInFlight())

    async def _scout(self, connection: Connection) -> None:
        facts = State(self._base, moment=max((job.context.now for job in self._jobs), default=None))
        by_handler: dict[int, list[Job]] = defaultdict(list)
        for job in self._jobs:
            job.name(job.extra_keys)
            job.name(job.handler.needs(job.command, facts))
            if job.handler.scout is not None:
                by_handler[id(job.handler)].append(job)
        for jobs in by_handler.values():
            await self._scout_alike(connection, jobs, facts)

    async def _scout_alike(self, connection: Connection, jobs: list[Job], facts: State) -> None:
        scout = jobs[0].handler.scout
        assert scout is not None
        commands = [job.command for job in jobs]
        statement = scout.ask(commands, facts)
        rows: list[Row] = [] if statement is None else await (await _ask(connection, statement)).fetchall()
        for job, keys in zip(jobs, scout.read(commands, rows, facts), strict=True):
            job.name(keys)

    async def _lock_and_load(self, connection: Connection, *, locking: bool) -> None:
        facts = State(self._base)
        locked_keys = {key for job in self._jobs for key in job.keys}
        needed = _by_kind(locked_keys)
        reads = _by_kind(key for job in self._jobs for key in job.reads if key not in locked_keys)
        absent = _by_kind(
            key for job in self._jobs for key in (*job.handler.create(job.command, facts), *job.absent_keys)
        )
        skipped: set[Key[Any]] = set()
        async with connection.pipeline():
            asked: list[tuple[Kind, Sequence[Any], Any, Any]] = []
            for kind, keys in self._kinds(needed):
                lock = kind.lock_waiting if self._waiting and kind.lock_waiting else kind.lock
                if locking and kind.create and kind.key in absent:
                    await _ask(connection, kind.create(absent[kind.key]))
                locks = await _ask(connection, lock(keys)) if locking and lock else None
                asked.append((kind, keys, locks, None))
            asked.extend((kind, keys, None, None) for kind, keys in self._kinds(reads))
            # The loads come after every lock of every kind: each is a later statement, so its snapshot is fresh.
            asked = [(kind, keys, locks, await _ask(connection, kind.load(keys))) for kind, keys, locks, _ in asked]
        for kind, keys, locks, loads in asked:
            self._remember(kind, keys, await loads.fetchall())
            if locks is not None and kind.locked is not None:
                held = {kind.locked(row) for row in await locks.fetchall()}
                skipped.update(key for key in keys if key not in held and self._base[key] is not None)
        if skipped:
            self._pass_over(skipped)
        self._loaded = dict(self._base)

    def _pass_over(self, skipped: set[Key[Any]]) -> None:
        for job in self._jobs:
            busy = next((key for key in job.keys if key in skipped), None)
            if busy is not None:
                self.busy.append((job, busy))
        # What was loaded without its lock must not be decided on by anybody.
        for key in skipped:
            del self._base[key]
        passed = {id(job) for job, _ in self.busy}
        self._jobs = [job for job in self._jobs if id(job) not in passed]

    def _decide_all(self) -> None:
        for job in self._jobs:
            try:
                answer: Answer | Refusal | Fault = self._decide(job)
            except NeedsChanged as needs:
                job.extra_keys = job.extra_keys | needs.keys
                self.put_back.append(job)
                continue
            except Refusal as refusal:
                answer = refusal
            except Exception:
                log.exception("command_failed", command=type(job.command).__name__, id=str(job.context.command_id))
                answer = Fault(command_id=job.context.command_id)
            self.answers.append((job, answer))

    def _decide(self, job: Job) -> Answer:
        context = job.context
        decision, before, after, overlay = decide(self._registry, job, self._base)
        self._require_rows(job, overlay)
        if context.quote is not None:
            consequences, digest = quote(self._registry, decision, before=before, after=after)
            if digest != context.quote:
                raise QuoteChanged(quote=digest, consequences=consequences)
        events = tuple(self._logged(decision, context))
        result = _encode(decision.result)
        outcome = Outcome(
            command_id=context.command_id,
            fingerprint=context.fingerprint,
            result=msgspec.Raw(result),
            at=context.now,
        )
        overlay.keep()
        self._events.extend(events)
        self._outcomes.append(outcome)
        return Answer(result=result, before=before, after=after)

    def _require_rows(self, job: Job, overlay: State) -> None:
        """Puts a command back that changes a row nobody has made: what was not there could not be locked."""
        kinds, base = self._registry.kinds, self._base
        absent = [key for key in overlay.changed() if kinds[type(key)].create and key in base and base[key] is None]
        if absent:
            job.absent_keys |= frozenset(absent)
            raise NeedsChanged(absent)

    async def preview(self, connection: Connection) -> Preview:
        """Decides the batch's only job on one snapshot, without locks, and saves nothing."""
        (job,) = self._jobs
        await self._recall_and_read_facts(connection)
        await self._scout(connection)
        for _ in range(PUT_BACKS_MAX):
            await self._lock_and_load(connection, locking=False)
            try:
                decision, before, after, _ = decide(self._registry, job, self._base)
            except NeedsChanged as needs:
                job.keys |= needs.keys
                continue
            consequences, digest = quote(self._registry, decision, before=before, after=after)
            return Preview(before=before, after=after, consequences=consequences, quote=digest)
        raise Overloaded(retry_after_seconds=1, cause="the state this command needs keeps changing")

    def _logged(self, decision: Decision, context: Context) -> Iterable[LoggedEvent]:
        for seq, event in enumerate(decision.events, decision.version + 1):
            yield LoggedEvent(
                stream=decision.stream,
                seq=seq,
                type=type(event).__name__,
                data=msgspec.Raw(_encode(event)),
                actor=context.actor.name,
                cause=context.command_id,
                policy_version=decision.policy_version,
                at=context.now,
            )

    async def _save_and_commit(self, connection: Connection) -> None:
        changes: dict[type[Key[Any]], list[Change]] = defaultdict(list)
        for key, after in self._base.items():
            before = self._loaded.get(key)
            if after is not before:
                changes[type(key)].append(Change(key, before, after))
        async with connection.pipeline():
            for kind, changed in self._kinds(changes):
                if kind.save is not None:
                    for statement in kind.save(changed):
                        await _ask(connection, statement)
            if self._events:
                await _ask(connection, append_statement(self._events))
            if self._outcomes:
                await _ask(connection, save_outcomes_statement(self._outcomes))
            # Not `connection.commit()`: inside a pipeline that waits for an answer before all was sent, so it hangs
            # behind megabytes of parameters. The end of the pipeline sends everything first.
            await connection.execute("COMMIT", prepare=False)

    def _settle(self, job: Job, answer: Answer | Refusal) -> None:
        self.answers.append((job, answer))
        self._jobs.remove(job)

    def _remember(self, kind: Kind, keys: Iterable[Key[Any]], rows: list[Row]) -> None:
        base = self._base
        for key in keys:
            base.setdefault(key, None)
        base.update(kind.read(iter(rows)))

    def _kinds(self, grouped: dict[type[Key[Any]], Any]) -> list[tuple[Kind, Any]]:
        kinds = [(self._registry.kinds[key_type], keys) for key_type, keys in grouped.items()]
        return sorted(kinds, key=lambda pair: pair[0].rank or 0)


async def read_state(registry: Registry, connection: Connection, keys: Iterable[Key[Any]]) -> State:
    """Reads what is behind ``keys`` without locks, each kind by the statement that decisions are loaded with."""
    base: dict[Key[Any], object] = {}
    async with connection.pipeline():
        asked = [
            (registry.kinds[key_type], alike, await _ask(connection, registry.kinds[key_type].load(alike)))
            for key_type, alike in _by_kind(keys).items()
        ]
    for kind, alike, cursor in asked:
        base.update(dict.fromkeys(alike))
        base.update(kind.read(iter(await cursor.fetchall())))
    return State(base)


def _by_kind(keys: Iterable[Key[Any]]) -> dict[type[Key[Any]], list[Any]]:
    grouped: dict[type[Key[Any]], set[Any]] = defaultdict(set)
    for key in keys:
        grouped[type(key)].add(key)
    return {key_type: sorted(group) for key_type, group in grouped.items()}


async def _ask(connection: Connection, statement: Statement) -> AsyncCursor[Row]:
    return await connection.execute(statement.sql, statement.parameters)
