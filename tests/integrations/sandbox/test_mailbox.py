"""The demo's mail server is as strict as a real one, fails where it is asked to, and keeps what it took."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import aiosmtplib
import msgspec
import pytest
from tests.integrations.smtp.test_smtp_mailer import MAIL, SENDER, parsed
from tests.scenario import NOW

from aftercart.integrations.sandbox.mailbox.folder import MailFolder
from aftercart.integrations.sandbox.mailbox.server import BYTES_MAX, HOST, running_mail_server
from aftercart.integrations.smtp.mailer import SmtpMailer
from aftercart.integrations.smtp.server_url import SmtpServer, Tls
from aftercart.kit.clock import SimulatedClock
from aftercart.notifications.ports import Mail, MailDeferred, MailRejected

GOOD = b"From: a@b.example\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\nMessage-ID: <1@b.example>\r\n\r\nhello\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> MailFolder:
    return MailFolder(tmp_path / "mailbox", kept=5)


@pytest.fixture
async def port(folder: MailFolder) -> AsyncGenerator[int]:
    async with running_mail_server(folder, SimulatedClock(NOW)) as port:
        yield port


@pytest.fixture
async def mailer(port: int) -> AsyncGenerator[SmtpMailer]:
    async with SmtpMailer(SmtpServer(host=HOST, port=port, tls=Tls.NONE), SENDER) as mailer:
        yield mailer


@pytest.fixture
async def client(port: int) -> AsyncGenerator[aiosmtplib.SMTP]:
    async with aiosmtplib.SMTP(hostname=HOST, port=port, local_hostname="test.example") as client:
        yield client


def mail(recipient: str, number: int = 1) -> Mail:
    return msgspec.structs.replace(MAIL, recipient=recipient, mail_id=MAIL.mail_id.__class__(int=number))


async def test_a_mail_lands_in_the_folder_as_it_came(mailer: SmtpMailer, folder: MailFolder) -> None:
    await mailer.send(MAIL)
    (mail_id,) = folder.ids()
    content = folder.find(mail_id)
    assert content is not None
    assert parsed(content)["Subject"] == MAIL.subject


async def test_a_recipient_may_ask_to_be_refused_for_now(mailer: SmtpMailer, folder: MailFolder) -> None:
    for number in (1, 2):
        with pytest.raises(MailDeferred, match="451"):
            await mailer.send(mail("camille+defer@example.com", number))
        await mailer.send(mail("camille+defer@example.com", number))
    assert len(folder.ids()) == 2


async def test_a_recipient_may_ask_to_be_refused_for_good(mailer: SmtpMailer, folder: MailFolder) -> None:
    for _ in range(2):
        with pytest.raises(MailRejected, match="550"):
            await mailer.send(mail("camille+bounce@example.com"))
    assert folder.ids() == []


async def test_a_recipient_may_ask_for_a_broken_connection(mailer: SmtpMailer, folder: MailFolder) -> None:
    with pytest.raises(MailDeferred):
        await mailer.send(mail("camille+drop@example.com"))
    assert len(folder.ids()) == 1, "the mail was taken before the connection broke"
    await mailer.send(mail("camille+drop@example.com"))
    assert len(folder.ids()) == 1, "the same mail is shown once"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (GOOD.replace(b"From", b"Form"), "a message has one From"),
        (GOOD.replace(b"\r\n\r\n", b"\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\n"), "a message has one Date"),
        (GOOD.replace(b"Message-ID", b"Subject"), "a message has one Message-ID"),
        (GOOD.replace(b"a@b", "é@b".encode()), "headers are ASCII"),
        (GOOD.replace(b"hello", "héllo".encode()), "the body was declared to be ASCII"),
        (GOOD.replace(b"\r\n\r\nhello", b""), "an empty line ends the headers"),
    ],
    ids=["no sender", "two dates", "no id", "8-bit headers", "8-bit body", "no body"],
)
async def test_what_is_not_well_formed_is_refused(content: bytes, complaint: str, client: aiosmtplib.SMTP) -> None:
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await client.sendmail("a@b.example", ["c@d.example"], content)
    assert (refused.value.code, refused.value.message) == (554, f"5.6.0 {complaint}")


async def test_a_bare_line_feed_is_refused(port: int) -> None:
    # A client would put it right, so the message goes out by hand.
    reader, writer = await asyncio.open_connection(HOST, port)
    for line in (b"EHLO test.example", b"MAIL FROM:<a@b.example>", b"RCPT TO:<c@d.example>", b"DATA"):
        writer.write(line + b"\r\n")
    writer.write(GOOD.replace(b"hello", b"hello\nworld") + b".\r\nQUIT\r\n")
    answers = (await reader.read()).split(b"\r\n")
    assert b"554 5.6.0 a line ends in CR LF" in answers
    writer.close()


async def test_a_body_that_is_declared_to_be_8_bit_may_be(client: aiosmtplib.SMTP, folder: MailFolder) -> None:
    content = GOOD.replace(b"hello", "héllo".encode())
    await client.sendmail("a@b.example", ["c@d.example"], content, mail_options=["BODY=8BITMIME"])
    assert len(folder.ids()) == 1


@pytest.mark.parametrize(
    "address", ["nobody", "a@b", "a..b@c.example", "a@-.example.c", '"a b"@c.example', "a@c..example"]
)
async def test_what_is_no_address_is_refused(address: str, client: aiosmtplib.SMTP) -> None:
    await client.mail("a@b.example")
    answer = await client.execute_command(f"RCPT TO:<{address}>".encode())
    assert answer.code in {501, 553}


async def test_a_mail_that_is_too_large_is_refused(client: aiosmtplib.SMTP) -> None:
    with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
        await client.sendmail("a@b.example", ["c@d.example"], GOOD + b"x" * 70 * (BYTES_MAX // 70))
    assert refused.value.code == 552


async def test_a_command_nobody_knows_is_refused(client: aiosmtplib.SMTP) -> None:
    assert (await client.execute_command(b"HOLA")).code == 500


def test_the_newest_mails_are_kept(folder: MailFolder) -> None:
    for number in range(8):
        folder.keep(b"%d" % number, message_id=f"<{number}>", at=NOW + timedelta(seconds=number))
    assert [folder.find(mail_id) for mail_id in folder.ids()] == [b"7", b"6", b"5", b"4", b"3"]


def test_a_folder_without_mails_is_an_empty_one(folder: MailFolder) -> None:
    assert folder.ids() == []


@pytest.mark.parametrize("mail_id", ["", "..", "../secret", "20260302T090000000000-0123456789abcde", "a/b", "x\0y"])
def test_nothing_but_mails_is_found(mail_id: str, folder: MailFolder, tmp_path: Path) -> None:
    (tmp_path / "secret.eml").write_bytes(b"secret")
    folder.keep(b"mail", message_id="<1>", at=NOW)
    assert folder.find(mail_id) is None
