"""How endpoints and deliveries change on their events."""

from collections.abc import Iterator
from uuid import UUID

import msgspec

from aftercart.kit.state import State
from aftercart.notifications.events import (
    DeliveryGivenUp,
    WebhookEndpointCreated,
    WebhookEndpointDisabled,
    WebhooksReplayRequested,
)
from aftercart.notifications.model import (
    Delivery,
    DeliveryKey,
    DeliveryState,
    WebhookEndpoint,
    WebhookEndpointKey,
)


def evolve_webhook_endpoint(
    stream: UUID, event: WebhookEndpointCreated | WebhookEndpointDisabled | WebhooksReplayRequested, state: State
) -> Iterator[tuple[WebhookEndpointKey, WebhookEndpoint]]:
    """Yields the endpoint after the event."""
    key = WebhookEndpointKey(stream)
    if isinstance(event, WebhookEndpointCreated):
        yield key, _created(stream, event)
        return
    endpoint = state.find(key)
    assert endpoint is not None, f"{type(event).__name__} happened to an endpoint that was never made"
    version = endpoint.version + 1
    if isinstance(event, WebhookEndpointDisabled):
        disabled = {"disabled_at": event.disabled_at, "disabled_reason": event.disabled_reason}
        yield key, msgspec.structs.replace(endpoint, version=version, **disabled)
    else:
        yield key, msgspec.structs.replace(endpoint, version=version)


def evolve_delivery(_stream: UUID, event: DeliveryGivenUp, state: State) -> Iterator[tuple[DeliveryKey, Delivery]]:
    """Yields the delivery as failed."""
    key = DeliveryKey(event.delivery_id)
    delivery = state.find(key)
    assert delivery is not None, "a delivery that was never planned was given up"
    failed = msgspec.structs.replace(
        delivery,
        state=DeliveryState.FAILED,
        settled_at=event.given_up_at,
        last_status=event.status,
        last_error=event.error,
    )
    yield key, failed


def _created(endpoint_id: UUID, event: WebhookEndpointCreated) -> WebhookEndpoint:
    return WebhookEndpoint(
        endpoint_id=endpoint_id,
        url=event.url,
        description=event.description,
        event_types=event.event_types,
        created_at=event.created_at,
        disabled_at=None,
        disabled_reason=None,
        version=1,
    )
