"""A pack station to tell stories at: an order and its parcels, and each step decided and applied as the bus would."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from tests.scenario import NOW, ORDER_ID

from aftercart.catalog.model import Variant
from aftercart.fulfillment.decisions.close_parcel import CloseParcel, close_parcel
from aftercart.fulfillment.decisions.finish_preparing import FinishPreparing, finish_preparing
from aftercart.fulfillment.decisions.hand_over_parcel import HandOverParcel, hand_over_parcel
from aftercart.fulfillment.decisions.open_parcel import OpenParcel, open_parcel
from aftercart.fulfillment.decisions.pack_item import PackItem, pack_item
from aftercart.fulfillment.decisions.put_units_back import PutUnitsBack, put_units_back
from aftercart.fulfillment.decisions.record_label import (
    RecordLabel,
    RecordLabelRefused,
    RecordLabelVoided,
    RequestLabel,
    record_label,
    record_label_refused,
    record_label_voided,
    request_label,
)
from aftercart.fulfillment.decisions.reopen_parcel import ReopenParcel, reopen_parcel
from aftercart.fulfillment.decisions.start_preparing import StartPreparing, start_preparing
from aftercart.fulfillment.decisions.track_parcel import TrackParcel, track_parcel
from aftercart.fulfillment.decisions.unpack_item import UnpackItem, unpack_item
from aftercart.fulfillment.decisions.void_parcel import VoidParcel, void_parcel
from aftercart.fulfillment.events import ParcelEvent
from aftercart.fulfillment.evolve import evolve_parcels
from aftercart.fulfillment.model import DEFAULT_PACKING, Parcel, ParcelsKey
from aftercart.fulfillment.rules.at_hand import AtHand
from aftercart.kit.state import Event, State
from aftercart.orders.evolve import AnyOrderEvent, evolve
from aftercart.orders.model import Order, Units
from aftercart.shipping.rules.defaults import DEFAULT_METHODS

DECISIONS: Final[dict[type[Any], Callable[..., Sequence[Event]]]] = {
    StartPreparing: start_preparing,
    FinishPreparing: finish_preparing,
    OpenParcel: open_parcel,
    PackItem: pack_item,
    UnpackItem: unpack_item,
    CloseParcel: close_parcel,
    ReopenParcel: reopen_parcel,
    VoidParcel: void_parcel,
    PutUnitsBack: put_units_back,
    HandOverParcel: hand_over_parcel,
    TrackParcel: track_parcel,
    RequestLabel: request_label,
    RecordLabel: record_label,
    RecordLabelRefused: record_label_refused,
    RecordLabelVoided: record_label_voided,
}


class Desk:
    """An order, its parcels and the time."""

    def __init__(self, order: Order, *, now: datetime = NOW) -> None:
        self.order = order
        self.parcels: tuple[Parcel, ...] = ()
        self.now = now
        self.packing = DEFAULT_PACKING
        self.variants: dict[str, Variant] = {}

    def does(self, kind: type[Any], **wish: Any) -> Sequence[Event]:
        """Decides a command on the order and applies what happened; raises its refusal."""
        events = self.would(kind, **wish)
        for event in events:
            self.sees(event)
        return events

    def would(self, kind: type[Any], **wish: Any) -> Sequence[Event]:
        """Decides a command and changes nothing."""
        at_hand = AtHand(
            now=self.now,
            parcels=self.parcels,
            methods={method.code: method for method in DEFAULT_METHODS},
            packing=self.packing,
            variants=self.variants,
        )
        return tuple(DECISIONS[kind](kind(order_id=ORDER_ID, **wish), self.order, at_hand=at_hand))

    def sees(self, event: Any) -> None:
        """Applies an event."""
        self.order = evolve(self.order, event, order_id=ORDER_ID)
        if isinstance(event, ParcelEvent):
            state = State({ParcelsKey(ORDER_ID): self.parcels})
            ((_, self.parcels),) = evolve_parcels(ORDER_ID, event, state)

    def after(self, events: Sequence[AnyOrderEvent]) -> None:
        """Applies what a customer's change did."""
        for event in events:
            self.sees(event)

    def packs(self, *skus: str, location: str = "W1") -> Parcel:
        """Opens a parcel and lays these into it, one unit each."""
        self.does(OpenParcel, location=location)
        number = self.parcels[-1].parcel
        for sku in skus:
            self.does(PackItem, parcel=number, sku=sku)
        return self.parcels[-1]

    def has(self) -> tuple[Units, ...]:
        """Returns where the units are."""
        return self.order.units
