"""One connection of HTTP/1.1: requests of JSON in, answers of JSON out, and nothing that is too large or malformed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import h11
import msgspec

BODY_BYTES_MAX: Final = 1_000_000
_READ_BYTES: Final = 65_536


class Asked(msgspec.Struct, frozen=True):
    """A request."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes


class Answer(msgspec.Struct, frozen=True):
    """An answer, its body in JSON."""

    status: HTTPStatus
    body: bytes


class Aborted(Exception):
    """The connection is to break instead of an answer."""


async def serve_connection(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Callable[[Asked], Awaitable[Answer]]
) -> None:
    """Answers requests one after the other until the other side leaves or errs."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=_READ_BYTES)
    try:
        while (asked := await _read(connection, reader)) is not None:
            await _write(connection, writer, await answer(asked) if isinstance(asked, Asked) else asked)
            if (connection.our_state, connection.their_state) != (h11.DONE, h11.DONE):
                break
            connection.start_next_cycle()
    except h11.RemoteProtocolError as fault:
        if connection.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            await _write(connection, writer, _refused(HTTPStatus(fault.error_status_hint), str(fault)))
    except Aborted:
        writer.transport.abort()
    except ConnectionError:
        pass  # the other side did not wait for its answer
    finally:
        writer.close()


async def _read(connection: h11.Connection, reader: asyncio.StreamReader) -> Asked | Answer | None:
    """Returns the next request, an answer to one that is not taken, ``None`` when the other side has left."""
    request: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_READ_BYTES))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > BODY_BYTES_MAX:
                return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return _asked(request, bytes(body))
        else:
            return None


def _asked(request: h11.Request, body: bytes) -> Asked | Answer:
    kinds = {value for name, value in request.headers if name == b"content-type"}
    if body and kinds != {b"application/json"}:
        return _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "application/json is understood")
    parts = urlsplit(request.target.decode())
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Asked(method=request.method.decode(), path=parts.path, query=query, body=body)


async def _write(connection: h11.Connection, writer: asyncio.StreamWriter, answer: Answer) -> None:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(answer.body)))]
    reason = answer.status.phrase.encode()
    for event in (
        h11.Response(status_code=answer.status, headers=headers, reason=reason),
        h11.Data(data=answer.body),
        h11.EndOfMessage(),
    ):
        writer.write(connection.send(event) or b"")
    await writer.drain()


def _refused(status: HTTPStatus, error: str) -> Answer:
    return Answer(status, msgspec.json.encode({"error": error}))
