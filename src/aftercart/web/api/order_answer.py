"""An order as the API shows it: every amount with its currency, every line with the stages of its units."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from aftercart.catalog.model import Component
from aftercart.inventory.model import UNWANTED_STAGES, Stage
from aftercart.kit.address import Address
from aftercart.kit.money import format_rate
from aftercart.orders.model import (
    Customer,
    Hold,
    Order,
    OrderLine,
    Promotion,
    Replacement,
    Status,
    Units,
)
from aftercart.orders.rules.told_date import told_date
from aftercart.orders.rules.totals import Totals, discount_of, totals_of
from aftercart.orders.rules.unit_ledger import units_per_piece
from aftercart.shipping.model import Names, PromiseStep
from aftercart.sourcing.model import Sourcing
from aftercart.web.api.amounts import Amount


class UnitsAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """So many units of the line are in this stage at this location."""

    location: str
    sku: str
    stage: Stage
    quantity: int


class LineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One line. ``quantity`` is still wanted, ``discount`` belongs to that quantity; ``stages`` counts all units.

    The units of a bundle are those of its ``components``. ``replaces`` is the line this one took the place of.
    """

    line: int
    sku: str
    product: str
    name: str
    quantity: int
    ordered: int
    unit_price: Amount
    discount: Amount
    tax_rate: str
    gift_message: str | None
    promotion: str | None
    made_to_order: bool
    components: tuple[Component, ...]
    replaces: int | None
    replacement: Replacement | None
    stages: dict[Stage, int]
    locations: list[UnitsAnswer]


class TaxAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The tax of one rate inside the total: ``gross`` is ``net`` and ``tax``."""

    rate: str
    gross: Amount
    net: Amount
    tax: Amount


class TotalsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is still wanted costs this, taxes included; ``items`` is before ``discount``, ``fees`` are for changes."""

    items: Amount
    discount: Amount
    delivery: Amount
    fees: Amount
    total: Amount
    taxes: list[TaxAnswer]


class DeliveryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How the goods travel: to ``address`` or to ``pickup_point``, in the slot that begins at ``slot_at``.

    ``names`` is what the method is called, ``place`` where the goods are collected. They arrive between two dates;
    without a ``promised_date`` nobody can say yet. ``calculation`` is how it came about.
    """

    method: str
    method_version: int
    names: Names | None
    address: Address | None
    pickup_point: str | None
    place: Address | None
    slot_at: datetime | None
    price: Amount
    earliest_date: date | None
    promised_date: date | None
    calculation: tuple[PromiseStep, ...]


class PaymentAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How the order is paid, and how much may be captured."""

    method: str
    authorized: Amount


class AwaitedAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Units of a SKU that are to come, and when if anybody knows; to customers neither where nor with which supply."""

    sku: str
    location: str | None
    expected_date: date | None
    reference: str | None


class OrderAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An order. ``version`` grows with every event; it is also the ``ETag``.

    A customer sees no notes of holds, no ``sourcing`` and no ``locations``; to them a ``fraud_review`` is ``manual``.
    """

    id: UUID
    number: str
    version: int
    status: Status
    reference: str | None
    channel: str
    customer: Customer
    billing_address: Address | None
    currency: str
    lines: list[LineAnswer]
    totals: TotalsAnswer
    delivery: DeliveryAnswer
    payment: PaymentAnswer
    holds: tuple[Hold, ...]
    awaited: tuple[AwaitedAnswer, ...]
    sourcing: Sourcing | None
    promotions: tuple[Promotion, ...]
    gift_message: str | None
    split_accepted: bool
    placed_at: datetime
    release_at: datetime | None
    released_at: datetime | None
    again_of: UUID | None


def order_answer(order: Order) -> OrderAnswer:
    """Returns the order as the API shows it."""
    currency = order.currency
    by_line: dict[int, list[Units]] = {}
    for units in order.units:
        by_line.setdefault(units.line, []).append(units)
    return OrderAnswer(
        id=order.order_id,
        number=order.number,
        version=order.version,
        status=order.status,
        reference=order.reference,
        channel=order.channel,
        customer=order.customer,
        billing_address=order.billing_address,
        currency=currency,
        lines=[_line(line, by_line[line.line], currency) for line in order.lines],
        totals=totals_answer(totals_of(order), currency),
        delivery=_delivery(order, currency),
        payment=PaymentAnswer(
            method=order.payment.method,
            authorized=Amount(minor_units=order.payment.authorized_minor, currency=currency),
        ),
        holds=order.holds,
        awaited=tuple(
            AwaitedAnswer(sku=one.sku, location=one.location, expected_date=one.expected_date, reference=one.reference)
            for one in order.awaited
        ),
        sourcing=order.sourcing,
        promotions=order.promotions,
        gift_message=order.gift_message,
        split_accepted=order.split_accepted,
        placed_at=order.placed_at,
        release_at=order.release_at,
        released_at=order.released_at,
        again_of=order.again_of,
    )


def totals_answer(totals: Totals, currency: str) -> TotalsAnswer:
    """Returns totals with their currency."""
    return TotalsAnswer(
        items=Amount(minor_units=totals.items_minor, currency=currency),
        discount=Amount(minor_units=totals.discount_minor, currency=currency),
        delivery=Amount(minor_units=totals.delivery_minor, currency=currency),
        fees=Amount(minor_units=totals.fees_minor, currency=currency),
        total=Amount(minor_units=totals.total_minor, currency=currency),
        taxes=[
            TaxAnswer(
                rate=format_rate(part.rate_bps),
                gross=Amount(minor_units=part.gross_minor, currency=currency),
                net=Amount(minor_units=part.gross_minor - part.tax_minor, currency=currency),
                tax=Amount(minor_units=part.tax_minor, currency=currency),
            )
            for part in totals.taxes
        ],
    )


def _delivery(order: Order, currency: str) -> DeliveryAnswer:
    delivery = order.delivery
    promise = delivery.promise
    return DeliveryAnswer(
        method=delivery.method,
        method_version=delivery.method_version,
        names=delivery.names,
        address=delivery.address,
        pickup_point=delivery.pickup_point,
        place=delivery.place,
        slot_at=delivery.slot_at,
        price=Amount(minor_units=delivery.price_minor, currency=currency),
        earliest_date=None if promise is None else promise.earliest_date,
        promised_date=told_date(order),
        calculation=() if promise is None else promise.steps,
    )


def _line(line: OrderLine, units: list[Units], currency: str) -> LineAnswer:
    stages: dict[Stage, int] = {}
    for entry in units:
        stages[entry.stage] = stages.get(entry.stage, 0) + entry.quantity
    quantity = sum(units for stage, units in stages.items() if stage not in UNWANTED_STAGES) // units_per_piece(line)
    return LineAnswer(
        line=line.line,
        sku=line.sku,
        product=line.product,
        name=line.name,
        quantity=quantity,
        ordered=line.ordered,
        unit_price=Amount(minor_units=line.unit_price_minor, currency=currency),
        discount=Amount(minor_units=discount_of(line, quantity), currency=currency),
        tax_rate=format_rate(line.tax_rate_bps),
        gift_message=line.gift_message,
        promotion=line.promotion,
        made_to_order=line.made_to_order,
        components=line.components,
        replaces=line.replaces,
        replacement=line.replacement,
        stages=stages,
        locations=[
            UnitsAnswer(location=entry.location, sku=entry.sku, stage=entry.stage, quantity=entry.quantity)
            for entry in units
        ],
    )
