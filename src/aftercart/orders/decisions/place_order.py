"""Placing an order: what the customer bought becomes lines, units with a place each, totals and holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from aftercart.kit.address import Address, validate_address
from aftercart.kit.commands import Command
from aftercart.kit.refusal import Invalid, Refusal
from aftercart.orders.events import OrderPlaced
from aftercart.orders.model import (
    LINES_MAX,
    Code,
    Customer,
    CustomerInput,
    DeliveryInput,
    LineInput,
    Payment,
    PaymentInput,
    Promotion,
    PromotionInput,
)
from aftercart.orders.rules.advantages import with_advantages
from aftercart.orders.rules.aftermath import settle_first
from aftercart.orders.rules.amounts import amount_in
from aftercart.orders.rules.delivery import delivery_of, place_param
from aftercart.orders.rules.facts import Facts
from aftercart.orders.rules.lines import line_from, promotion_from
from aftercart.orders.rules.stock_for_lines import demands_of, place_units


class PlaceOrder(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take this order. ``reference`` is the shop's own number, unique in its channel for ever."""

    channel: Code
    customer: CustomerInput
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$", max_length=3)]
    lines: Annotated[tuple[LineInput, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    delivery: DeliveryInput
    payment: PaymentInput
    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    billing_address: Address | None = None
    placed_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    promotions: Annotated[tuple[PromotionInput, ...], msgspec.Meta(max_length=20)] = ()
    gift_message: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None


class ReferenceAlreadyUsed(Refusal):
    """The channel placed another order under this reference before."""

    def __init__(self, *, reference: str, number: str) -> None:
        super().__init__(param="reference", reference=reference, number=number)


def place_order(command: PlaceOrder, *, number: str, fingerprint: str, facts: Facts) -> OrderPlaced:
    """Returns the order's first event.

    Raises ``Invalid`` for a field that cannot be, ``InsufficientStock`` when units are missing and may not wait, and
    ``NotInStore`` for the store that was chosen when they are missing there.
    """
    facts = msgspec.structs.replace(facts, now=_placed_at(command, facts.now))
    currency = command.currency
    promotions = tuple(
        promotion_from(wish, currency=currency, param=f"promotions[{index}]")
        for index, wish in enumerate(command.promotions)
    )
    _require_each_once(promotions)
    lines = tuple(
        line_from(
            wish, number=index + 1, facts=facts, currency=currency, promotions=promotions, param=f"lines[{index}]"
        )
        for index, wish in enumerate(command.lines)
    )
    lines, free_with = with_advantages(lines, command.lines, facts)
    delivery = delivery_of(
        command.delivery,
        lines=lines,
        value_minor=sum(line.unit_price_minor * line.ordered - line.discount_minor for line in lines),
        currency=currency,
        facts=facts,
        free_with=free_with,
    )
    demands = tuple(demand for line in lines for demand in demands_of(line, line.ordered))
    at_fault = place_param(facts.methods[delivery.method], otherwise="lines", below="delivery.")
    placing = place_units(demands, facts, candidates=facts.candidates, param=at_fault)
    billing = command.billing_address
    event = OrderPlaced(
        moves=placing.moves,
        number=number,
        channel=command.channel,
        reference=command.reference,
        fingerprint=fingerprint,
        customer=customer_from(command.customer),
        billing_address=None if billing is None else validate_address(billing, param="billing_address"),
        currency=currency,
        lines=lines,
        delivery=delivery,
        payment=_payment(command.payment, currency),
        sourcing=placing.sourcing,
        placed_at=facts.now,
        promotions=promotions,
        gift_message=command.gift_message or None,
    )
    return settle_first(event, facts)


def customer_from(wish: CustomerInput) -> Customer:
    """Returns who orders; e-mail addresses are kept in lower case."""
    return Customer(email=wish.email.lower(), name=wish.name, phone=wish.phone, locale=wish.locale)


def _placed_at(command: PlaceOrder, now: datetime) -> datetime:
    placed_at = command.placed_at or now
    if placed_at > now:
        raise Invalid(param="placed_at", expected="a moment that is not in the future", got=placed_at.isoformat())
    return placed_at


def _require_each_once(promotions: Sequence[Promotion]) -> None:
    seen: set[str] = set()
    for index, promotion in enumerate(promotions):
        if promotion.code in seen:
            raise Invalid(param=f"promotions[{index}].code", expected="each promotion once", got=promotion.code)
        seen.add(promotion.code)


def _payment(wish: PaymentInput, currency: str) -> Payment:
    authorized = amount_in(currency, wish.authorized, param="payment.authorized")
    return Payment(method=wish.method, authorized_minor=authorized)
