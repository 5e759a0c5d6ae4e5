"""One connection to the API, kept open from call to call: cheap enough to have hundreds of them in one test."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec

ANSWER_WITHIN_SECONDS: Final = 60.0
_decode: Final = msgspec.json.Decoder().decode
_encode: Final = msgspec.json.Encoder().encode


class AnswerLost(Exception):
    """The connection broke, or stayed silent, before the answer was complete: nobody knows what became of the call."""


class Answer(msgspec.Struct, frozen=True):
    """A whole answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as Python values."""
        return _decode(self.body)


class Connection:
    """A connection that opens itself when it is first used, and again after it was lost."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Return the answer to a read; raises `AnswerLost`."""
        return await self._call("GET", path, b"", {})

    async def post(self, path: str, body: object, *, key: str | None = None) -> Answer:
        """Return the answer to a call with a body, under an idempotency key if one is given; raises `AnswerLost`."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self._call("POST", path, _encode(body), headers)

    def close(self) -> None:
        """Close the connection without waiting for the other side."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _call(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{lines}Content-Length: {len(body)}\r\n\r\n"
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                return await self._exchange(head.encode() + body)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise AnswerLost(f"{method} {path}: {error!r}") from error

    async def _exchange(self, request: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status_line, *header_lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in header_lines[:-2]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers["content-length"]))
        return Answer(int(status_line.split(" ")[1]), headers, body)


@asynccontextmanager
async def connections(ports: Sequence[int], key: str, number: int) -> AsyncGenerator[list[Connection]]:
    """Lend so many connections, spread over the servers at these ports."""
    lent = [Connection(ports[index % len(ports)], key) for index in range(number)]
    try:
        yield lent
    finally:
        for connection in lent:
            connection.close()
