"""A carrier's server for this machine: as strict as a real one, and as moody where its recipients ask for it.

``POST /labels`` buys, ``GET /labels?key=`` finds, ``POST /voids`` gives back, ``POST /handovers`` announces parcels and
``GET /events?after=`` tells what became of them. What recipients may ask for is in ``marks.py``.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from aftercart.integrations.sandbox.carrier.connection import Aborted, Answer, Asked, serve_connection
from aftercart.integrations.sandbox.carrier.desk import Call, Desk
from aftercart.integrations.sandbox.carrier.journal import Journal
from aftercart.integrations.sandbox.carrier.labels import label_of
from aftercart.integrations.sandbox.carrier.marks import Mark
from aftercart.kit.clock import Clock
from aftercart.shipping.ports import LabelRefusedByCarrier, LabelRequest, ParcelHandedOver, UnknownParcel

HOST: Final = "127.0.0.1"
SLOW_SECONDS: Final = 60.0
"""How late an answer is when the recipient asks for it: later than anybody waits."""
_CURSOR: Final = re.compile("[0-9]{1,15}")


class VoidRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key of a label that is given back."""

    key: Annotated[str, Meta(min_length=1, max_length=200)]


class HandoverRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parcels of one handover."""

    tracking_numbers: Annotated[tuple[str, ...], Meta(min_length=1, max_length=10_000)]


@asynccontextmanager
async def running_carrier(folder: Path, clock: Clock, *, slow_seconds: float = SLOW_SECONDS) -> AsyncGenerator[int]:
    """Runs the server, whose journal is in ``folder``, and yields the port it listens on, on this machine only.

    Raises ``JournalInUse``.
    """
    with Journal(folder) as journal:
        counter = _Counter(Desk(journal, clock), slow_seconds)
        connections: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            connections.add(task)
            task.add_done_callback(connections.discard)
            await serve_connection(reader, writer, counter.answer)

        server = await asyncio.start_server(connected, HOST, 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for task in connections:
                task.cancel()
            await asyncio.gather(*connections, return_exceptions=True)


class _Counter:
    """Where requests come in: turns them into calls of the desk, and what the desk says into answers."""

    def __init__(self, desk: Desk, slow_seconds: float) -> None:
        self._desk = desk
        self._slow_seconds = slow_seconds

    async def answer(self, asked: Asked) -> Answer:
        """Returns the answer to a request; raises ``Aborted`` when the connection is to break instead."""
        try:
            return await self._route(asked)
        except msgspec.DecodeError as fault:
            return _answer(HTTPStatus.BAD_REQUEST, error=str(fault))
        except LabelRefusedByCarrier as refused:
            return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, param=refused.param, reason=refused.reason)
        except UnknownParcel as unknown:
            return _answer(HTTPStatus.NOT_FOUND, error="unknown_parcel", tracking_number=str(unknown))
        except ParcelHandedOver:
            return _answer(HTTPStatus.CONFLICT, error="handed_over")

    async def _route(self, asked: Asked) -> Answer:
        match asked.method, asked.path:
            case "POST", "/labels":
                return await self._buy(msgspec.json.decode(asked.body, type=LabelRequest))
            case "GET", "/labels":
                return await self._find(asked.query.get("key", ""))
            case "POST", "/voids":
                return await self._void(msgspec.json.decode(asked.body, type=VoidRequest).key)
            case "POST", "/handovers":
                self._desk.hand_over(msgspec.json.decode(asked.body, type=HandoverRequest).tracking_numbers)
                return _answer(HTTPStatus.OK)
            case "GET", "/events":
                return self._events(asked.query.get("after", ""))
            case _:
                return _answer(HTTPStatus.NOT_FOUND, error="no_such_page")

    async def _buy(self, request: LabelRequest) -> Answer:
        if self._desk.fails_once(request):
            return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, error="as you asked")
        bought = self._desk.buy(request)
        label = await asyncio.to_thread(label_of, bought)
        return await self._faulty("buy", request.key, Answer(HTTPStatus.OK, msgspec.json.encode(label)))

    async def _find(self, key: str) -> Answer:
        bought = self._desk.find(key)
        if bought is None:
            return _answer(HTTPStatus.NOT_FOUND, error="unknown_label")
        return Answer(HTTPStatus.OK, msgspec.json.encode(await asyncio.to_thread(label_of, bought)))

    async def _void(self, key: str) -> Answer:
        if self._desk.takes_fault(Mark.FAIL_ONCE, "void", key):
            return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, error="as you asked")
        self._desk.void(key)
        return await self._faulty("void", key, _answer(HTTPStatus.OK))

    async def _faulty(self, call: Call, key: str, answer: Answer) -> Answer:
        """Returns the answer to what has happened, or what the recipient asked for instead."""
        if self._desk.takes_fault(Mark.DROP, call, key):
            raise Aborted
        if self._desk.takes_fault(Mark.GARBLE, call, key):
            return Answer(HTTPStatus.OK, answer.body[: len(answer.body) // 2])
        if self._desk.takes_fault(Mark.SLOW, call, key):
            await asyncio.sleep(self._slow_seconds)
        return answer

    def _events(self, after: str) -> Answer:
        if after and not _CURSOR.fullmatch(after):
            return _answer(HTTPStatus.BAD_REQUEST, error="after is not what you were told")
        events, seen = self._desk.events(int(after or "0"))
        return _answer(HTTPStatus.OK, events=events, after=str(seen))


def _answer(status: HTTPStatus, **content: object) -> Answer:
    return Answer(status, msgspec.json.encode(content))
