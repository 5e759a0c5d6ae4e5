"""What is told to whom: endpoints of other systems, and deliveries on their way."""

import enum
from datetime import datetime
from uuid import UUID

import msgspec

from aftercart.kit.state import Key


class DeliveryKind(enum.Enum):
    """How somebody is told."""

    MAIL = "mail"  # the customer, one message for all events of a command
    WEBHOOK = "webhook"  # another system, one call for each event


class DeliveryState(enum.Enum):
    """Where a delivery is in its life."""

    WAITING = "waiting"  # due at some time, perhaps being sent
    SENT = "sent"  # the other side took it
    FAILED = "failed"  # given up


class GivenUpReason(enum.Enum):
    """Why a delivery was given up."""

    REFUSED = "refused"  # the other side will never take it
    EXHAUSTED = "exhausted"  # it was tried for as long as the schedule says
    OUTDATED = "outdated"  # what it says is no longer of use


class DisabledReason(enum.Enum):
    """Why an endpoint is told nothing any more."""

    ASKED = "asked"  # somebody of the shop asked for it
    GONE = "gone"  # it answered 410 Gone
    FAILING = "failing"  # it took nothing for as long as a delivery is tried


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message on its way: about ``stream``, to the order's customer or to ``endpoint``.

    ``lease_token`` is that of the last sender who took it; only that one may settle it.
    """

    delivery_id: UUID
    kind: DeliveryKind
    endpoint: UUID | None
    stream: UUID
    state: DeliveryState
    attempts: int
    lease_token: int
    settled_at: datetime | None
    last_status: int | None
    last_error: str | None


class DeliveryKey(Key[Delivery], frozen=True, order=True, gc=False):
    """One delivery by its id."""

    delivery_id: UUID


class WebhookEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An address of another system, told of ``event_types``, or of all that concern integrators when that is empty."""

    endpoint_id: UUID
    url: str
    description: str
    event_types: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: DisabledReason | None
    version: int


class WebhookEndpointKey(Key[WebhookEndpoint], frozen=True, order=True, gc=False):
    """One endpoint by its id."""

    endpoint_id: UUID
