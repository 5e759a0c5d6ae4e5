"""What hands and carriers did to an order's goods: facts in the order's own stream, beside what its customer did."""

from datetime import datetime
from uuid import UUID

import msgspec

from aftercart.fulfillment.model import Packing, Parcel, ParcelStatus, ShortReason, Stop, Tote
from aftercart.kit.state import Event
from aftercart.orders.events import MissingUnits, UnitsMoved


class PackingSet(Event, frozen=True, kw_only=True):
    """The merchant decided anew what orders are packed with; this is all of it from now on."""

    packing: Packing


class UnitsPicked(UnitsMoved, frozen=True, kw_only=True):
    """Units were reached at a location: their bin was scanned, or somebody began to prepare the order.

    From here on they are not taken back for free: this is the lock. ``entry`` tells it from other picks of the order.
    """

    location: str
    bin: str | None = None
    pick_list: UUID | None = None
    entry: str = ""


class PickingAbandoned(UnitsMoved, frozen=True, kw_only=True):
    """Units that were reached lie where they were: somebody else is to fetch them, or nobody wants them any more."""

    location: str
    bin: str | None = None
    pick_list: UUID | None = None
    entry: str = ""


class UnitsShort(MissingUnits, frozen=True, kw_only=True):
    """Fewer units were found in a bin than were to be picked; what is not there is not on hand any more."""

    short_reason: ShortReason
    entry: str
    bin: str | None = None
    pick_list: UUID | None = None


class UnitsPutBack(UnitsMoved, frozen=True, kw_only=True):
    """Units that were intercepted lie in the shelf again."""

    location: str
    sku: str
    quantity: int
    bin: str | None = None
    entry: str = ""


class PickListCreated(Event, frozen=True, kw_only=True):
    """Orders are to be walked together, each with a tote of its own."""

    location: str
    wave: str | None
    totes: tuple[Tote, ...]
    stops: tuple[Stop, ...]
    meters: float
    created_at: datetime


class PickListStarted(Event, frozen=True, kw_only=True):
    """Somebody walks with a pick list."""

    picker: str
    started_at: datetime


class ForOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units are those of one order."""

    order_id: UUID
    quantity: int


class ItemTaken(Event, frozen=True, kw_only=True):
    """Units were checked, taken out of a bin and laid into the totes of these orders."""

    sku: str
    bin: str
    quantity: int
    orders: tuple[ForOrder, ...]


class ShortReported(Event, frozen=True, kw_only=True):
    """A picker did not find units in a bin, or none that can be sent: these orders go without."""

    location: str
    sku: str
    bin: str
    quantity: int
    short_reason: ShortReason
    orders: tuple[ForOrder, ...]


class LeftBehind(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Units of an order were reached in a bin, and lie there still."""

    order_id: UUID
    bin: str


class PickListFinished(Event, frozen=True, kw_only=True):
    """All that is wanted of a pick list is in its totes; ``left`` was reached and taken back before it was taken."""

    location: str
    left: tuple[LeftBehind, ...]
    ended_at: datetime


class PickListAbandoned(Event, frozen=True, kw_only=True):
    """A picker gave a pick list up; what was reached and not taken, ``left``, is to be fetched by somebody else."""

    location: str
    left: tuple[LeftBehind, ...]
    ended_at: datetime


class ParcelEvent(UnitsMoved, frozen=True, kw_only=True):
    """The part all events of a parcel share: the parcel as it is from now on."""

    parcel: Parcel

    @property
    def entry(self) -> str:
        """Returns what tells this parcel's movements of goods from others of the same order."""
        return f"parcel {self.parcel.parcel}"


class ParcelOpened(ParcelEvent, frozen=True, kw_only=True):
    """Somebody began to pack."""


class ItemPacked(ParcelEvent, frozen=True, kw_only=True):
    """Units were checked and laid into an open parcel."""

    sku: str
    quantity: int


class ItemUnpacked(ParcelEvent, frozen=True, kw_only=True):
    """Units were taken out of an open parcel."""

    sku: str
    quantity: int


class ParcelClosed(ParcelEvent, frozen=True, kw_only=True):
    """A parcel is packed; where a carrier takes it, its label is asked for."""


class ParcelReopened(ParcelEvent, frozen=True, kw_only=True):
    """A closed parcel is being unpacked: its label is not needed any more."""


class ParcelVoided(ParcelEvent, frozen=True, kw_only=True):
    """An open parcel was emptied and given up."""


class LabelRequested(ParcelEvent, frozen=True, kw_only=True):
    """The label is asked for once more: where the parcel goes has changed, or the carrier had refused it."""


class LabelPrinted(ParcelEvent, frozen=True, kw_only=True):
    """The carrier made the label; ``tracking_number`` names the parcel from now on."""

    carrier: str
    tracking_number: str


class LabelRefused(ParcelEvent, frozen=True, kw_only=True):
    """The carrier does not take the parcel like this."""

    carrier: str
    cause: str


class LabelVoided(ParcelEvent, frozen=True, kw_only=True):
    """The carrier took back a label that is not needed any more."""


class ParcelHandedOver(ParcelEvent, frozen=True, kw_only=True):
    """A parcel left the house: its goods are not on hand any more."""

    carrier: str
    tracking_number: str | None


class ParcelTracked(ParcelEvent, frozen=True, kw_only=True):
    """A carrier told where a parcel is: ``tracked``; the parcel's own status follows the newest news."""

    tracked: ParcelStatus
    tracking_number: str | None
