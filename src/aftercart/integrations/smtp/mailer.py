"""Sending mail by SMTP: over a few connections that a burst of mails shares."""

import asyncio
import re
import ssl
from collections import deque
from types import TracebackType
from typing import Final, Self

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from aftercart.integrations.smtp.mime import Sender, ascii_address, message_bytes
from aftercart.integrations.smtp.server_url import SmtpServer, Tls
from aftercart.notifications.ports import Mail, MailDeferred, MailRejected

CONNECTIONS_MAX: Final = 4
COMMAND_SECONDS_MAX: Final = 30.0
SEND_SECONDS_MAX: Final = 60.0
IDLE_SECONDS_MAX: Final = 3.0
"""A connection is kept for the next mail of a burst; no server closes one so soon."""
_SERVICE_NOT_AVAILABLE: Final = 421
_TOO_LARGE: Final = 552
_ADDRESS: Final = re.compile(r"[^\s<>:]+@[^\s<>:,;]+")
_REASON_CHARACTERS_MAX: Final = 300


class SmtpMailer:
    """Hands mails to one server; open it with ``async with``.

    What the server says of a mail or its recipient decides: 4xx is deferred, 5xx rejected. What it says of us (the
    login, the sender, the encryption) is for the operator to put right, so the mail waits.
    """

    def __init__(self, server: SmtpServer, sender: Sender, *, tls_context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._sender = sender
        self._tls_context = tls_context or ssl.create_default_context()
        self._slots = asyncio.Semaphore(CONNECTIONS_MAX)
        self._idle: deque[tuple[SMTP, float]] = deque()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            self._idle.pop()[0].close()

    async def send(self, mail: Mail) -> None:
        """Hands the mail over; raises ``MailDeferred`` or ``MailRejected``."""
        content = message_bytes(mail, self._sender)
        recipient = ascii_address(mail.recipient)
        async with self._slots:
            try:
                async with asyncio.timeout(SEND_SECONDS_MAX):
                    await self._send(recipient, content)
            except (SMTPException, OSError, TimeoutError) as error:
                raise _refusal_of(error) from error

    async def _send(self, recipient: str, content: bytes) -> None:
        client = self._take_idle()
        if client is not None:
            try:
                await self._hand_over(client, recipient, content)
            except SMTPSenderRefused as error:
                # Some servers take so many mails a connection; nothing of this one was sent yet.
                if error.code != _SERVICE_NOT_AVAILABLE:
                    raise
            else:
                return
        client = await self._connect()
        await self._hand_over(client, recipient, content)

    async def _hand_over(self, client: SMTP, recipient: str, content: bytes) -> None:
        try:
            await client.sendmail(self._sender.address, [recipient], content)
        except BaseException:
            client.close()
            raise
        self._idle.append((client, asyncio.get_running_loop().time()))

    def _take_idle(self) -> SMTP | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            client, since = self._idle.pop()
            if client.is_connected and now - since < IDLE_SECONDS_MAX:
                return client
            client.close()
        return None

    async def _connect(self) -> SMTP:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            local_hostname=self._sender.domain,
            timeout=COMMAND_SECONDS_MAX,
            use_tls=server.tls is Tls.IMPLICIT,
            start_tls=server.tls is Tls.STARTTLS,
            tls_context=self._tls_context,
        )
        await client.connect()
        return client


def _refusal_of(error: Exception) -> MailDeferred | MailRejected:
    """Returns what a failure means for the mail."""
    if isinstance(error, SMTPRecipientsRefused):
        refused = error.recipients[0]
        return _answered(refused.code, refused.message)
    if isinstance(error, SMTPDataError) or (isinstance(error, SMTPSenderRefused) and error.code == _TOO_LARGE):
        return _answered(error.code, error.message)
    if isinstance(error, SMTPResponseException):
        return MailDeferred(_nameless(f"{error.code} {error.message}"))
    return MailDeferred(_nameless(f"{type(error).__name__}: {error}"))


def _answered(code: int, message: str) -> MailDeferred | MailRejected:
    text = _nameless(f"{code} {message}")
    return MailRejected(text) if code >= 500 else MailDeferred(text)


def _nameless(text: str) -> str:
    """Returns what a server said without the addresses it may repeat: deliveries keep no personal data."""
    return _ADDRESS.sub("(address)", " ".join(text.split()))[:_REASON_CHARACTERS_MAX]
