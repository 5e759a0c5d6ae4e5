"""What a caller may want of an order that exists: one shape a change, for a call of its own and inside an amendment."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from aftercart.kit.address import Address
from aftercart.kit.money import Money
from aftercart.orders.decisions.accept_split import AcceptSplit
from aftercart.orders.decisions.add_gift_message import AddGiftMessage
from aftercart.orders.decisions.add_line import AddLine
from aftercart.orders.decisions.cancel_lines import CancelLines, LineToCancel
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_contact import ChangeContact
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.decisions.change_delivery_method import ChangeDeliveryMethod
from aftercart.orders.decisions.change_line_quantity import ChangeLineQuantity
from aftercart.orders.decisions.change_payment_method import ChangePaymentMethod
from aftercart.orders.decisions.change_pickup_point import ChangePickupPoint
from aftercart.orders.decisions.finish_production import FinishProduction
from aftercart.orders.decisions.hold_order import HoldOrder
from aftercart.orders.decisions.lift_hold import LiftHold
from aftercart.orders.decisions.order_again import OrderAgain
from aftercart.orders.decisions.release_order import ReleaseOrder
from aftercart.orders.decisions.start_production import StartProduction
from aftercart.orders.decisions.swap_variant import SwapVariant
from aftercart.orders.model import (
    LINES_MAX,
    QUANTITY_MAX,
    CancellationReason,
    Code,
    DeliveryInput,
    Email,
    HoldReason,
    LineInput,
    Locale,
    OrderChange,
    PaymentInput,
    PaymentMethod,
    PersonName,
    Phone,
    PriceMode,
    Pricing,
    PromotionMode,
)
from aftercart.web.api.moments import moment_in_utc

Quantity = Annotated[int, Meta(ge=1, le=QUANTITY_MAX)]
GiftMessage = Annotated[str, Meta(max_length=1_000)]


class Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is wanted of the order in the path."""

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        raise NotImplementedError


class PricedWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``price`` and what goes with it is for staff, ``override`` with a reason; ``pay_difference`` goes with a swap.

    All units of a line cost the same: on a quantity ``price`` says what the line costs from now on, not what is added.
    """

    price: PriceMode | None = None
    unit_price: Money | None = None
    price_reason: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    promotions: PromotionMode | None = None

    @property
    def pricing(self) -> Pricing:
        """Returns how it is to be priced."""
        return Pricing(
            price=self.price,
            unit_price=self.unit_price,
            price_reason=self.price_reason,
            promotions=self.promotions,
        )


class ChangeDeliveryAddressWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address to send the goods to instead."""

    address: Address

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return ChangeDeliveryAddress(order_id=order_id, address=self.address)


class ChangeDeliveryMethodWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The method to bring the goods by, and the place that goes with it; without ``address`` the one it had."""

    method: Code
    address: Address | None = None
    pickup_point: Code | None = None
    slot: Annotated[datetime, Meta(tz=True)] | None = None

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        slot = None if self.slot is None else moment_in_utc(self.slot, param="slot")
        return ChangeDeliveryMethod(
            order_id=order_id, method=self.method, address=self.address, pickup_point=self.pickup_point, slot=slot
        )


class ChangePickupPointWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to collect the goods instead: a point of the same network, or another store."""

    pickup_point: Code

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return ChangePickupPoint(order_id=order_id, pickup_point=self.pickup_point)


class ChangeContactWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is given replaces what was; a ``phone`` of null takes the number away."""

    email: Email | None = None
    name: PersonName | None = None
    phone: Phone | UnsetType | None = UNSET
    locale: Locale | None = None

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return ChangeContact(order_id=order_id, email=self.email, name=self.name, phone=self.phone, locale=self.locale)


class ChangePaymentMethodWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the order is paid instead; what is authorized stays as it is."""

    method: PaymentMethod

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return ChangePaymentMethod(order_id=order_id, method=self.method)


class AddLineWish(PricedWish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is wanted too, at the catalog's current price."""

    sku: Code
    quantity: Quantity
    gift_message: GiftMessage | None = None

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return AddLine(
            order_id=order_id,
            sku=self.sku,
            quantity=self.quantity,
            gift_message=self.gift_message,
            pricing=self.pricing,
        )


class ChangeLineQuantityWish(PricedWish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many units of the line are wanted in all; at least one, as ``cancel-lines`` removes a line."""

    line: int
    quantity: int

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return ChangeLineQuantity(order_id=order_id, line=self.line, quantity=self.quantity, pricing=self.pricing)


class SwapVariantWish(PricedWish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The variant to have instead: another of the same product, or a substitute; for all of the line by default."""

    line: int
    sku: Code
    quantity: Quantity | None = None

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return SwapVariant(
            order_id=order_id, line=self.line, sku=self.sku, quantity=self.quantity, pricing=self.pricing
        )


class AddGiftMessageWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words to send along with one ``line``, or with the whole order; empty ones take them back."""

    message: GiftMessage
    line: int | None = None

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return AddGiftMessage(order_id=order_id, message=self.message, line=self.line)


class CancelLinesWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The lines to take out, and why; without ``quantity`` all of a line."""

    lines: Annotated[tuple[LineToCancel, ...], Meta(min_length=1, max_length=LINES_MAX)]
    reason: CancellationReason
    promotions: PromotionMode | None = None

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return CancelLines(order_id=order_id, lines=self.lines, reason=self.reason, promotions=self.promotions)


class CancelOrderWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why nothing of the order is wanted any more."""

    reason: CancellationReason

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return CancelOrder(order_id=order_id, reason=self.reason)


class AcceptSplitWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is there comes now and the rest later, at no further cost."""

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return AcceptSplit(order_id=order_id)


class HoldOrderWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the order is stopped, and when that ends by itself."""

    reason: HoldReason = HoldReason.MANUAL
    note: Annotated[str, Meta(max_length=500)] | None = None
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        expires_at = None if self.expires_at is None else moment_in_utc(self.expires_at, param="expires_at")
        return HoldOrder(order_id=order_id, reason=self.reason, note=self.note, expires_at=expires_at)


class LiftHoldWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which hold is settled."""

    reason: HoldReason = HoldReason.MANUAL

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return LiftHold(order_id=order_id, reason=self.reason)


class ReleaseOrderWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing more: the order goes to the floor at once."""

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return ReleaseOrder(order_id=order_id)


class StartProductionWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The line whose production begins; all of it without ``quantity``."""

    line: int
    quantity: Quantity | None = None

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return StartProduction(order_id=order_id, line=self.line, quantity=self.quantity)


class FinishProductionWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The line whose units are made; all that were begun without ``quantity``."""

    line: int
    quantity: Quantity | None = None

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return FinishProduction(order_id=order_id, line=self.line, quantity=self.quantity)


class OrderAgainWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs from the order: other ``lines``, another ``delivery``, and how it is paid."""

    lines: Annotated[tuple[LineInput, ...], Meta(min_length=1, max_length=LINES_MAX)] | None = None
    delivery: DeliveryInput | None = None
    payment: PaymentInput | None = None

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return OrderAgain(order_id=order_id, lines=self.lines, delivery=self.delivery, payment=self.payment)
