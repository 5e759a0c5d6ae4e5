"""Telling another system nothing any more."""

from datetime import datetime
from uuid import UUID

from aftercart.kit.commands import Command
from aftercart.kit.refusal import Refusal
from aftercart.notifications.events import WebhookEndpointDisabled
from aftercart.notifications.model import DisabledReason, WebhookEndpoint


class DisableWebhookEndpoint(Command, frozen=True, kw_only=True):
    """Let the endpoint be told nothing any more; for good, as a new one is made easily and hears it all by replay."""

    endpoint_id: UUID
    disabled_reason: DisabledReason = DisabledReason.ASKED


class EndpointNotFound(Refusal):
    """There is no such endpoint."""

    status = 404

    def __init__(self) -> None:
        super().__init__(param="endpoint")


def disable_webhook_endpoint(
    command: DisableWebhookEndpoint, endpoint: WebhookEndpoint | None, *, now: datetime
) -> tuple[WebhookEndpointDisabled, ...]:
    """Returns the event, nothing for an endpoint that is disabled already; raises ``EndpointNotFound``."""
    if endpoint is None:
        raise EndpointNotFound
    if endpoint.disabled_at is not None:
        return ()
    return (WebhookEndpointDisabled(disabled_reason=command.disabled_reason, disabled_at=now),)
