"""A delivery is given up by who holds it, and by nobody else."""

from uuid import UUID

import msgspec
import pytest
from tests.scenario import NOW, ORDER_ID
from tests.story import given

from aftercart.notifications.decisions.give_up_delivery import DeliveryNotHeld, GiveUpDelivery, give_up_delivery
from aftercart.notifications.events import DeliveryGivenUp
from aftercart.notifications.model import Delivery, DeliveryKind, DeliveryState, GivenUpReason

ID = UUID("01934a3e-0000-7000-8000-00000000000d")
HELD = Delivery(
    delivery_id=ID,
    kind=DeliveryKind.MAIL,
    endpoint=None,
    stream=ORDER_ID,
    state=DeliveryState.WAITING,
    attempts=3,
    lease_token=7,
    settled_at=None,
    last_status=None,
    last_error="451 later",
)


def give_up(delivery: Delivery | None) -> DeliveryGivenUp:
    command = GiveUpDelivery(
        delivery_id=ID, lease_token=7, given_up_reason=GivenUpReason.REFUSED, error="550 nobody", status=None
    )
    return give_up_delivery(command, delivery, now=NOW)


def test_giving_up_tells_what_it_was_about_and_why() -> None:
    given_up = DeliveryGivenUp(
        delivery_id=ID,
        delivery_kind=DeliveryKind.MAIL,
        endpoint=None,
        about=ORDER_ID,
        attempts=3,
        given_up_reason=GivenUpReason.REFUSED,
        error="550 nobody",
        status=None,
        given_up_at=NOW,
    )
    given(HELD).when(give_up).then(given_up)


@pytest.mark.parametrize(
    "delivery",
    [
        None,
        msgspec.structs.replace(HELD, lease_token=8),
        msgspec.structs.replace(HELD, state=DeliveryState.SENT),
        msgspec.structs.replace(HELD, state=DeliveryState.FAILED),
    ],
    ids=["unknown", "taken by somebody else", "sent", "given up before"],
)
def test_what_is_not_held_cannot_be_given_up(delivery: Delivery | None) -> None:
    given(delivery).when(give_up).then_refused(DeliveryNotHeld, delivery_id=ID)
