"""Webhooks: tells other systems of events, and an endpoint that takes nothing any more is told nothing any more."""

from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from aftercart.access.rules.derived_secrets import webhook_secret
from aftercart.kit.commands import Lane
from aftercart.notifications.decisions.disable_webhook_endpoint import DisableWebhookEndpoint
from aftercart.notifications.model import DisabledReason, GivenUpReason
from aftercart.notifications.outbox import Claim, claim_webhooks, took_nothing_since
from aftercart.notifications.ports import WebhookCall, WebhookCaller, WebhookUnanswered
from aftercart.notifications.queries import load_endpoint_url
from aftercart.permissions import SYSTEM
from aftercart.shop import Shop
from aftercart.views.event_feed import load_feed_event
from aftercart.worker.courier import Attempt, Courier

SLOTS: Final = 64
SLOTS_PER_ENDPOINT: Final = 8
"""An endpoint that answers slowly, or not at all, holds up so many slots and no more."""
_GONE: Final = 410


def webhook_courier(shop: Shop, caller: WebhookCaller) -> Courier:
    """Returns the courier that calls other systems."""

    async def take(free: int, under_way: Sequence[Claim]) -> list[Claim]:
        busy = Counter(claim.endpoint for claim in under_way)
        full = [endpoint for endpoint, calls in busy.items() if endpoint is not None and calls >= SLOTS_PER_ENDPOINT]
        now = shop.clock.now()
        return await claim_webhooks(shop.database, now=now, limit=free, per_endpoint=SLOTS_PER_ENDPOINT, full=full)

    async def send(claim: Claim) -> Attempt:
        try:
            status = await caller.call(await _call(shop, claim))
        except WebhookUnanswered as unanswered:
            return Attempt(error=str(unanswered))
        if 200 <= status < 300:
            return Attempt(status=status)
        gone = GivenUpReason.REFUSED if status == _GONE else None
        return Attempt(status=status, error=f"answered {status}", give_up=gone)

    async def gave_up(claim: Claim, attempt: Attempt) -> None:
        endpoint = _endpoint(claim)
        if attempt.status == _GONE:
            await _disable(shop, endpoint, DisabledReason.GONE)
        elif await took_nothing_since(shop.database, endpoint, claim.created_at):
            await _disable(shop, endpoint, DisabledReason.FAILING)

    return Courier(shop, take=take, send=send, slots=SLOTS, gave_up=gave_up)


async def _call(shop: Shop, claim: Claim) -> WebhookCall:
    endpoint = _endpoint(claim)
    event = await load_feed_event(shop.database, claim.offset)
    return WebhookCall(
        call_id=claim.delivery_id,
        url=await load_endpoint_url(shop.database, endpoint),
        secret=webhook_secret(shop.surroundings.secret, endpoint),
        body=msgspec.json.encode(event),
        called_at=shop.clock.now(),
    )


async def _disable(shop: Shop, endpoint: UUID, reason: DisabledReason) -> None:
    command = DisableWebhookEndpoint(endpoint_id=endpoint, disabled_reason=reason)
    await shop.submit(command, SYSTEM, lane=Lane.BACKGROUND)


def _endpoint(claim: Claim) -> UUID:
    assert claim.endpoint is not None, "a webhook has an endpoint"
    return claim.endpoint
