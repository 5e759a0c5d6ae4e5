"""What happens to endpoints and deliveries."""

from datetime import datetime
from uuid import UUID

from aftercart.kit.state import Event
from aftercart.notifications.model import DeliveryKind, DisabledReason, GivenUpReason


class WebhookEndpointCreated(Event, frozen=True, kw_only=True):
    """Another system is told of what happens from now on."""

    url: str
    description: str
    event_types: tuple[str, ...]
    created_at: datetime


class WebhookEndpointDisabled(Event, frozen=True, kw_only=True):
    """The endpoint is told nothing any more; what waited for it is given up."""

    disabled_reason: DisabledReason
    disabled_at: datetime


class WebhooksReplayRequested(Event, frozen=True, kw_only=True):
    """The endpoint is told again of the events behind offset ``after``, up to ``until``."""

    after: int
    until: int


class DeliveryGivenUp(Event, frozen=True, kw_only=True):
    """Somebody will not hear of what happened to ``about``: ``error`` is what stood against it last."""

    delivery_id: UUID
    delivery_kind: DeliveryKind
    endpoint: UUID | None
    about: UUID
    attempts: int
    given_up_reason: GivenUpReason
    error: str
    status: int | None
    given_up_at: datetime
