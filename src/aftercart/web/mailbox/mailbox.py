"""Where the mails of a demo shop lie, and what of them is shown."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Protocol

import msgspec


class Mailbox(Protocol):
    """Holds mails as they came."""

    def ids(self) -> list[str]:
        """Returns the ids of all mails, the newest first."""
        ...

    def find(self, mail_id: str) -> bytes | None:
        """Returns a mail as it came, ``None`` when there is none of this id."""
        ...


class ShownMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail for reading; ``headers`` are all of them, decoded, ``raw`` is the mail as it came."""

    mail_id: str
    sender: str
    recipient: str
    subject: str
    sent_at: datetime
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    raw: str


def read_mail(mail_id: str, content: bytes) -> ShownMail:
    """Returns a mail for reading; what it lacks is empty."""
    message = message_from_bytes(content, policy=SMTP)
    assert isinstance(message, EmailMessage)
    sent_at = getattr(message["Date"], "datetime", None) or datetime(1970, 1, 1, tzinfo=UTC)
    return ShownMail(
        mail_id=mail_id,
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=sent_at.astimezone(UTC),
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        raw=content.decode("utf-8", "replace"),
    )


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return "" if part is None else str(part.get_content())
