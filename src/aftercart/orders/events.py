"""What happens to an order: facts in the past tense, in one gapless stream per order."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from aftercart.inventory.model import UnitMove
from aftercart.kit.address import Address
from aftercart.kit.state import Event
from aftercart.orders.model import (
    Awaited,
    CancellationReason,
    Channel,
    Customer,
    Delivery,
    Fee,
    Hold,
    HoldReason,
    OrderLine,
    Payment,
    Policy,
    PriceMode,
    Promotion,
)
from aftercart.shipping.model import Booking, Names
from aftercart.sourcing.model import Sourcing


class ChannelsUpserted(Event, frozen=True, kw_only=True):
    """Channels were added or changed; each one stands here as it is from now on."""

    channels: tuple[Channel, ...]


class PolicySet(Event, frozen=True, kw_only=True):
    """The merchant decided anew on release, changes or sourcing; this is the whole policy from now on."""

    policy: Policy


class LinePricing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a line costs from now on."""

    line: int
    unit_price_minor: int
    discount_minor: int
    discount_units: int
    clawed_back: bool


class OrderEvent(Event, frozen=True, kw_only=True):
    """The part all events of an order share: units moved, prices, and what keeps the order waiting from now on.

    Decisions say what happens; ``settle`` (rules/aftermath.py) adds what that leaves behind. ``awaited`` is ``None``
    where it stays as it is; ``bookings`` are what is taken of trucks and slots, or given back.
    """

    moves: tuple[UnitMove, ...] = ()
    holds: tuple[Hold, ...] = ()
    release_at: datetime | None = None
    repriced: tuple[LinePricing, ...] = ()
    fee: Fee | None = None
    awaited: tuple[Awaited, ...] | None = None
    bookings: tuple[Booking, ...] = ()


class OrderPlaced(OrderEvent, frozen=True, kw_only=True):
    """A customer ordered; every unit has its first stage and place."""

    number: str
    channel: str
    reference: str | None
    fingerprint: str
    customer: Customer
    billing_address: Address | None
    currency: str
    lines: tuple[OrderLine, ...]
    delivery: Delivery
    payment: Payment
    sourcing: Sourcing
    placed_at: datetime
    promotions: tuple[Promotion, ...] = ()
    gift_message: str | None = None
    again_of: UUID | None = None


class OrderChanged(OrderEvent, frozen=True, kw_only=True):
    """The part all later events of an order share; ``delivery`` is ``None`` where it stays as it is."""

    delivery: Delivery | None = None


class UnitsMoved(OrderChanged, frozen=True, kw_only=True):
    """The part all events share by which work on an order goes on; what was agreed with its customer stays.

    ``at`` is when hands did it.
    """

    at: datetime | None = None


class DeliveryAddressChanged(OrderChanged, frozen=True, kw_only=True):
    """The goods go to another address."""

    previous: Address
    address: Address
    sourcing: Sourcing | None = None


class DeliveryMethodChanged(OrderChanged, frozen=True, kw_only=True):
    """The goods travel another way; ``names`` is what it is called."""

    previous: str
    method: str
    names: Names
    sourcing: Sourcing | None


class PickupPointChanged(OrderChanged, frozen=True, kw_only=True):
    """The goods are collected elsewhere; ``name`` is what the place is called."""

    previous: str
    pickup_point: str
    name: str
    sourcing: Sourcing | None


class ExpectationMoved(OrderChanged, frozen=True, kw_only=True):
    """What the order waits for comes on another day than was thought; what was promised stands."""

    sku: str
    location: str
    previous_date: date | None
    expected_date: date | None


class PromiseMoved(OrderChanged, frozen=True, kw_only=True):
    """The order is promised for another day: what it waits for comes on another one, or a hold kept it too long.

    Where a hold did, there is no ``sku``, ``location`` and ``expected_date``.
    """

    sku: str | None
    location: str | None
    expected_date: date | None
    previous_date: date | None
    promised_date: date | None


class ContactChanged(OrderChanged, frozen=True, kw_only=True):
    """Another name, e-mail address, telephone number or language."""

    previous: Customer
    customer: Customer


class PaymentMethodChanged(OrderChanged, frozen=True, kw_only=True):
    """The order is paid another way."""

    previous: str
    method: str


class GiftMessageAdded(OrderChanged, frozen=True, kw_only=True):
    """Words for the parcel, with one line or with all of it; ``None`` takes them back."""

    line: int | None
    message: str | None


class LineAdded(OrderChanged, frozen=True, kw_only=True):
    """Something else is wanted too."""

    line: OrderLine
    price: PriceMode
    price_reason: str | None


class VariantSwapped(OrderChanged, frozen=True, kw_only=True):
    """Units of a line are exchanged for another variant, which has a line of its own."""

    line: int
    sku: str
    quantity: int
    new_line: OrderLine
    price: PriceMode
    price_reason: str | None


class LineQuantityChanged(OrderChanged, frozen=True, kw_only=True):
    """More or fewer units of a line are wanted; quantities are those still wanted."""

    line: int
    previous_quantity: int
    quantity: int
    price: PriceMode = PriceMode.KEEP_PAID
    price_reason: str | None = None


class CanceledLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of a line are no longer wanted."""

    line: int
    quantity: int


class LinesCanceled(OrderChanged, frozen=True, kw_only=True):
    """Some units are no longer wanted; others are."""

    lines: tuple[CanceledLine, ...]
    reason: CancellationReason


class OrderCanceled(OrderChanged, frozen=True, kw_only=True):
    """Nothing of the order is wanted any more."""

    reason: CancellationReason


class BackorderReserved(OrderChanged, frozen=True, kw_only=True):
    """Units that waited for stock got it."""


class MissingUnits(UnitsMoved, frozen=True, kw_only=True):
    """The part all events share by which units turn out not to be where they should be."""

    location: str
    sku: str
    quantity: int


class UnitsMissing(MissingUnits, frozen=True, kw_only=True):
    """Units that were reserved were not found at their location; they wait for stock again."""


class OrderHeld(OrderChanged, frozen=True, kw_only=True):
    """The order is stopped for a reason, by somebody or because it is unpaid and cannot be canceled any more.

    It is not released before that is settled.
    """

    hold: HoldReason
    since: datetime
    expires_at: datetime | None
    note: str | None


class HoldLifted(OrderChanged, frozen=True, kw_only=True):
    """A reason to wait is settled, or its time is over."""

    hold: HoldReason


class SplitAccepted(OrderChanged, frozen=True, kw_only=True):
    """What is there goes out now, the rest when it comes."""


class OrderReleased(OrderChanged, frozen=True, kw_only=True):
    """Units were handed to the floor of these locations."""

    locations: tuple[str, ...]
    released_at: datetime


class ProductionStarted(OrderChanged, frozen=True, kw_only=True):
    """Work on a line that is made to order began."""

    line: int
    quantity: int


class ProductionFinished(OrderChanged, frozen=True, kw_only=True):
    """Units of a line that is made to order exist now, at the location that made them."""

    line: int
    sku: str
    location: str
    quantity: int
    made_before: int
    finished_at: datetime

    @property
    def entry(self) -> str:
        """Returns what tells this piece of work from others of the same order."""
        return f"{self.line}/{self.made_before}"
