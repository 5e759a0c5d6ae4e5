"""What notifications ask of the world outside: somebody who carries mail, and somebody who calls other systems."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from aftercart.shipping.ports import Carrier


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail ready to go. ``mail_id`` is the same at every attempt, so a mail that arrives twice is recognized."""

    mail_id: UUID
    recipient: str
    recipient_name: str
    subject: str
    text: str
    html: str
    language: str
    written_at: datetime


class MailDeferred(Exception):
    """The mail may not have arrived, and may be sent again later."""


class MailRejected(Exception):
    """The mail will never be taken."""


class Mailer(Protocol):
    """Carries mail to the customers."""

    async def send(self, mail: Mail) -> None:
        """Hands the mail over; raises ``MailDeferred`` or ``MailRejected``, which say why without naming anybody."""
        ...


class WebhookCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call to another system, signed with ``secret`` under the id ``call_id``, the same at every attempt."""

    call_id: UUID
    url: str
    secret: str
    body: bytes
    called_at: datetime


class WebhookUnanswered(Exception):
    """The other system gave no answer, or its address must not be called."""


class WebhookCaller(Protocol):
    """Calls other systems on the internet, and nothing in the shop's own network."""

    async def call(self, call: WebhookCall) -> int:
        """Makes the call and returns the status of its answer; raises ``WebhookUnanswered``."""
        ...


class Channels(msgspec.Struct, frozen=True, kw_only=True):
    """The ways out of this shop; without ``mailer`` no mail is planned, without ``carrier`` labels wait."""

    mailer: Mailer | None
    webhooks: WebhookCaller
    carrier: Carrier | None = None
