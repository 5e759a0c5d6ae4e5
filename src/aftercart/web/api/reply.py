"""A finished answer: status, headers and bytes, sent as they are."""

from typing import Any, Final

from litestar.types import Receive, Scope, Send

Header = tuple[bytes, bytes]

JSON: Final[Header] = (b"content-type", b"application/json")


class Reply:
    """An ASGI application that sends one answer; cheaper than Litestar's responses, which are built for every case."""

    __slots__ = ("body", "headers", "status")

    def __init__(
        self, status: int, body: bytes, *, headers: tuple[Header, ...] = (), content_type: Header = JSON
    ) -> None:
        self.status = status
        self.body = body
        self.headers: list[Header] = [content_type, (b"content-length", b"%d" % len(body)), *headers]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        """Sends the answer, to HEAD without its body."""
        bodiless = scope["type"] == "http" and scope["method"] == "HEAD"
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"" if bodiless else self.body, "more_body": False})

    def to_asgi_response(self, *_: Any, **__: Any) -> "Reply":
        """Returns itself, as Litestar asks of what its exception handlers return."""
        return self
