"""Parcels, and what a fulfillment order is: the units of one order at one location, seen as work."""

import enum
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftercart.kit.state import Key


class FulfillmentStatus(enum.StrEnum):
    """The work on one order at one location in one word; derived from the stages of its units there."""

    SCHEDULED = "scheduled"  # to be released later
    OPEN = "open"  # released, no bin reached
    PICKING = "picking"  # hands are on it
    PACKED = "packed"  # all of it is in closed parcels
    HANDED_OVER = "handed_over"  # all of it left
    CLOSED = "closed"  # all of it arrived, came back or was lost
    CANCELED = "canceled"  # nothing of it is wanted any more


class ParcelStatus(enum.StrEnum):
    """Where a parcel is, from the pack station to the end of its way."""

    OPEN = "open"  # being packed
    CLOSED = "closed"  # packed, waiting for its carrier or its customer
    VOIDED = "voided"  # unpacked again: there is no such parcel
    HANDED_OVER = "handed_over"  # given to the carrier
    ANNOUNCED = "announced"  # the carrier knows of it, but did not see it yet
    IN_TRANSIT = "in_transit"  # on its way
    OUT_FOR_DELIVERY = "out_for_delivery"  # on the last truck
    AVAILABLE_AT_POINT = "available_at_point"  # to be collected
    FAILED = "failed"  # an attempt to deliver failed; another one follows, or it comes back
    DELIVERED = "delivered"  # in the customer's hands
    RETURNED = "returned"  # came back undelivered
    LOST = "lost"  # nobody knows where it is


class LabelState(enum.StrEnum):
    """What became of one request for a label."""

    REQUESTED = "requested"  # the carrier is being asked
    PRINTED = "printed"  # there is one
    REFUSED = "refused"  # the carrier does not take the parcel like this
    VOID_REQUESTED = "void_requested"  # not needed any more: the carrier is being told
    VOIDED = "voided"  # the carrier took it back


class ShortReason(enum.StrEnum):
    """Why fewer units were picked than were to be."""

    NOT_FOUND = "not_found"  # the bin has fewer
    DAMAGED = "damaged"  # what is there cannot be sent


class Content(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of a line lie in a parcel."""

    line: int
    sku: str
    quantity: int


class Label(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One request for a label, the ``request``-th of its parcel; ``destination`` is a digest of where it goes and how.

    ``reason`` is why the carrier refused it.
    """

    request: int
    state: LabelState
    destination: str
    requested_at: datetime
    tracking_number: str | None = None
    reason: str | None = None


class Tracked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a carrier told of a parcel: the ``event`` by its own name, what is so since ``at``, and where."""

    event: str
    status: ParcelStatus
    at: datetime
    place: str | None = None


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel of an order, numbered from 1. Weights are in grams, with the carton.

    ``void_bps`` is how much of its carton stays empty, in basis points. ``inserts`` are what was put in beside the
    goods. ``handover`` names the list with which it was given to its carrier. ``tracked`` is sorted by time.
    """

    parcel: int
    location: str
    status: ParcelStatus
    contents: tuple[Content, ...]
    opened_at: datetime
    carton: str | None = None
    void_bps: int | None = None
    weight_grams: int | None = None
    inserts: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    tracked: tuple[Tracked, ...] = ()
    handover: str | None = None
    closed_at: datetime | None = None
    handed_over_at: datetime | None = None

    @property
    def label(self) -> Label | None:
        """Returns the newest request for a label."""
        return self.labels[-1] if self.labels else None


class ParcelsKey(Key[tuple[Parcel, ...]], frozen=True, order=True, gc=False):
    """All parcels of an order; they are locked by the order."""

    order_id: UUID


IN_HOUSE: Final = frozenset({ParcelStatus.OPEN, ParcelStatus.CLOSED})
"""Parcels that are still in the house."""
ENDS: Final = frozenset({ParcelStatus.DELIVERED, ParcelStatus.RETURNED, ParcelStatus.LOST})
"""Where a parcel's way ends."""
