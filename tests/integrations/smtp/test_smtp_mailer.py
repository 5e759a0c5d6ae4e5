"""Mail goes out encrypted or not at all; what the server says decides what becomes of it."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from time import perf_counter
from typing import Any, cast
from uuid import UUID

import msgspec
import pytest
from tests.integrations.smtp.servers import Postbox, certificate_authority, mail_server, taken, trusting
from tests.scenario import NOW

from aftercart.integrations.smtp.mailer import CONNECTIONS_MAX, SmtpMailer
from aftercart.integrations.smtp.mime import Sender, message_bytes, sender_of
from aftercart.integrations.smtp.server_url import SmtpServer, Tls
from aftercart.notifications.ports import Mail, MailDeferred, MailRejected
from aftercart.settings import SettingRefused

SENDER = Sender(name="Maison Été", address="orders@shop.example")
MAIL = Mail(
    mail_id=UUID("01934a3e-0000-7000-8000-00000000000f"),
    recipient="zoe@bücher.example",
    recipient_name='Zoé "Zaza" Müller',
    subject="Votre commande K41VT-MWZW8 est confirmée — merci !",
    text="Bonjour,\n\n.une ligne qui commence par un point\n" + "très long " * 200 + "\n",
    html="<p>Bonjour</p>",
    language="fr",
    written_at=NOW,
)
RIGHT = "as the operator set it"
ENCRYPTED = pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT], ids=lambda tls: tls.value)


def parsed(content: bytes) -> "EmailMessage[Any, Any]":
    return message_from_bytes(content, policy=default)


async def send(server: SmtpServer, *mails: Mail, **options: Any) -> None:
    async with SmtpMailer(server, SENDER, **options) as mailer:
        for mail in mails or (MAIL,):
            await mailer.send(mail)


@ENCRYPTED
async def test_a_mail_arrives_whole_over_an_encrypted_connection(tls: Tls) -> None:
    authority, postbox = certificate_authority(), Postbox()
    with mail_server(postbox, tls, authority=authority, password=RIGHT) as server:
        await send(server, tls_context=trusting(authority))
    (envelope,) = postbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER.address, ["zoe@xn--bcher-kva.example"])
    content = cast("bytes", envelope.original_content)
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    message = parsed(content)
    assert message["Subject"] == MAIL.subject
    assert message["From"].addresses[0].display_name == SENDER.name
    assert message["To"].addresses[0].display_name == MAIL.recipient_name
    assert message["Message-ID"] == f"<{MAIL.mail_id}@shop.example>"
    assert message["Date"].datetime == NOW
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "fr")
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().strip() == MAIL.html


@ENCRYPTED
async def test_a_server_with_a_strange_certificate_gets_nothing(tls: Tls) -> None:
    postbox = Postbox()
    strange = certificate_authority()
    with mail_server(postbox, tls, authority=strange) as server, pytest.raises(MailDeferred, match="certificate"):
        await send(server, tls_context=trusting(certificate_authority()))
    assert postbox.envelopes == []


@ENCRYPTED
async def test_a_server_with_the_certificate_of_another_gets_nothing(tls: Tls) -> None:
    authority, postbox = certificate_authority(), Postbox()
    running = mail_server(postbox, tls, authority=authority, certified="other.example")
    with running as server, pytest.raises(MailDeferred, match="mismatch"):
        await send(server, tls_context=trusting(authority))
    assert postbox.envelopes == []


async def test_a_server_without_encryption_gets_nothing_where_encryption_is_asked_for() -> None:
    postbox = Postbox()
    with mail_server(postbox, Tls.NONE) as server, pytest.raises(MailDeferred, match="STARTTLS"):
        await send(msgspec.structs.replace(server, tls=Tls.STARTTLS))
    assert postbox.envelopes == []


async def test_a_wrong_login_is_for_the_operator_to_put_right_so_the_mail_waits() -> None:
    authority = certificate_authority()
    with mail_server(Postbox(), Tls.STARTTLS, authority=authority, password=RIGHT) as server:
        wrong = msgspec.structs.replace(server, password=RIGHT[::-1])
        with pytest.raises(MailDeferred, match=r"^535"):
            await send(wrong, tls_context=trusting(authority))


@pytest.mark.parametrize("stage", ["rcpt", "data"])
async def test_a_mail_that_is_refused_for_now_goes_out_at_the_next_attempt(stage: str) -> None:
    def later(number: int) -> str:
        return "451 4.7.1 zoe@xn--bcher-kva.example comes back later" if number == 1 else "250 taken"

    postbox = Postbox(rcpt=later if stage == "rcpt" else taken, data=later if stage == "data" else taken)
    with mail_server(postbox, Tls.NONE) as server:
        async with SmtpMailer(server, SENDER) as mailer:
            with pytest.raises(MailDeferred, match=r"^451 4.7.1 \(address\) comes back later$"):
                await mailer.send(MAIL)
            await mailer.send(MAIL)
    assert len(postbox.envelopes) == 1


@pytest.mark.parametrize("stage", ["rcpt", "data"])
async def test_a_mail_that_is_refused_for_good_is_rejected(stage: str) -> None:
    def nobody(_number: int) -> str:
        return "550 5.1.1 <zoe@xn--bcher-kva.example>: nobody"

    postbox = Postbox(rcpt=nobody if stage == "rcpt" else taken, data=nobody if stage == "data" else taken)
    with mail_server(postbox, Tls.NONE) as server, pytest.raises(MailRejected) as rejected:
        await send(server)
    assert str(rejected.value) == "550 5.1.1 <(address)>: nobody", "deliveries keep no personal data"


async def test_a_connection_that_breaks_after_the_mail_was_taken_means_the_same_mail_again() -> None:
    postbox = Postbox(data=lambda number: "drop" if number == 1 else "250 taken")
    with mail_server(postbox, Tls.NONE) as server:
        async with SmtpMailer(server, SENDER) as mailer:
            with pytest.raises(MailDeferred):
                await mailer.send(MAIL)
            await mailer.send(MAIL)
    ids = [parsed(cast("bytes", envelope.original_content))["Message-ID"] for envelope in postbox.envelopes]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_nobody_listening_means_later() -> None:
    with mail_server(Postbox(), Tls.NONE) as server:
        pass
    with pytest.raises(MailDeferred):
        await send(server)


async def test_an_address_that_no_server_can_be_told_is_rejected_without_asking_one() -> None:
    nowhere = SmtpServer(host="localhost", port=1, tls=Tls.NONE)
    for recipient in ("zoé@shop.example", "a@" + "x" * 70 + ".example"):
        with pytest.raises(MailRejected):
            await send(nowhere, msgspec.structs.replace(MAIL, recipient=recipient))


async def test_a_burst_shares_a_few_connections() -> None:
    postbox = Postbox()
    with mail_server(postbox, Tls.NONE) as server:
        async with SmtpMailer(server, SENDER) as mailer:
            started = perf_counter()
            await asyncio.gather(*(mailer.send(MAIL) for _ in range(200)))
            took = perf_counter() - started
    assert len(postbox.envelopes) == 200
    assert len(postbox.peers) <= CONNECTIONS_MAX
    print(f"{200 / took:.0f} mails a second over loopback")


async def test_a_server_that_takes_few_mails_a_connection_is_asked_over_another_one() -> None:
    class Impatient(Postbox):
        async def handle_MAIL(  # noqa: N802
            self, _server: Any, session: Any, envelope: Any, address: str, options: list[str]
        ) -> str:
            if session.peer in self.peers:
                return "421 4.7.0 that is enough for one connection"
            envelope.mail_from = address
            envelope.mail_options.extend(options)
            return "250 ok"

    postbox = Impatient()
    with mail_server(postbox, Tls.NONE) as server:
        await send(server, MAIL, MAIL, MAIL)
    assert (len(postbox.envelopes), len(postbox.peers)) == (3, 3)


def test_a_name_with_a_line_break_starts_no_header_of_its_own() -> None:
    mail = msgspec.structs.replace(MAIL, recipient_name="Zoé\r\nBcc: everybody@shop.example")
    message = parsed(message_bytes(mail, SENDER))
    assert "Bcc" not in message
    assert message["To"].addresses[0].addr_spec == "zoe@xn--bcher-kva.example"


def test_the_sender_is_a_name_and_an_address() -> None:
    assert sender_of("Maison Été <orders@shop.example>") == SENDER
    assert sender_of("orders@bücher.example") == Sender(name="bücher.example", address="orders@xn--bcher-kva.example")


@pytest.mark.parametrize("text", ["", "Maison", "a@b@c", "a <b", "Shop <é@shop.example>", "a@b.c, d@e.f"])
def test_a_sender_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingRefused, match="AFTERCART_MAIL_FROM"):
        sender_of(text)
