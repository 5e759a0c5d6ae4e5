"""What shipping asks of carriers: labels, the handover of parcels, and what becomes of them on their way."""

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from aftercart.kit.address import Address


class Recipient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a parcel is for; without ``address`` it is collected at a pickup point.

    ``name`` is what the label says, the name within ``address`` is not. ``phone`` is written as in E.164.
    """

    name: str
    address: Address | None = None
    phone: str | None = None
    email: str | None = None


class LabelRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parcel that needs its label.

    ``key`` is the idempotency key: the same at every attempt, another one for every label that is wanted anew (because
    the address changed, for example). ``method`` is the code of the delivery method, ``carrier`` the name of who brings
    it. ``pickup_point`` is the network's code. The three sides of ``dimensions_mm`` come in any order. ``reference`` is
    printed for people, usually the order number.
    """

    key: Annotated[str, Meta(min_length=1, max_length=200)]
    parcel_number: str
    method: str
    carrier: str
    sender: Address
    recipient: Recipient
    weight_grams: Annotated[int, Meta(gt=0)]
    pickup_point: str | None = None
    dimensions_mm: tuple[int, int, int] | None = None
    reference: str = ""


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A label for a printer of labels (``zpl``, 203 dpi) or of pages (``pdf``); ``price_minor`` is what it costs."""

    tracking_number: str
    zpl: str
    pdf: bytes
    price_minor: int | None = None


class TrackingStatus(enum.Enum):
    """What a carrier says of a parcel."""

    ANNOUNCED = "announced"  # its label was bought, nobody has seen it
    IN_TRANSIT = "in_transit"  # it is on its way
    OUT_FOR_DELIVERY = "out_for_delivery"  # it comes today
    AVAILABLE_AT_POINT = "available_at_point"  # it waits at its pickup point
    DELIVERED = "delivered"  # the recipient has it
    FAILED = "failed"  # nobody was there, or nobody found the place; it is tried again
    RETURNED = "returned"  # the sender has it again


class TrackingEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that happened to a parcel ``at`` a moment (aware UTC) in a ``place``, in the carrier's words.

    ``event_id`` is unique for the carrier: who sees it twice has seen one event twice.
    """

    event_id: str
    tracking_number: str
    status: TrackingStatus
    at: datetime
    place: str | None = None


class LabelRefusedReason(enum.Enum):
    """Why a carrier will never make a label as it was asked for."""

    BAD_ADDRESS = "bad_address"  # a part of an address is missing or cannot be
    NOT_SERVED = "not_served"  # it does not go there with this method
    TOO_HEAVY = "too_heavy"  # it does not take so much
    TOO_LARGE = "too_large"  # it does not take anything as long or as thick
    UNKNOWN_POINT = "unknown_point"  # there is no such pickup point, or not any more
    CONTACT_MISSING = "contact_missing"  # the recipient has to be told, and cannot be
    KEY_REUSED = "key_reused"  # the key was used for another label
    VOIDED = "voided"  # the key was voided
    OTHER = "other"  # for reasons of its own


class LabelRefusedByCarrier(Exception):
    """A final no. ``param`` is the field of the ``LabelRequest`` at fault, such as ``recipient.address.postcode``."""

    def __init__(self, param: str, reason: LabelRefusedReason) -> None:
        super().__init__(f"{param}: {reason.value}")
        self.param = param
        self.reason = reason


class ParcelHandedOver(Exception):
    """The carrier has the parcel already, so that its label cannot be voided any more."""


class UnknownParcel(Exception):
    """The carrier made no label of this tracking number, or voided it."""


class CarrierUnavailable(Exception):
    """The carrier gave no usable answer: what was asked for may have happened or not, and may be asked for again.

    The message says why without naming anybody.
    """


class Carrier(Protocol):
    """Somebody who brings parcels.

    Every call may be made again, and raises ``CarrierUnavailable`` when there was no usable answer. A label is bought
    once for each key: the same request gives the same label and is billed once, however often it is made. A reply that
    never came is asked for again, by ``buy_label`` with the same key or by ``find_label``, and never guessed.
    """

    async def buy_label(self, request: LabelRequest) -> Label:
        """Returns the label of ``request.key``, made now unless it was before.

        Raises ``LabelRefusedByCarrier``, also for a key that was used for another request or was voided.
        """
        ...

    async def find_label(self, key: str) -> Label | None:
        """Returns the label that was bought under a key, ``None`` when there is none or it was voided."""
        ...

    async def void_label(self, key: str) -> None:
        """Gives the label of a key back, so that it is neither billed nor used.

        One that was voided before is fine, and so is an unknown key: nothing can be bought under it any more, so that a
        request that is still on its way comes to nothing. Raises ``ParcelHandedOver``.
        """
        ...

    async def announce_handover(self, tracking_numbers: Sequence[str]) -> None:
        """Tells the carrier that it gets these parcels now; those it was told of before are left as they are.

        Raises ``UnknownParcel`` naming the first that cannot be taken; then none of them was.
        """
        ...

    async def tracking_events(self, after: str) -> tuple[Sequence[TrackingEvent], str]:
        """Returns what happened since ``after``, and what to ask for next time; ``""`` asks from the beginning on.

        The order is that in which the carrier learned of it: an event may come twice, and later than one that happened
        after it. Not all that is new comes at once: who gets an event asks again.
        """
        ...
