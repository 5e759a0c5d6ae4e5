"""Placing an order: what the customer bought becomes lines, units with a place each, totals and holds."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Final

import msgspec

from aftercart.catalog.model import Variant, VariantKind
from aftercart.inventory.model import Location
from aftercart.kit.address import Address, validate_address
from aftercart.kit.commands import Command
from aftercart.kit.money import Money
from aftercart.kit.refusal import Invalid, Refusal
from aftercart.orders.events import OrderPlaced
from aftercart.orders.model import Customer, Delivery, DeliveryMethod, OrderLine, Payment
from aftercart.orders.rules.aftermath import first_aftermath
from aftercart.orders.rules.stock_for_lines import place_units
from aftercart.orders.rules.supply import Supply
from aftercart.sourcing.model import Demand

LINES_MAX: Final = 2_000
QUANTITY_MAX: Final = 1_000_000
UNIT_PRICE_MAX: Final = 1_000_000_000
COLLECTED_METHODS: Final = frozenset({DeliveryMethod.MONDIAL_RELAY_POINT, DeliveryMethod.STORE_PICKUP})

_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class CustomerInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who orders; ``locale`` is the language they read, such as ``fr`` or ``en-GB``."""

    # In Python `$` alone lets a line break at the end pass.
    email: Annotated[str, msgspec.Meta(pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s.]+$(?!\n)", max_length=254)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    locale: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}(-[A-Z]{2})?$(?!\n)", max_length=5)]
    phone: Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9 ().\-/]{4,30}$(?!\n)", max_length=31)] | None = None


class LineInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the cart; without ``unit_price`` the catalog's price counts. ``discount`` is for the whole line."""

    sku: _Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)]
    unit_price: Money | None = None
    discount: Money | None = None
    gift_message: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None


class DeliveryInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the goods travel: to ``address``, or to ``pickup_point`` for the methods that are collected."""

    method: DeliveryMethod
    address: Address | None = None
    pickup_point: _Code | None = None
    price: Money | None = None
    promised_date: date | None = None


class PaymentInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the order is paid, and the amount the shop got authorized."""

    method: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    authorized: Money


class PlaceOrder(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take this order. ``reference`` is the shop's own number, unique in its channel for ever."""

    channel: _Code
    customer: CustomerInput
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$", max_length=3)]
    lines: Annotated[tuple[LineInput, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    delivery: DeliveryInput
    payment: PaymentInput
    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    billing_address: Address | None = None
    placed_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class ReferenceAlreadyUsed(Refusal):
    """The channel placed another order under this reference before."""

    def __init__(self, *, reference: str, number: str) -> None:
        super().__init__(param="reference", reference=reference, number=number)


def place_order(
    command: PlaceOrder,
    *,
    number: str,
    fingerprint: str,
    supply: Supply,
    now: datetime,
) -> OrderPlaced:
    """Returns the order's first event.

    Raises ``Invalid`` for a field that cannot be, ``InsufficientStock`` when units are missing and may not wait.
    """
    placed_at = command.placed_at or now
    if placed_at > now:
        raise Invalid(param="placed_at", expected="a moment that is not in the future", got=placed_at.isoformat())
    lines = tuple(_line(command, index, supply.variants) for index in range(len(command.lines)))
    delivery = delivery_of(command.delivery, currency=command.currency, locations=supply.locations)
    authorized = _amount(command.payment.authorized, command.currency, param="payment.authorized")
    demands = tuple(Demand(line=line.line, sku=line.sku, quantity=line.ordered) for line in lines)
    placing = place_units(demands, supply, candidates=supply.candidates, param="lines")
    billing = command.billing_address
    payment = Payment(method=command.payment.method, authorized_minor=authorized)
    aftermath = first_aftermath(
        lines, placing.moves, delivery=delivery, payment=payment, locations=supply.locations, now=placed_at
    )
    return OrderPlaced(
        moves=placing.moves,
        holds=aftermath.holds,
        release_at=aftermath.release_at,
        number=number,
        channel=command.channel,
        reference=command.reference,
        fingerprint=fingerprint,
        customer=Customer(
            email=command.customer.email.lower(),
            name=command.customer.name,
            phone=command.customer.phone,
            locale=command.customer.locale,
        ),
        billing_address=None if billing is None else validate_address(billing, param="billing_address"),
        currency=command.currency,
        lines=lines,
        delivery=delivery,
        payment=payment,
        sourcing=placing.sourcing,
        placed_at=placed_at,
    )


def _line(command: PlaceOrder, index: int, variants: Mapping[str, Variant]) -> OrderLine:
    line = command.lines[index]
    at = f"lines[{index}]"
    variant = variants.get(line.sku)
    if variant is None:
        raise Invalid(param=f"{at}.sku", expected="a known SKU", got=line.sku)
    if variant.kind is VariantKind.BUNDLE:
        raise Invalid(param=f"{at}.sku", expected="a SKU that is no bundle", got=line.sku)
    if line.unit_price is None:
        if variant.currency != command.currency:
            expected = f"a price in {command.currency}, as the catalog's is in {variant.currency}"
            raise Invalid(param=f"{at}.unit_price", expected=expected, got=None)
        unit_price = variant.price_minor
    else:
        unit_price = _amount(line.unit_price, command.currency, param=f"{at}.unit_price")
    if unit_price > UNIT_PRICE_MAX:
        raise Invalid(param=f"{at}.unit_price", expected=f"at most {UNIT_PRICE_MAX} minor units", got=unit_price)
    discount = _amount(line.discount, command.currency, param=f"{at}.discount") if line.discount else 0
    if discount > unit_price * line.quantity:
        expected = f"at most the price of the line, {unit_price * line.quantity} minor units"
        raise Invalid(param=f"{at}.discount", expected=expected, got=discount)
    return OrderLine(
        line=index + 1,
        sku=line.sku,
        product=variant.product,
        name=variant.name,
        ordered=line.quantity,
        unit_price_minor=unit_price,
        tax_rate_bps=variant.tax_rate_bps,
        discount_minor=discount,
        discount_units=line.quantity,
        gift_message=line.gift_message,
    )


def delivery_of(delivery: DeliveryInput, *, currency: str, locations: Sequence[Location]) -> Delivery:
    """Returns the delivery as agreed; raises ``Invalid`` for a place that does not go with the method."""
    price = _amount(delivery.price, currency, param="delivery.price") if delivery.price else 0
    address, point = delivery.address, delivery.pickup_point
    if delivery.method in COLLECTED_METHODS:
        if address is not None:
            raise Invalid(
                param="delivery.address", expected=f"no address with {delivery.method.value}", got="an address"
            )
        _require_pickup_point(delivery.method, point, locations)
    else:
        if point is not None:
            raise Invalid(param="delivery.pickup_point", expected=f"none with {delivery.method.value}", got=point)
        if address is None:
            raise Invalid(param="delivery.address", expected=f"an address for {delivery.method.value}", got=None)
        address = validate_address(address, param="delivery.address")
    return Delivery(
        method=delivery.method,
        address=address,
        pickup_point=point,
        price_minor=price,
        promised_date=delivery.promised_date,
    )


def _require_pickup_point(method: DeliveryMethod, point: str | None, locations: Sequence[Location]) -> None:
    if point is None:
        raise Invalid(param="delivery.pickup_point", expected=f"a pickup point for {method.value}", got=None)
    if method is DeliveryMethod.STORE_PICKUP and not any(
        location.code == point and location.pickups for location in locations
    ):
        expected = "the code of a location where orders are collected"
        raise Invalid(param="delivery.pickup_point", expected=expected, got=point)


def _amount(money: Money, currency: str, *, param: str) -> int:
    if money.currency != currency:
        raise Invalid(param=f"{param}.currency", expected=f"the order's currency, {currency}", got=money.currency)
    if money.minor_units < 0:
        raise Invalid(param=f"{param}.minor_units", expected="zero or more", got=money.minor_units)
    return money.minor_units
