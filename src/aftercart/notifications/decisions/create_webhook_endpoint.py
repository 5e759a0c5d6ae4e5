"""Letting another system hear of what happens."""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid
from aftercart.notifications.audience import Audience, events_for
from aftercart.notifications.events import WebhookEndpointCreated
from aftercart.notifications.rules.webhook_url import URL_CHARACTERS_MAX, require_webhook_url

DESCRIPTION_CHARACTERS_MAX: Final = 200
EVENT_TYPES_MAX: Final = 100


class CreateWebhookEndpoint(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tell ``url`` of ``event_types`` from now on; none named means all that concern other systems."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=URL_CHARACTERS_MAX)]
    event_types: Annotated[tuple[str, ...], msgspec.Meta(max_length=EVENT_TYPES_MAX)] = ()
    description: Annotated[str, msgspec.Meta(max_length=DESCRIPTION_CHARACTERS_MAX)] = ""


def create_webhook_endpoint(command: CreateWebhookEndpoint, *, now: datetime) -> WebhookEndpointCreated:
    """Returns the new endpoint's event; raises ``Invalid`` for a URL or an event type that cannot be."""
    require_webhook_url(command.url, param="url")
    known = events_for(Audience.INTEGRATOR)
    for place, event_type in enumerate(command.event_types):
        if event_type not in known:
            raise Invalid(param=f"event_types[{place}]", expected=f"one of {', '.join(known)}", got=event_type)
    return WebhookEndpointCreated(
        url=command.url,
        description=command.description,
        event_types=tuple(sorted(set(command.event_types))),
        created_at=now,
    )
