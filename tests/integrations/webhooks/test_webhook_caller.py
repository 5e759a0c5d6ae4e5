"""A call goes signed to the address that was checked, to nobody else, and waits for nobody too long."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import httpx
import msgspec
import pytest
import trustme
from standardwebhooks import Webhook, WebhookVerificationError
from tests.integrations.smtp.servers import certificate_authority, trusting

from aftercart.access.rules.derived_secrets import webhook_secret
from aftercart.integrations.webhooks import caller as caller_module
from aftercart.integrations.webhooks.addresses import Resolve
from aftercart.integrations.webhooks.caller import ANSWER_BYTES_MAX, HttpWebhookCaller
from aftercart.kit.clock import SystemClock
from aftercart.notifications.ports import WebhookCall, WebhookUnanswered

HERE, TRAP = "127.0.0.1", "127.0.0.2"
HOST = "hooks.example"
ID = UUID("01934a3e-0000-7000-8000-00000000000f")
SECRET = webhook_secret(b"a server's secret", ID)


class Heard(msgspec.Struct):
    """What a server heard."""

    head: str
    body: bytes
    server_name: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        lines = (line.partition(": ") for line in self.head.split("\r\n")[1:] if line)
        return {name.lower(): value for name, _, value in lines}


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def no_content(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")


@asynccontextmanager
async def server(
    *, address: str = HERE, port: int = 0, tls: ssl.SSLContext | None = None, serve: Serve = no_content
) -> AsyncGenerator[tuple[int, list[Heard]]]:
    """Runs a server of HTTP that keeps what it hears; yields its port and that list."""
    heard: list[Heard] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        one = Heard(head=head, body=b"")
        one.body = await reader.readexactly(int(one.headers["content-length"]))
        heard.append(one)
        await serve(reader, writer)
        writer.close()

    running = await asyncio.start_server(answer, address, port, ssl=tls)
    async with running:
        yield running.sockets[0].getsockname()[1], heard


def leading_to(*addresses: str) -> Resolve:
    """Resolves every name to these addresses."""

    async def resolve(_host: str, _port: int) -> list[str]:
        return list(addresses)

    return resolve


def call(url: str) -> WebhookCall:
    body = '{"type":"OrderPlaced","data":{"name":"Zoé"}}'.encode()
    return WebhookCall(call_id=ID, url=url, secret=SECRET, body=body, called_at=SystemClock().now())


async def test_the_signature_is_what_the_specification_says() -> None:
    async with server() as (port, heard), HttpWebhookCaller(private_allowed=True) as caller:
        assert await caller.call(call(f"http://localhost:{port}/hooks?a=1")) == 204
    (one,) = heard
    assert one.head.startswith("POST /hooks?a=1 HTTP/1.1\r\n")
    assert one.headers["host"] == f"localhost:{port}"
    assert one.headers["webhook-id"] == str(ID)
    assert Webhook(SECRET).verify(one.body, one.headers)["data"] == {"name": "Zoé"}
    with pytest.raises(WebhookVerificationError):
        Webhook(webhook_secret(b"another", ID)).verify(one.body, one.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(one.body + b" ", one.headers)


async def test_an_encrypted_call_asks_for_the_name_and_goes_to_the_address() -> None:
    authority, context = certificate_authority(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    asked: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    certify(authority, HOST, context)
    async with (
        server(tls=context) as (port, heard),
        HttpWebhookCaller(
            private_allowed=False,
            resolve=leading_to(HERE),
            may_call=lambda address: address == HERE,
            tls_context=trusting(authority),
        ) as caller,
    ):
        assert await caller.call(call(f"https://{HOST}:{port}/")) == 204
    assert (asked, [one.headers["host"] for one in heard]) == ([HOST], [f"{HOST}:{port}"])


async def test_the_certificate_of_another_is_not_talked_to() -> None:
    authority, context = certificate_authority(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certify(authority, "other.example", context)
    async with (
        server(tls=context) as (port, heard),
        HttpWebhookCaller(
            private_allowed=False,
            resolve=leading_to(HERE),
            may_call=lambda _: True,
            tls_context=trusting(authority),
        ) as caller,
    ):
        with pytest.raises(WebhookUnanswered, match="certificate"):
            await caller.call(call(f"https://{HOST}:{port}/"))
    assert heard == []


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("::ffff:127.0.0.1",), ()])
async def test_a_name_that_leads_into_the_shops_own_network_is_not_called(addresses: tuple[str, ...]) -> None:
    async with HttpWebhookCaller(private_allowed=False, resolve=leading_to(*addresses)) as caller:
        with pytest.raises(WebhookUnanswered, match="address"):
            await caller.call(call("https://hooks.example/"))


@pytest.mark.parametrize("url", ["https://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://2130706433/"])
async def test_an_address_of_this_machine_is_not_called_however_it_is_written(url: str) -> None:
    async with HttpWebhookCaller(private_allowed=False) as caller:
        with pytest.raises(WebhookUnanswered, match="not on the internet"):
            await caller.call(call(url))


async def test_nothing_is_sent_in_the_clear() -> None:
    async with server() as (port, heard), HttpWebhookCaller(private_allowed=False, may_call=lambda _: True) as caller:
        with pytest.raises(WebhookUnanswered, match="only https"):
            await caller.call(call(f"http://localhost:{port}/"))
    assert heard == []


def rebinding() -> tuple[Resolve, list[str]]:
    """A name that leads to a good address when it is checked, and to a bad one a moment later."""
    asked: list[str] = []

    async def resolve(_host: str, _port: int) -> list[str]:
        asked.append(TRAP if asked else HERE)
        return [asked[-1]]

    return resolve, asked


async def where_a_call_goes(caller_type: type[HttpWebhookCaller]) -> tuple[int, int]:
    """Returns how many calls reached the address that was checked, and how many the trap."""
    authority, context = certificate_authority(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certify(authority, HOST, context)
    resolve, _ = rebinding()
    async with (
        server(tls=context) as (port, here),
        server(address=TRAP, port=port, tls=context) as (_, trapped),
        caller_type(
            private_allowed=False,
            resolve=resolve,
            may_call=lambda address: address == HERE,
            tls_context=trusting(authority),
        ) as caller,
    ):
        await caller.call(call(f"https://{HOST}:{port}/"))
    return len(here), len(trapped)


async def test_a_name_that_leads_elsewhere_a_moment_later_leads_nowhere() -> None:
    assert await where_a_call_goes(HttpWebhookCaller) == (1, 0)


class TrustingCaller(HttpWebhookCaller):
    """The control: checks the name, then lets it be resolved again for the connection."""

    async def _checked_address(self, host: str, port: int) -> str:
        await super()._checked_address(host, port)
        return (await self._resolve(host, port))[0]


async def test_control_resolving_a_second_time_walks_into_the_trap() -> None:
    assert await where_a_call_goes(TrustingCaller) == (0, 1)


@pytest.mark.parametrize("status", [200, 201, 302, 404, 410, 500, 503])
async def test_every_answer_is_told_as_it_is_and_no_redirect_followed(status: int) -> None:
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 %d X\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nok" % status)

    async with server(serve=answer) as (port, heard), HttpWebhookCaller(private_allowed=True) as caller:
        assert await caller.call(call(f"http://localhost:{port}/")) == status
    assert len(heard) == 1


async def test_an_answer_without_end_is_not_waited_for() -> None:
    async def pour(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            try:
                await writer.drain()
            except ConnectionError:
                return

    async with server(serve=pour) as (port, _), HttpWebhookCaller(private_allowed=True) as caller:
        assert await caller.call(call(f"http://localhost:{port}/")) == 200
    assert ANSWER_BYTES_MAX < 100_000


async def test_an_answer_that_never_comes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def say_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    monkeypatch.setattr(caller_module, "CALL_SECONDS_MAX", timedelta(milliseconds=200).total_seconds())
    async with server(serve=say_nothing) as (port, _), HttpWebhookCaller(private_allowed=True) as caller:
        with pytest.raises(WebhookUnanswered, match="Timeout"):
            await caller.call(call(f"http://localhost:{port}/"))


@pytest.mark.parametrize("url", ["http://localhost:1/", "http://nowhere.invalid/", "http://localhost:1\x7f/"])
async def test_what_cannot_be_reached_is_unanswered(url: str) -> None:
    async with HttpWebhookCaller(private_allowed=True) as caller:
        with pytest.raises(WebhookUnanswered):
            await caller.call(call(url))


async def test_a_proxy_of_the_environment_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with server() as (proxy, seen), server() as (port, heard):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        async with HttpWebhookCaller(private_allowed=True) as caller:
            await caller.call(call(f"http://localhost:{port}/"))
    assert (len(seen), len(heard)) == (0, 1)
    assert httpx.__version__


def certify(authority: trustme.CA, name: str, context: ssl.SSLContext) -> None:
    authority.issue_cert(name).configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
