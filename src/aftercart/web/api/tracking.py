"""What carriers tell of parcels on their way."""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from aftercart.fulfillment.decisions.track_parcel import TrackParcel
from aftercart.fulfillment.model import ParcelStatus
from aftercart.fulfillment.rules.floor_refusals import NotHandedOver
from aftercart.kit.refusal import Invalid
from aftercart.permissions import authorize_read
from aftercart.views.parcels import find_tracked_parcel
from aftercart.web.api.call import Call
from aftercart.web.api.floor_answers import NoSuchParcel, ParcelAnswer, reply_with_parcel, submit
from aftercart.web.api.moments import moment_in_utc
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

TrackingStatus = Literal[
    "announced", "in_transit", "out_for_delivery", "available_at_point", "failed", "delivered", "returned", "lost"
]


class TrackingEventBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One piece of news of a parcel: ``event`` is the carrier's own name for it, by which it is known again."""

    tracking_number: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    event: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    status: TrackingStatus
    at: datetime
    place: Annotated[str, msgspec.Meta(max_length=200)] | None = None


async def record(call: Call) -> Reply:
    """Takes in what a carrier tells."""
    body = await call.body(_BODY)
    authorize_read(call.actor, "tracking")
    found = await find_tracked_parcel(call.shop.database, body.tracking_number)
    if found is None:
        raise NoSuchParcel
    order_id, parcel = found
    command = TrackParcel(
        order_id=order_id,
        parcel=parcel,
        event=body.event,
        status=ParcelStatus(body.status),
        at=moment_in_utc(body.at, param="at"),
        place=body.place,
    )
    answer = await submit(call, command)
    return await reply_with_parcel(call, order_id, parcel, replayed=answer.replayed)


_BODY: Final = msgspec.json.Decoder(TrackingEventBody)

ROUTES: Final = (
    Route(
        name="track_parcel",
        method="POST",
        path="/v1/tracking-events",
        tag="Floor",
        summary="Tell where a parcel is",
        description="Twice, late or in the wrong order: the parcel is where its newest news says.",
        handle=record,
        command=TrackParcel,
        body=TrackingEventBody,
        key="optional",
        answers=(Answered(status=200, meaning="The parcel as it is then", shape=ParcelAnswer),),
        refusals=(NoSuchParcel, NotHandedOver, Invalid),
    ),
)
