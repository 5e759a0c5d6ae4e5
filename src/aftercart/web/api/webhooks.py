"""Webhooks: where other systems are told of events, what they were told, and telling them again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.access.rules.derived_secrets import webhook_secret
from aftercart.kit.paging import LIMIT_DEFAULT, checked_limit, decode_cursor
from aftercart.kit.refusal import Invalid
from aftercart.notifications.decisions.create_webhook_endpoint import CreateWebhookEndpoint
from aftercart.notifications.decisions.disable_webhook_endpoint import DisableWebhookEndpoint, EndpointNotFound
from aftercart.notifications.decisions.replay_webhooks import EndpointIsDisabled, Offset, ReplayWebhooks
from aftercart.notifications.handlers import EndpointRef
from aftercart.notifications.model import DeliveryState, DisabledReason, WebhookEndpoint
from aftercart.notifications.rules.webhook_url import require_public_url, require_webhook_url
from aftercart.permissions import authorize_read
from aftercart.views.deliveries import Cursor, SeenDelivery, find_calls, find_endpoint, find_endpoints
from aftercart.views.event_feed import find_feed_end
from aftercart.web.api.call import Call
from aftercart.web.api.headers import idempotency_key
from aftercart.web.api.order_commands import REPLAYED, encode
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

_UUID_CHARACTERS: Final = 36


class EndpointAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint; no ``event_types`` means all that concern other systems. It is told nothing once it is disabled."""

    id: UUID
    url: str
    description: str
    event_types: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: DisabledReason | None


class NewEndpointAnswer(EndpointAnswer, frozen=True, kw_only=True):
    """The new endpoint. ``secret`` is told this once: it verifies the signatures (Standard Webhooks)."""

    secret: str


class EndpointsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All endpoints, the oldest first, disabled ones included."""

    items: tuple[EndpointAnswer, ...]


class ReplayBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From behind the offset ``after`` of the feed up to ``until``, or up to its end."""

    after: Offset
    until: Offset | None = None


class ReplayAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent again."""

    after: int
    until: int


class CallsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which calls are wanted; ``cursor`` is the ``next_cursor`` of the page before."""

    state: DeliveryState | None = None
    cursor: str | None = None
    limit: int = LIMIT_DEFAULT


class CallsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of calls, those of the newest events first. ``delivery_id`` is their ``webhook-id``."""

    items: Sequence[SeenDelivery]
    next_cursor: str | None


_decode_endpoint: Final = msgspec.json.Decoder(CreateWebhookEndpoint)
_decode_replay: Final = msgspec.json.Decoder(ReplayBody)
_decode_ref: Final = msgspec.json.Decoder(EndpointRef).decode


async def create(call: Call) -> Reply:
    """Creates an endpoint; a repeated call with the same key is told the same secret again."""
    command = await call.body(_decode_endpoint)
    call.refuse_query()
    require_webhook_url(command.url, param="url")
    if not call.shop.surroundings.private_webhooks:
        require_public_url(command.url, param="url")
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    answer = await call.shop.submit(command, call.actor, key=key)
    endpoint = await _load(call, _decode_ref(answer.result).endpoint_id)
    shown = _shown(endpoint)
    secret = webhook_secret(call.shop.surroundings.secret, endpoint.endpoint_id)
    new = NewEndpointAnswer(**{name: getattr(shown, name) for name in shown.__struct_fields__}, secret=secret)
    headers = ((b"cache-control", b"no-store"), *((REPLAYED,) if answer.replayed else ()))
    return Reply(201, encode(new), headers=headers)


async def read_list(call: Call) -> Reply:
    """Reads all endpoints."""
    call.refuse_query()
    authorize_read(call.actor, "webhooks")
    endpoints = await find_endpoints(call.shop.database)
    return Reply(200, encode(EndpointsAnswer(items=tuple(_shown(endpoint) for endpoint in endpoints))))


async def disable(call: Call) -> Reply:
    """Disables an endpoint for good; asking for it twice changes nothing."""
    call.refuse_query()
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    await call.shop.submit(DisableWebhookEndpoint(endpoint_id=_endpoint_id(call)), call.actor, key=key)
    return Reply(200, encode(_shown(await _load(call, _endpoint_id(call)))))


async def replay(call: Call) -> Reply:
    """Sends events again, in their order."""
    body = await call.body(_decode_replay)
    call.refuse_query()
    key = idempotency_key(call.headers.get(b"idempotency-key"))
    until = await find_feed_end(call.shop.database) if body.until is None else body.until
    command = ReplayWebhooks(endpoint_id=_endpoint_id(call), after=body.after, until=until)
    await call.shop.submit(command, call.actor, key=key)
    return Reply(200, encode(ReplayAnswer(after=command.after, until=command.until)))


async def read_calls(call: Call) -> Reply:
    """Reads a page of what an endpoint was told."""
    query = call.query(CallsQuery)
    authorize_read(call.actor, "webhooks")
    endpoint = await _load(call, _endpoint_id(call))
    cursor = None if query.cursor is None else decode_cursor(query.cursor, Cursor)
    page = await find_calls(
        call.shop.database,
        endpoint.endpoint_id,
        state=query.state,
        cursor=cursor,
        limit=checked_limit(query.limit),
    )
    return Reply(200, encode(CallsAnswer(items=page.items, next_cursor=page.next_cursor)))


def _endpoint_id(call: Call) -> UUID:
    text = call.request.path_params["endpoint"]
    try:
        return UUID(text) if len(text) == _UUID_CHARACTERS else UUID(int=0)
    except ValueError as error:
        raise EndpointNotFound from error


async def _load(call: Call, endpoint_id: UUID) -> WebhookEndpoint:
    endpoint = await find_endpoint(call.shop.database, endpoint_id)
    if endpoint is None:
        raise EndpointNotFound
    return endpoint


def _shown(endpoint: WebhookEndpoint) -> EndpointAnswer:
    return EndpointAnswer(
        id=endpoint.endpoint_id,
        url=endpoint.url,
        description=endpoint.description,
        event_types=endpoint.event_types,
        created_at=endpoint.created_at,
        disabled_at=endpoint.disabled_at,
        disabled_reason=endpoint.disabled_reason,
    )


_BASE: Final = "/v1/webhook-endpoints"
_ONE: Final = f"{_BASE}/{{endpoint}}"

ROUTES: Final = (
    Route(
        name="create_webhook_endpoint",
        method="POST",
        path=_BASE,
        tag="Webhooks",
        summary="Create a webhook endpoint",
        description=(
            "Every event from now on is sent there as a POST with the JSON that `/v1/events` has for it, signed as "
            "Standard Webhooks say (standardwebhooks.com). Any 2xx counts as taken. Anything else is tried again after "
            "5 s, 1 min, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, then given up. The events of one order "
            "come in their order. An event may come twice, then with the same `webhook-id`. An endpoint that answers "
            "410, or takes nothing for three days, is disabled. Addresses that do not lie on the internet are refused, "
            "and never called where a name leads to one; redirects are not followed."
        ),
        handle=create,
        command=CreateWebhookEndpoint,
        body=CreateWebhookEndpoint,
        key="optional",
        answers=(Answered(status=201, meaning="The endpoint and its secret", shape=NewEndpointAnswer),),
        refusals=(Invalid,),
    ),
    Route(
        name="list_webhook_endpoints",
        method="GET",
        path=_BASE,
        tag="Webhooks",
        summary="List webhook endpoints",
        handle=read_list,
        answers=(Answered(status=200, meaning="All endpoints", shape=EndpointsAnswer),),
        refusals=(Invalid,),
    ),
    Route(
        name="disable_webhook_endpoint",
        method="POST",
        path=f"{_ONE}/disable",
        tag="Webhooks",
        summary="Disable a webhook endpoint",
        description=(
            "It is told nothing any more, for good: its secret may be known to others by then. To go on, create an "
            "endpoint with the same `url`; it has a new secret, and `replay` tells it what the old one missed."
        ),
        handle=disable,
        command=DisableWebhookEndpoint,
        key="optional",
        answers=(Answered(status=200, meaning="The endpoint as it is now", shape=EndpointAnswer),),
        refusals=(EndpointNotFound,),
    ),
    Route(
        name="replay_webhooks",
        method="POST",
        path=f"{_ONE}/replay",
        tag="Webhooks",
        summary="Send events again",
        description="What was sent or given up is sent again, in its order; up to 100,000 offsets in one call.",
        handle=replay,
        command=ReplayWebhooks,
        body=ReplayBody,
        key="optional",
        answers=(Answered(status=200, meaning="What is sent again", shape=ReplayAnswer),),
        refusals=(EndpointNotFound, EndpointIsDisabled, Invalid),
    ),
    Route(
        name="read_webhook_deliveries",
        method="GET",
        path=f"{_ONE}/deliveries",
        tag="Webhooks",
        summary="Read what an endpoint was told",
        description="What is settled can be seen for 30 days.",
        handle=read_calls,
        query=CallsQuery,
        answers=(Answered(status=200, meaning="A page of calls", shape=CallsAnswer),),
        refusals=(EndpointNotFound, Invalid),
    ),
)
