"""The order as decisions see it: its lines, the ledger of its units, its holds, and what was agreed."""

import enum
from datetime import date, datetime
from uuid import UUID

import msgspec

from aftercart.catalog.model import Component
from aftercart.inventory.model import Stage
from aftercart.kit.address import Address
from aftercart.kit.state import Key
from aftercart.shipping.model import Booking, Names, Promise
from aftercart.sourcing.model import Sourcing


class Status(enum.Enum):
    """The order in one word; derived, never set by hand."""

    AWAITING_PAYMENT = "awaiting_payment"  # more is to be paid than is authorized
    ON_HOLD = "on_hold"  # something else must be settled first
    BACKORDERED = "backordered"  # some units wait for stock
    CONFIRMED = "confirmed"  # all reserved, waiting for its release
    RELEASED = "released"  # handed to the floor, no bin reached
    IN_PREPARATION = "in_preparation"  # a hand touched the goods
    PARTLY_SHIPPED = "partly_shipped"  # some units left
    SHIPPED = "shipped"  # all units left
    DELIVERED = "delivered"  # all units arrived
    COMPLETED = "completed"  # delivered and nothing open any more
    CANCELED = "canceled"  # no unit is wanted any more
    RETURNED = "returned"  # all that was delivered came back


class HoldReason(enum.Enum):
    """What keeps an order from being released."""

    PAYMENT = "payment"  # the total is above what is authorized
    FRAUD_REVIEW = "fraud_review"  # somebody must look at it
    MISSING_STOCK = "missing_stock"  # units it was promised were not found
    ADDRESS = "address"  # the address cannot be delivered to
    CUSTOMER_CHOICE = "customer_choice"  # a question to the customer is open
    MANUAL = "manual"  # an agent stopped it


class CancellationReason(enum.Enum):
    """Why units are no longer wanted."""

    CHANGED_MIND = "changed_mind"  # the customer does not want it any more
    ORDERED_BY_MISTAKE = "ordered_by_mistake"  # it was never wanted
    TOO_SLOW = "too_slow"  # it would come too late
    FOUND_ELSEWHERE = "found_elsewhere"  # bought in another shop
    OTHER = "other"  # anything else
    PAYMENT_NOT_RECEIVED = "payment_not_received"  # the shop's own: the payment hold expired


class PriceMode(enum.Enum):
    """What units cost that a change adds or exchanges; all units of a line, as a line has one price."""

    KEEP_PAID = "keep_paid"  # what the customer paid for the line, or for the units that are exchanged
    PAY_DIFFERENCE = "pay_difference"  # what was paid, and what the other variant costs more in the catalog now
    CURRENT = "current"  # what the catalog says now
    OVERRIDE = "override"  # what an agent says, with a reason


class PromotionMode(enum.Enum):
    """What becomes of discounts when the contents of an order change."""

    KEEP = "keep"  # every unit keeps the share it got at placement
    RECOMPUTE = "recompute"  # the promotion is computed anew on what is wanted now
    CLAW_BACK = "claw_back"  # it is taken back while its minimum is not met


class PromotionKind(enum.Enum):
    """How a promotion computes its discount."""

    PERCENTAGE = "percentage"  # a share of the price of its lines
    AMOUNT = "amount"  # a sum, spread over its lines


class Replacement(enum.Enum):
    """Why a line took the place of another one."""

    VARIANT_SWAP = "variant_swap"  # another size or color of the same product
    SUBSTITUTE = "substitute"  # another product that was offered instead


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """Who ordered, often a guest."""

    email: str
    name: str
    phone: str | None
    locale: str


class Rating(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the delivery price was agreed on: the weight and value of the goods at checkout.

    ``offset_minor`` is what the shop asked above its tariff, or below: it stays when the tariff is another one.
    Delivery is free, by whichever method, while units of ``free_while_awaited`` are not there yet.
    """

    weight_grams: int
    value_minor: int
    offset_minor: int
    free_while_awaited: tuple[str, ...] = ()


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """How the goods travel: to an address or to a pickup point, at which price, promised for when.

    ``promised_date`` is the last day that was promised, and the order's place among those who wait; ``told_date`` says
    whether it still stands. ``promise`` is how it was calculated, ``None`` while nobody can say; ``given_date`` is a
    promise the shop itself made. Without ``rating`` the price is the shop's alone. ``names`` is
    what the method is called, and ``place`` where the goods are collected, as described when that was agreed.
    """

    method: str
    address: Address | None
    pickup_point: str | None
    price_minor: int
    promised_date: date | None
    method_version: int = 0
    names: Names | None = None
    place: Address | None = None
    slot_at: datetime | None = None
    given_date: date | None = None
    rating: Rating | None = None
    promise: Promise | None = None


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """How the order is paid and how much may be captured."""

    method: str
    authorized_minor: int


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """One reason to wait, since when, and when it ends by itself; ``note`` says more to those who may lift it."""

    reason: HoldReason
    since: datetime
    expires_at: datetime | None
    note: str | None = None


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """A promotion the order was placed under: basis points or minor units in ``value``.

    Its discount is due while the goods wanted, before discounts, come to ``minimum_minor`` at least.
    """

    code: str
    kind: PromotionKind
    value: int
    minimum_minor: int


class Fee(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer pays for a change, taxes included."""

    change: str
    amount_minor: int


class Awaited(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Units of a SKU that are to come at a location, and when: by a supply, or by being made; ``None``: who knows."""

    sku: str
    location: str
    expected_date: date | None
    reference: str | None


class OrderLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line. ``ordered`` only grows: lowering moves units to canceled.

    The discount was allocated over the first ``discount_units`` units and is frozen since; it counts for nothing while
    it is ``clawed_back``. The units of a bundle are those of its ``components``. Units that are ``made_to_order`` hold
    no stock before they are made. ``replaces`` is the line this one took the place of.
    """

    line: int
    sku: str
    product: str
    name: str
    ordered: int
    unit_price_minor: int
    tax_rate_bps: int
    discount_minor: int
    discount_units: int
    gift_message: str | None
    promotion: str | None = None
    clawed_back: bool = False
    components: tuple[Component, ...] = ()
    made_to_order: bool = False
    replaces: int | None = None
    replacement: Replacement | None = None
    weight_grams: int = 0


class Units(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of a line are in one stage at one place."""

    line: int
    sku: str
    location: str
    stage: Stage
    quantity: int


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order. ``version`` is the ``seq`` of its last event; ``fingerprint`` is the digest of how it was placed.

    With ``split_accepted`` what is there goes out without waiting for the rest. ``again_of`` is the order that the
    customer ordered again. ``awaited`` is what it waits for; ``bookings`` are the hours of trucks and the slot that
    are kept for it. ``touched_at`` is when the first of its goods was taken in hand.
    """

    order_id: UUID
    number: str
    channel: str
    reference: str | None
    fingerprint: str
    customer: Customer
    billing_address: Address | None
    currency: str
    lines: tuple[OrderLine, ...]
    units: tuple[Units, ...]
    delivery: Delivery
    payment: Payment
    holds: tuple[Hold, ...]
    sourcing: Sourcing
    status: Status
    total_minor: int
    placed_at: datetime
    release_at: datetime | None
    version: int
    promotions: tuple[Promotion, ...] = ()
    fees: tuple[Fee, ...] = ()
    gift_message: str | None = None
    split_accepted: bool = False
    released_at: datetime | None = None
    again_of: UUID | None = None
    awaited: tuple[Awaited, ...] = ()
    bookings: tuple[Booking, ...] = ()
    touched_at: datetime | None = None


class OrderKey(Key[Order], frozen=True, order=True, gc=False):
    """One order by its id."""

    order_id: UUID


class PlacedReference(msgspec.Struct, frozen=True, kw_only=True):
    """The order that was placed under a shop's own reference."""

    order_id: UUID
    number: str
    fingerprint: str


class ReferenceKey(Key[PlacedReference], frozen=True, order=True, gc=False):
    """A shop's own reference, unique in its channel for ever."""

    channel: str
    reference: str
