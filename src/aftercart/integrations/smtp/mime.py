"""A mail as the bytes that travel: headers in ASCII, the text beside the HTML."""

from email.errors import HeaderParseError, MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

import msgspec

from aftercart.notifications.ports import Mail, MailRejected
from aftercart.settings import SettingRefused

_POLICY: Final = SMTP.clone(cte_type="7bit")


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Whom mail comes from: the shop's name and its address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """Returns the domain of the address, in ASCII."""
        return self.address.rpartition("@")[2]


def sender_of(text: str) -> Sender:
    """Returns the sender in ``Shop <orders@shop.example>``; raises ``SettingRefused`` for what is none."""
    message = EmailMessage(policy=_POLICY)
    try:
        message["From"] = text
        (found,) = message["From"].addresses
        if message["From"].defects or not found.username or not found.domain:
            raise ValueError("defective")  # noqa: TRY301 - told below, with all that it may be
        return Sender(name=found.display_name or found.domain, address=ascii_address(found.addr_spec))
    except (ValueError, MessageError, IndexError, MailRejected) as error:
        raise SettingRefused(f"AFTERCART_MAIL_FROM is {text!r}: expected Shop <orders@shop.example>") from error


def ascii_address(address: str) -> str:
    """Returns an address as every server takes it, its domain in punycode; raises ``MailRejected`` for others."""
    local, _, domain = address.rpartition("@")
    try:
        encoded = domain.encode("idna").decode("ascii")
        return Address(username=local.encode("ascii").decode(), domain=encoded).addr_spec
    except (UnicodeError, ValueError, HeaderParseError) as error:
        raise MailRejected("the address cannot be written in ASCII") from error


def message_bytes(mail: Mail, sender: Sender) -> bytes:
    """Returns the whole message; raises ``MailRejected`` for an address that no header can hold."""
    recipient = ascii_address(mail.recipient)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = Address(" ".join(mail.recipient_name.split()), addr_spec=recipient)
    message["Subject"] = mail.subject
    message["Date"] = mail.written_at
    # Made from the delivery: a mail that was sent twice, because an answer was lost, is seen to be the same.
    message["Message-ID"] = f"<{mail.mail_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", charset="utf-8", cte="quoted-printable")
    # Last: the parts take the headers about content that are there when they are made.
    message["Content-Language"] = mail.language
    return message.as_bytes()
