"""How parcels change on events, and the events of the floor by their names."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from aftercart.fulfillment.events import (
    ItemPacked,
    ItemUnpacked,
    LabelPrinted,
    LabelRefused,
    LabelRequested,
    LabelVoided,
    PackingSet,
    ParcelClosed,
    ParcelEvent,
    ParcelHandedOver,
    ParcelOpened,
    ParcelReopened,
    ParcelTracked,
    ParcelVoided,
    PickingAbandoned,
    UnitsPicked,
    UnitsPutBack,
    UnitsShort,
)
from aftercart.fulfillment.model import Packing, PackingKey, Parcel, ParcelsKey
from aftercart.kit.state import State

PARCEL_EVENTS: Final = (
    *(ParcelOpened, ItemPacked, ItemUnpacked, ParcelClosed, ParcelReopened, ParcelVoided),
    *(LabelRequested, LabelPrinted, LabelRefused, LabelVoided, ParcelHandedOver, ParcelTracked),
)
"""The events that say how a parcel is from now on."""

FLOOR_EVENTS: Final[dict[str, type[Any]]] = {
    event.__name__: event for event in (UnitsPicked, PickingAbandoned, UnitsShort, UnitsPutBack, *PARCEL_EVENTS)
}
"""The events that work on the floor adds to an order's stream, by the names under which they are logged."""


def evolve_packing(_stream: UUID, event: PackingSet, _state: State) -> Iterator[tuple[PackingKey, Packing]]:
    """Yields the packing as it is from now on."""
    yield PackingKey(), event.packing


def evolve_parcels(stream: UUID, event: ParcelEvent, state: State) -> Iterator[tuple[ParcelsKey, tuple[Parcel, ...]]]:
    """Yields the parcels of the order: that of the event as it is from now on, the others as they were."""
    key = ParcelsKey(stream)
    parcels = {one.parcel: one for one in state.find(key) or ()}
    parcels[event.parcel.parcel] = event.parcel
    yield key, tuple(parcels[number] for number in sorted(parcels))
