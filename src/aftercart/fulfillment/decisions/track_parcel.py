"""Taking in what a carrier tells of a parcel: twice, late or in the wrong order, the parcel is where it is."""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from aftercart.fulfillment.events import ParcelTracked
from aftercart.fulfillment.model import ENDS, IN_HOUSE, Parcel, ParcelStatus, Tracked
from aftercart.fulfillment.rules.at_hand import AtHand, find_parcel, moves_of, went_on
from aftercart.fulfillment.rules.floor_refusals import NotHandedOver
from aftercart.inventory.model import Stage, UnitMove
from aftercart.kit.refusal import Invalid
from aftercart.orders.model import Order, OrderChange

TRACKED_MAX: Final = 200
"""How many events of one parcel are kept; a carrier that tells more repeats itself."""

_TOLD: Final = frozenset(ParcelStatus) - IN_HOUSE - {ParcelStatus.VOIDED, ParcelStatus.HANDED_OVER}
_STAGE: Final = {
    ParcelStatus.DELIVERED: Stage.DELIVERED,
    ParcelStatus.RETURNED: Stage.RETURNED,
    ParcelStatus.LOST: Stage.LOST,
}


class TrackParcel(OrderChange, frozen=True, kw_only=True, tag="track_parcel"):
    """A carrier tells what is so of a parcel since ``at``; ``event`` is its own name for that piece of news."""

    parcel: int
    event: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    status: ParcelStatus
    at: datetime
    place: Annotated[str, msgspec.Meta(max_length=200)] | None = None


def track_parcel(command: TrackParcel, order: Order, *, at_hand: AtHand) -> tuple[ParcelTracked, ...]:
    """Returns the news, nothing for what was told before.

    The parcel is where its newest news says, by the carrier's own time; what ended its way is taken back only by
    another end. Raises ``Invalid``, ``ParcelNotFound``, or ``NotHandedOver`` for a parcel that has not left.
    """
    if command.status not in _TOLD:
        expected = "one of " + ", ".join(sorted(one.value for one in _TOLD))
        raise Invalid(param="status", expected=expected, got=command.status.value)
    parcel = find_parcel(order, at_hand, command.parcel)
    if parcel.status in IN_HOUSE or parcel.status is ParcelStatus.VOIDED:
        raise NotHandedOver(number=order.number, parcel=parcel.parcel)
    if any(one.event == command.event for one in parcel.tracked) or len(parcel.tracked) >= TRACKED_MAX:
        return ()
    news = Tracked(event=command.event, status=command.status, at=command.at, place=command.place)
    tracked = tuple(sorted((*parcel.tracked, news), key=lambda one: (one.at, one.event)))
    after = msgspec.structs.replace(parcel, tracked=tracked, status=_status(parcel, tracked))
    label = parcel.label
    event = ParcelTracked(
        moves=_moves(order, parcel, after),
        parcel=after,
        tracked=command.status,
        tracking_number=None if label is None else label.tracking_number,
    )
    return (went_on(order, event),)


def _status(parcel: Parcel, tracked: tuple[Tracked, ...]) -> ParcelStatus:
    ends = [one.status for one in tracked if one.status in ENDS]
    newest = ends[-1] if ends else tracked[-1].status
    if parcel.status is ParcelStatus.LOST or (
        parcel.status is ParcelStatus.RETURNED and newest is not ParcelStatus.RETURNED
    ):
        return parcel.status  # units that are lost or came back have ended: they are not delivered any more
    if parcel.status is ParcelStatus.DELIVERED and newest is ParcelStatus.LOST:
        return parcel.status
    return newest


def _moves(order: Order, before: Parcel, after: Parcel) -> tuple[UnitMove, ...]:
    target = _STAGE.get(after.status)
    if target is None or after.status is before.status:
        return ()
    source = Stage.DELIVERED if before.status is ParcelStatus.DELIVERED else Stage.SHIPPED
    return moves_of(order, after, source, target)
