"""A mail server for this machine: as strict as a real one, and as moody where its recipients ask for it.

Recipients choose a fault by a tag: ``camille+defer@example.com`` is refused for now at the first attempt of each mail,
``+bounce`` is refused for good, and for ``+drop`` the connection breaks after the mail was taken, before the answer.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import SMTP as SMTP_POLICY
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from aftercart.integrations.sandbox.mailbox.folder import MailFolder
from aftercart.kit.clock import Clock

HOST: Final = "127.0.0.1"
BYTES_MAX: Final = 1_000_000
SEEN_MAX: Final = 10_000
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_REQUIRED_HEADERS: Final = ("From", "Date", "Message-ID")

_TAKEN: Final = "250 2.0.0 taken"


@asynccontextmanager
async def running_mail_server(folder: MailFolder, clock: Clock) -> AsyncGenerator[int]:
    """Runs the server and yields the port it listens on, on this machine only."""
    loop = asyncio.get_running_loop()
    postbox = _Postbox(folder, clock)
    server = await loop.create_server(lambda: _connection(postbox, loop), HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def _connection(postbox: "_Postbox", loop: asyncio.AbstractEventLoop) -> SMTP:
    return SMTP(postbox, data_size_limit=BYTES_MAX, hostname="mailbox.localhost", ident="mailbox", loop=loop)


class _Postbox:
    """What the server does with recipients and mails; the names of its methods are those aiosmtpd calls."""

    def __init__(self, folder: MailFolder, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._seen: set[tuple[str, str]] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Takes a recipient whose address can be one."""
        if not _ADDRESS.fullmatch(address) or ".." in address:
            return "553 5.1.3 this is no address"
        if _tag(address) == "bounce":
            return "550 5.1.1 nobody has this address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Takes a mail that is well-formed, unless one of its recipients asks for a fault."""
        content = envelope.original_content or b""
        complaint = _complaint(content, envelope.mail_options)
        if complaint is not None:
            return f"554 5.6.0 {complaint}"
        message_id = str(message_from_bytes(content, policy=SMTP_POLICY)["Message-ID"])
        faults = {_tag(address) for address in envelope.rcpt_tos}
        if "defer" in faults and self._is_new("defer", message_id):
            return "451 4.7.1 come back later"
        self._folder.keep(content, message_id=message_id, at=self._clock.now())
        if "drop" in faults and self._is_new("drop", message_id):
            # The way in which aiosmtpd ends a connection without another word.
            raise asyncio.CancelledError
        return _TAKEN

    def _is_new(self, fault: str, message_id: str) -> bool:
        if len(self._seen) >= SEEN_MAX:
            self._seen.clear()
        new = (fault, message_id) not in self._seen
        self._seen.add((fault, message_id))
        return new


def _tag(address: str) -> str:
    return address.rpartition("@")[0].partition("+")[2]


def _complaint(content: bytes, options: list[str]) -> str | None:
    """Returns what is wrong with a message, if anything is."""
    head, blank, body = content.partition(b"\r\n\r\n")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", content):
        return "a line ends in CR LF"
    if not head.isascii():
        return "headers are ASCII"
    if not blank:
        return "an empty line ends the headers"
    if not body.isascii() and "BODY=8BITMIME" not in {option.upper() for option in options}:
        return "the body was declared to be ASCII"
    message = message_from_bytes(content, policy=SMTP_POLICY)
    for name in _REQUIRED_HEADERS:
        if len(message.get_all(name, [])) != 1:
            return f"a message has one {name}"
    return None
