"""Giving a parcel to its carrier: now the goods have left."""

import msgspec

from aftercart.fulfillment.events import ParcelHandedOver
from aftercart.fulfillment.model import LabelState, Parcel, ParcelStatus
from aftercart.fulfillment.rules.at_hand import AtHand, find_closed_parcel, moves_of, require_all_wanted, went_on
from aftercart.fulfillment.rules.floor_refusals import LabelNotReady
from aftercart.fulfillment.rules.labels import carrier_of, goes_by_carrier
from aftercart.inventory.model import Stage
from aftercart.orders.decisions.release_order import require_no_hold
from aftercart.orders.model import Code, Order, OrderChange


class HandOverParcel(OrderChange, frozen=True, kw_only=True, tag="hand_over_parcel"):
    """Give a packed parcel to its carrier, on the list of this name."""

    parcel: int
    handover: Code | None = None


def hand_over_parcel(command: HandOverParcel, order: Order, *, at_hand: AtHand) -> tuple[ParcelHandedOver, ...]:
    """Returns the parcel on its way.

    Raises ``OrderOnHold``, ``ParcelNotFound``, ``ParcelNotClosed``, ``ParcelHoldsUnwanted``, or ``LabelNotReady`` where
    a carrier would not know where it goes.
    """
    require_no_hold(order)
    parcel = find_closed_parcel(order, at_hand, command.parcel)
    require_all_wanted(order, at_hand, parcel)
    tracking_number = _tracking_number(order, parcel, at_hand)
    handed_over = msgspec.structs.replace(
        parcel, status=ParcelStatus.HANDED_OVER, handover=command.handover, handed_over_at=at_hand.now
    )
    event = ParcelHandedOver(
        moves=moves_of(order, parcel, Stage.PACKED, Stage.SHIPPED),
        parcel=handed_over,
        carrier=carrier_of(order, at_hand),
        tracking_number=tracking_number,
    )
    return (went_on(order, event),)


def _tracking_number(order: Order, parcel: Parcel, at_hand: AtHand) -> str | None:
    label = parcel.label
    if label is not None and label.state is LabelState.PRINTED:
        return label.tracking_number
    if not goes_by_carrier(order, at_hand):
        return None
    state = LabelState.VOIDED if label is None else label.state
    raise LabelNotReady(number=order.number, parcel=parcel.parcel, label_state=state.value)
