"""Giving up a delivery: a person should know that somebody will not hear of something."""

from datetime import datetime
from uuid import UUID

from aftercart.kit.commands import Command
from aftercart.kit.refusal import Refusal
from aftercart.notifications.events import DeliveryGivenUp
from aftercart.notifications.model import Delivery, DeliveryState, GivenUpReason


class GiveUpDelivery(Command, frozen=True, kw_only=True):
    """Try this delivery no more; asked by the sender who has it, under the token of its lease."""

    delivery_id: UUID
    lease_token: int
    given_up_reason: GivenUpReason
    error: str
    status: int | None = None


class DeliveryNotHeld(Refusal):
    """The delivery was settled, or somebody else took it in the meantime."""

    def __init__(self, *, delivery_id: UUID) -> None:
        super().__init__(delivery_id=delivery_id)


def give_up_delivery(command: GiveUpDelivery, delivery: Delivery | None, *, now: datetime) -> DeliveryGivenUp:
    """Returns the event; raises ``DeliveryNotHeld`` unless the delivery waits under this very lease."""
    if delivery is None or delivery.state is not DeliveryState.WAITING or delivery.lease_token != command.lease_token:
        raise DeliveryNotHeld(delivery_id=command.delivery_id)
    return DeliveryGivenUp(
        delivery_id=delivery.delivery_id,
        delivery_kind=delivery.kind,
        endpoint=delivery.endpoint,
        about=delivery.stream,
        attempts=delivery.attempts,
        given_up_reason=command.given_up_reason,
        error=command.error,
        status=command.status,
        given_up_at=now,
    )
