"""What callers say of an order they place or change: customer, lines, delivery, payment, prices."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec

from aftercart.kit.address import Address
from aftercart.kit.commands import Command
from aftercart.kit.money import Money
from aftercart.orders.model.order import PriceMode, PromotionKind, PromotionMode

LINES_MAX: Final = 2_000
QUANTITY_MAX: Final = 1_000_000

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
# In Python `$` alone lets a line break at the end pass.
Email = Annotated[str, msgspec.Meta(pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s.]+$(?!\n)", max_length=254)]
Locale = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}(-[A-Z]{2})?$(?!\n)", max_length=5)]
PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Phone = Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9 ().\-/]{4,30}$(?!\n)", max_length=31)]
PaymentMethod = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class CustomerInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who orders; ``locale`` is the language they read, such as ``fr`` or ``en-GB``."""

    email: Email
    name: PersonName
    locale: Locale
    phone: Phone | None = None


class LineInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the cart; without ``unit_price`` the catalog's price counts. ``discount`` is for the whole line.

    With ``promotion`` the discount comes from that promotion of the order.
    """

    sku: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)]
    unit_price: Money | None = None
    discount: Money | None = None
    promotion: Code | None = None
    gift_message: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None


class DeliveryInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the goods travel: to ``address``, or to ``pickup_point`` for the methods that are collected.

    A pickup point is one of the method's network, or the code of the store that serves the order.
    ``slot`` is the start of the one that was chosen, for scheduled methods. Without ``price`` and ``promised_date``
    they are calculated.
    """

    method: Code
    address: Address | None = None
    pickup_point: Code | None = None
    slot: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    price: Money | None = None
    promised_date: date | None = None


class PaymentInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the order is paid, and the amount the shop got authorized."""

    method: PaymentMethod
    authorized: Money


class PromotionInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A promotion the cart was under: ``rate`` for a percentage, ``amount`` for a sum; due from ``minimum`` on.

    The discounts themselves stand at the lines; this says how to compute them anew when the contents change.
    """

    code: Code
    kind: PromotionKind
    rate: Annotated[str, msgspec.Meta(max_length=6, examples=["0.10"])] | None = None
    amount: Money | None = None
    minimum: Money | None = None


class Pricing(msgspec.Struct, frozen=True, kw_only=True):
    """How a change is priced; only staff may say. Without ``price`` the rule of the change counts.

    ``unit_price`` and ``price_reason`` go with ``override``. Without ``promotions`` the merchant's policy counts.
    """

    price: PriceMode | None = None
    unit_price: Money | None = None
    price_reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    promotions: PromotionMode | None = None


class OrderChange(Command, frozen=True, kw_only=True, tag_field="operation"):
    """A wish about one order that exists; several of them may be asked for as one."""

    order_id: UUID
