"""Taking in what a carrier answered to a request for a label; what comes too late is undone."""

import msgspec

from aftercart.fulfillment.events import LabelPrinted, LabelRefused, LabelRequested, LabelVoided
from aftercart.fulfillment.model import Label, LabelState, Parcel, ParcelStatus
from aftercart.fulfillment.rules.at_hand import AtHand, find_closed_parcel, find_parcel, went_on
from aftercart.fulfillment.rules.floor_refusals import LabelRequestOver
from aftercart.fulfillment.rules.labels import carrier_of, destination_of, with_label, with_request, without_label
from aftercart.orders.model import Order, OrderChange


class RecordLabel(OrderChange, frozen=True, kw_only=True, tag="record_label"):
    """The carrier made a label, told by the worker that asked for it."""

    parcel: int
    request: int
    tracking_number: str


class RecordLabelRefused(OrderChange, frozen=True, kw_only=True, tag="record_label_refused"):
    """The carrier does not take the parcel like this, told by the worker that asked."""

    parcel: int
    request: int
    reason: str


class RecordLabelVoided(OrderChange, frozen=True, kw_only=True, tag="record_label_voided"):
    """The carrier took a label back, or never made it; told by the worker that asked."""

    parcel: int
    request: int


class RequestLabel(OrderChange, frozen=True, kw_only=True, tag="request_label"):
    """Ask for the label of a closed parcel once more, as after a carrier refused it."""

    parcel: int


def record_label(command: RecordLabel, order: Order, *, at_hand: AtHand) -> tuple[LabelPrinted | LabelRequested, ...]:
    """Returns the label, or another request when the parcel goes elsewhere by now.

    Raises ``ParcelNotFound``, or ``LabelRequestOver`` for a request that was settled before.
    """
    parcel = find_parcel(order, at_hand, command.parcel)
    label = _awaited(order, parcel, command.request)
    if label.destination != destination_of(order):
        printed = msgspec.structs.replace(label, tracking_number=command.tracking_number)
        again = with_request(order, without_label(with_label(parcel, printed)), at_hand.now)
        return (went_on(order, LabelRequested(parcel=again)),)
    printed = msgspec.structs.replace(label, state=LabelState.PRINTED, tracking_number=command.tracking_number)
    event = LabelPrinted(
        parcel=with_label(parcel, printed), carrier=carrier_of(order, at_hand), tracking_number=command.tracking_number
    )
    return (went_on(order, event),)


def record_label_refused(command: RecordLabelRefused, order: Order, *, at_hand: AtHand) -> tuple[LabelRefused, ...]:
    """Returns the refusal; raises ``ParcelNotFound`` or ``LabelRequestOver``."""
    parcel = find_parcel(order, at_hand, command.parcel)
    label = _awaited(order, parcel, command.request)
    refused = msgspec.structs.replace(label, state=LabelState.REFUSED, reason=command.reason)
    event = LabelRefused(parcel=with_label(parcel, refused), carrier=carrier_of(order, at_hand), cause=command.reason)
    return (went_on(order, event),)


def record_label_voided(command: RecordLabelVoided, order: Order, *, at_hand: AtHand) -> tuple[LabelVoided, ...]:
    """Returns the end of a label; raises ``ParcelNotFound``, or ``LabelRequestOver`` if nobody asked for that."""
    parcel = find_parcel(order, at_hand, command.parcel)
    label = next((one for one in parcel.labels if one.request == command.request), None)
    if label is None or label.state is not LabelState.VOID_REQUESTED:
        raise LabelRequestOver(number=order.number, parcel=parcel.parcel, request=command.request)
    voided = msgspec.structs.replace(label, state=LabelState.VOIDED)
    return (went_on(order, LabelVoided(parcel=with_label(parcel, voided))),)


def request_label(command: RequestLabel, order: Order, *, at_hand: AtHand) -> tuple[LabelRequested, ...]:
    """Returns the new request, nothing while one is under way or there is a label for where the parcel goes.

    Raises ``ParcelNotFound`` or ``ParcelNotClosed``.
    """
    parcel = find_closed_parcel(order, at_hand, command.parcel)
    label = parcel.label
    usable = label is not None and label.state in {LabelState.REQUESTED, LabelState.PRINTED}
    if usable and label is not None and label.destination == destination_of(order):
        return ()
    return (went_on(order, LabelRequested(parcel=with_request(order, without_label(parcel), at_hand.now))),)


def _awaited(order: Order, parcel: Parcel, request: int) -> Label:
    label = parcel.label
    awaited = label is not None and label.request == request and label.state is LabelState.REQUESTED
    if label is None or not awaited or parcel.status is not ParcelStatus.CLOSED:
        raise LabelRequestOver(number=order.number, parcel=parcel.parcel, request=request)
    return label
