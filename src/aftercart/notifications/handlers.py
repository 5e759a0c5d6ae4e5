"""How the commands on notifications are carried out."""

from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.commands import Context, Decision, Handler
from aftercart.kit.state import Event, State
from aftercart.notifications.decisions.create_webhook_endpoint import CreateWebhookEndpoint, create_webhook_endpoint
from aftercart.notifications.decisions.disable_webhook_endpoint import (
    DisableWebhookEndpoint,
    disable_webhook_endpoint,
)
from aftercart.notifications.decisions.give_up_delivery import GiveUpDelivery, give_up_delivery
from aftercart.notifications.decisions.replay_webhooks import ReplayWebhooks, replay_webhooks
from aftercart.notifications.model import DeliveryKey, WebhookEndpoint, WebhookEndpointKey


class EndpointRef(msgspec.Struct, frozen=True, kw_only=True):
    """The endpoint as it was at ``version``."""

    endpoint_id: UUID
    version: int


class DeliveryRef(msgspec.Struct, frozen=True, kw_only=True):
    """The delivery that was given up."""

    delivery_id: UUID


def _decide_create(command: CreateWebhookEndpoint, _state: State, context: Context) -> Decision:
    event = create_webhook_endpoint(command, now=context.now)
    endpoint_id = context.ids.new_id(context.now)
    return Decision(
        stream=endpoint_id,
        version=0,
        events=(event,),
        result=EndpointRef(endpoint_id=endpoint_id, version=1),
        root=WebhookEndpointKey(endpoint_id),
    )


def _decide_disable(command: DisableWebhookEndpoint, state: State, context: Context) -> Decision:
    endpoint = _find(command, state)
    events = disable_webhook_endpoint(command, endpoint, now=context.now)
    return _on_endpoint(command, endpoint, events)


def _decide_replay(command: ReplayWebhooks, state: State, _context: Context) -> Decision:
    endpoint = _find(command, state)
    return _on_endpoint(command, endpoint, (replay_webhooks(command, endpoint),))


def _on_endpoint(
    command: DisableWebhookEndpoint | ReplayWebhooks, endpoint: WebhookEndpoint | None, events: tuple[Event, ...]
) -> Decision:
    assert endpoint is not None
    return Decision(
        stream=command.endpoint_id,
        version=endpoint.version,
        events=events,
        result=EndpointRef(endpoint_id=command.endpoint_id, version=endpoint.version + len(events)),
        root=WebhookEndpointKey(command.endpoint_id),
    )


def _find(command: DisableWebhookEndpoint | ReplayWebhooks, state: State) -> WebhookEndpoint | None:
    return state.find(WebhookEndpointKey(command.endpoint_id))


def _endpoint_needs(command: DisableWebhookEndpoint | ReplayWebhooks, _facts: State) -> tuple[WebhookEndpointKey, ...]:
    return (WebhookEndpointKey(command.endpoint_id),)


def _decide_give_up(command: GiveUpDelivery, state: State, context: Context) -> Decision:
    event = give_up_delivery(command, state.find(DeliveryKey(command.delivery_id)), now=context.now)
    result = DeliveryRef(delivery_id=command.delivery_id)
    return Decision(stream=context.command_id, version=0, events=(event,), result=result)


def _delivery_needs(command: GiveUpDelivery, _facts: State) -> tuple[DeliveryKey, ...]:
    return (DeliveryKey(command.delivery_id),)


HANDLERS: Final = (
    Handler(command=CreateWebhookEndpoint, decide=_decide_create),
    Handler(command=DisableWebhookEndpoint, needs=_endpoint_needs, decide=_decide_disable),
    Handler(command=ReplayWebhooks, needs=_endpoint_needs, decide=_decide_replay),
    Handler(command=GiveUpDelivery, needs=_delivery_needs, decide=_decide_give_up),
)
