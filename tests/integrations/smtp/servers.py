"""A mail server in a thread of its own: with TLS or without, and with whatever answers a test asks for."""

import asyncio
import ssl
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Final

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from anyio.from_thread import start_blocking_portal

from aftercart.integrations.smtp.server_url import SmtpServer, Tls

HOST: Final = "localhost"
Answer = Callable[[int], str]
"""``answer(number)`` is what the server says at its nth mail, counted from 1."""


def taken(_number: int) -> str:
    """Takes every mail."""
    return "250 taken"


class Postbox:
    """Keeps mails with their envelopes, and counts connections."""

    def __init__(self, *, rcpt: Answer = taken, data: Answer = taken) -> None:
        self._rcpt = rcpt
        self._data = data
        self._recipients = 0
        self._tried = 0
        self.envelopes: list[Envelope] = []
        self.peers: set[Any] = set()

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self._recipients += 1
        self.peers.add(session.peer)
        answer = self._rcpt(self._recipients)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self._tried += 1
        answer = self._data(self._tried)
        if answer.startswith("250") or answer == "drop":
            self.envelopes.append(envelope)
        if answer == "drop":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer


def certificate_authority() -> trustme.CA:
    """Returns an authority that nobody trusts but a test."""
    return trustme.CA()


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """Returns a client's context that trusts this authority alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)  # pyright: ignore[reportUnknownMemberType]
    return context


@contextmanager
def mail_server(
    postbox: Postbox,
    tls: Tls,
    *,
    authority: trustme.CA | None = None,
    certified: str = HOST,
    password: str | None = None,
) -> Generator[SmtpServer]:
    """Runs a server that insists on its encryption, and on a login when there is a ``password``."""
    context = None
    if authority is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(certified).configure_cert(context)  # pyright: ignore[reportUnknownMemberType]

    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=login == LoginPassword(b"shop", (password or "").encode()), handled=False)

    def connection() -> SMTP:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")  # it does, from the first byte
            return new_connection()

    def new_connection() -> SMTP:
        return SMTP(
            postbox,
            hostname=HOST,
            tls_context=context if tls is Tls.STARTTLS else None,
            require_starttls=tls is Tls.STARTTLS,
            authenticator=check,
            auth_required=password is not None,
            auth_require_tls=tls is Tls.STARTTLS,
            loop=asyncio.get_running_loop(),
        )

    async def start() -> asyncio.Server:
        encrypted = context if tls is Tls.IMPLICIT else None
        return await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0, ssl=encrypted)

    # Its own loop: aiosmtpd's STARTTLS needs the one of asyncio, and a test's client should not share it.
    with start_blocking_portal("asyncio") as portal:
        server = portal.call(start)
        port = server.sockets[0].getsockname()[1]
        try:
            user = None if password is None else "shop"
            yield SmtpServer(host=HOST, port=port, tls=tls, user=user, password=password)
        finally:
            portal.call(server.close)
