"""The ways out of a shop as its settings choose them, open while it runs."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from aftercart.integrations.sandbox.carrier.client import SandboxCarrier
from aftercart.integrations.sandbox.carrier.server import HOST as CARRIER_HOST
from aftercart.integrations.sandbox.carrier.server import running_carrier
from aftercart.integrations.sandbox.mailbox.folder import MailFolder
from aftercart.integrations.sandbox.mailbox.server import HOST, running_mail_server
from aftercart.integrations.smtp.mailer import SmtpMailer
from aftercart.integrations.smtp.mime import sender_of
from aftercart.integrations.smtp.server_url import SmtpServer, Tls, smtp_server
from aftercart.integrations.webhooks.caller import HttpWebhookCaller
from aftercart.kit.clock import Clock
from aftercart.notifications.ports import Channels
from aftercart.settings import Settings
from aftercart.shipping.ports import Carrier


@asynccontextmanager
async def open_channels(
    settings: Settings, clock: Clock, *, mailbox: MailFolder | None, carrier_dir: Path | None = None
) -> AsyncGenerator[Channels]:
    """Opens the channels: mail goes to the server of ``smtp_url``, else into ``mailbox``, else nowhere.

    With ``carrier_dir`` a carrier of this machine takes parcels, which keeps its journal there.

    Raises ``SettingRefused`` for a setting that names no server or no sender.
    """
    async with AsyncExitStack() as opened:
        server = await _mail_server(settings, clock, mailbox=mailbox, opened=opened)
        caller = HttpWebhookCaller(private_allowed=settings.webhook_private_addresses)
        webhooks = await opened.enter_async_context(caller)
        carrier = None if carrier_dir is None else await _carrier(carrier_dir, clock, opened)
        mailer = None
        if server is not None:
            mailer = await opened.enter_async_context(SmtpMailer(server, sender_of(settings.mail_from)))
        yield Channels(mailer=mailer, webhooks=webhooks, carrier=carrier)


async def _carrier(folder: Path, clock: Clock, opened: AsyncExitStack) -> Carrier:
    port = await opened.enter_async_context(running_carrier(folder, clock))
    return await opened.enter_async_context(SandboxCarrier(f"http://{CARRIER_HOST}:{port}"))


async def _mail_server(
    settings: Settings, clock: Clock, *, mailbox: MailFolder | None, opened: AsyncExitStack
) -> SmtpServer | None:
    if settings.smtp_url is not None:
        return smtp_server(settings.smtp_url)
    if mailbox is None:
        return None
    port = await opened.enter_async_context(running_mail_server(mailbox, clock))
    return SmtpServer(host=HOST, port=port, tls=Tls.NONE)
