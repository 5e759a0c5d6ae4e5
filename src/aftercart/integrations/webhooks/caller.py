"""Calling other systems: signed, in little time, at the address that was checked, and nowhere else."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Final, Self
from urllib.parse import urlsplit

import httpx
from standardwebhooks import Webhook

from aftercart import __version__
from aftercart.integrations.webhooks.addresses import Resolve, resolve
from aftercart.notifications.ports import WebhookCall, WebhookUnanswered
from aftercart.notifications.rules.public_address import is_public

CALL_SECONDS_MAX: Final = 15.0
"""Whoever needs longer should take the call first and work on it afterwards, as the specification asks."""
ANSWER_BYTES_MAX: Final = 16_384
"""Of an answer only the status counts; what is longer than this is not waited for."""
_PORTS: Final = {"http": 80, "https": 443}


class HttpWebhookCaller:
    """Makes calls by HTTP; open it with ``async with``.

    The name is resolved once a call, every address it has must pass ``may_call``, and the connection goes to the
    address that passed: a name that leads elsewhere a moment later (DNS rebinding) leads nowhere. Redirects are
    answers like any other, never followed. ``private_allowed`` lets everything pass, plain http included.
    """

    def __init__(
        self,
        *,
        private_allowed: bool,
        resolve: Resolve = resolve,
        may_call: Callable[[str], bool] = is_public,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self._private_allowed = private_allowed
        self._resolve = resolve
        self._may_call = may_call
        # No connection is kept: two hosts at one address would share it, and the second one's name was never checked.
        self._client = httpx.AsyncClient(
            verify=tls_context or ssl.create_default_context(),
            timeout=CALL_SECONDS_MAX,
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def call(self, call: WebhookCall) -> int:
        """Makes the call and returns the status of its answer; raises ``WebhookUnanswered``."""
        try:
            async with asyncio.timeout(CALL_SECONDS_MAX):
                return await self._call(call)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, ValueError) as error:
            raise WebhookUnanswered(f"{type(error).__name__}: {error}".rstrip(": ")[:300]) from error

    async def _call(self, call: WebhookCall) -> int:
        parts = urlsplit(call.url)
        host = parts.hostname or ""
        if parts.scheme != "https" and not self._private_allowed:
            raise WebhookUnanswered("only https is called")
        address = await self._checked_address(host, parts.port or _PORTS[parts.scheme])
        url = httpx.URL(call.url)
        request = self._client.build_request(
            "POST",
            url.copy_with(host=address),
            content=call.body,
            headers={"Host": url.netloc.decode("ascii"), **_headers(call)},
            # The certificate must be that of the name; the address is only the way there.
            extensions={"sni_hostname": host} if parts.scheme == "https" else {},
        )
        response = await self._client.send(request, stream=True)
        try:
            read = 0
            async for chunk in response.aiter_raw():
                read += len(chunk)
                if read > ANSWER_BYTES_MAX:
                    break
        finally:
            await response.aclose()
        return response.status_code

    async def _checked_address(self, host: str, port: int) -> str:
        addresses = await self._resolve(host, port)
        if not addresses:
            raise WebhookUnanswered("the host has no address")
        if not self._private_allowed and not all(self._may_call(address) for address in addresses):
            raise WebhookUnanswered("the host leads to an address that is not on the internet")
        return addresses[0]


def _headers(call: WebhookCall) -> dict[str, str]:
    signature = Webhook(call.secret).sign(str(call.call_id), call.called_at, call.body.decode())
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Aftercart/{__version__}",
        "webhook-id": str(call.call_id),
        "webhook-timestamp": str(int(call.called_at.timestamp())),
        "webhook-signature": signature,
    }
