"""Labels: where a parcel goes when its label is asked for, and what becomes of one that is not needed any more."""

import hashlib
from datetime import datetime

import msgspec

from aftercart.fulfillment.model import Label, LabelState, Parcel
from aftercart.fulfillment.rules.at_hand import AtHand
from aftercart.kit.address import Address
from aftercart.orders.model import Order
from aftercart.shipping.model import MethodKind
from aftercart.shipping.ports import LabelRequest, Recipient


def goes_by_carrier(order: Order, at_hand: AtHand) -> bool:
    """Tells whether a carrier takes the order's parcels: what is collected in a store needs no label."""
    method = at_hand.methods.get(order.delivery.method)
    return method is None or method.kind is not MethodKind.STORE_PICKUP


def carrier_of(order: Order, at_hand: AtHand) -> str:
    """Returns the name of who brings the order's parcels."""
    method = at_hand.methods.get(order.delivery.method)
    return order.delivery.method if method is None else method.carrier


def destination_of(order: Order) -> str:
    """Returns a digest of where the order goes and how: a label made for another one is of no use."""
    delivery = order.delivery
    goes_to = msgspec.json.encode([delivery.method, delivery.pickup_point, delivery.address, order.customer])
    return hashlib.blake2b(goes_to, digest_size=8).hexdigest()


def with_request(order: Order, parcel: Parcel, now: datetime) -> Parcel:
    """Returns the parcel with one more label asked for."""
    label = Label(
        request=len(parcel.labels) + 1,
        state=LabelState.REQUESTED,
        destination=destination_of(order),
        requested_at=now,
    )
    return msgspec.structs.replace(parcel, labels=(*parcel.labels, label))


def without_label(parcel: Parcel) -> Parcel:
    """Returns the parcel whose newest label is not needed any more: the carrier is to be told, also if it was slow."""
    label = parcel.label
    if label is None or label.state not in {LabelState.REQUESTED, LabelState.PRINTED}:
        return parcel
    return with_label(parcel, msgspec.structs.replace(label, state=LabelState.VOID_REQUESTED))


def with_label(parcel: Parcel, label: Label) -> Parcel:
    """Returns the parcel with one of its labels as it is from now on."""
    labels = tuple(label if one.request == label.request else one for one in parcel.labels)
    return msgspec.structs.replace(parcel, labels=labels)


def label_key(order: Order, parcel: int, request: int) -> str:
    """Returns the name by which the carrier knows a request, so that asking twice buys one label."""
    return f"{order.order_id}/{parcel}/{request}"


def label_request(order: Order, parcel: Parcel, request: int, *, sender: Address, carrier: str) -> LabelRequest:
    """Returns what a carrier is asked for: the parcel as it is, to where its order goes now."""
    delivery, customer = order.delivery, order.customer
    address = delivery.address
    return LabelRequest(
        key=label_key(order, parcel.parcel, request),
        parcel_number=f"{order.number}-{parcel.parcel}",
        method=delivery.method,
        carrier=carrier,
        sender=sender,
        recipient=Recipient(
            name=customer.name if address is None else address.name,
            address=address,
            phone=customer.phone,
            email=customer.email,
        ),
        weight_grams=parcel.weight_grams or 1,
        pickup_point=delivery.pickup_point,
        reference=order.number,
    )
