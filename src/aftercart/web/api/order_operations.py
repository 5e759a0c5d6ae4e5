"""Several changes as one: each of them is what its own call takes, named by ``operation``."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from aftercart.orders.decisions.amend import OPERATIONS_MAX, Amend
from aftercart.orders.model import OrderChange
from aftercart.web.api import order_wishes as wishes
from aftercart.web.api.order_wishes import Wish


class ChangeDeliveryAddressOperation(
    wishes.ChangeDeliveryAddressWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="change_delivery_address",
):
    """The goods go to another address."""


class ChangeDeliveryMethodOperation(
    wishes.ChangeDeliveryMethodWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="change_delivery_method",
):
    """The goods travel another way."""


class ChangePickupPointOperation(
    wishes.ChangePickupPointWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="change_pickup_point",
):
    """The goods are collected elsewhere."""


class ChangeContactOperation(
    wishes.ChangeContactWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="change_contact",
):
    """The customer is reached another way."""


class ChangePaymentMethodOperation(
    wishes.ChangePaymentMethodWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="change_payment_method",
):
    """It is paid another way."""


class AddLineOperation(
    wishes.AddLineWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="add_line",
):
    """Something else is wanted too."""


class ChangeLineQuantityOperation(
    wishes.ChangeLineQuantityWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="change_line_quantity",
):
    """More or fewer of a line are wanted."""


class SwapVariantOperation(
    wishes.SwapVariantWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="swap_variant",
):
    """Another variant is wanted instead."""


class AddGiftMessageOperation(
    wishes.AddGiftMessageWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="add_gift_message",
):
    """Words go along."""


class CancelLinesOperation(
    wishes.CancelLinesWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="cancel_lines",
):
    """Some lines are not wanted."""


class AcceptSplitOperation(
    wishes.AcceptSplitWish,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="accept_split",
):
    """What is there comes now."""


AnyOperation = (
    ChangeDeliveryAddressOperation
    | ChangeDeliveryMethodOperation
    | ChangePickupPointOperation
    | ChangeContactOperation
    | ChangePaymentMethodOperation
    | AddLineOperation
    | ChangeLineQuantityOperation
    | SwapVariantOperation
    | AddGiftMessageOperation
    | CancelLinesOperation
    | AcceptSplitOperation
)


class AmendWish(Wish, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Changes to be made together; each is what its own call takes, with its name in ``operation``."""

    operations: Annotated[tuple[AnyOperation, ...], Meta(min_length=1, max_length=OPERATIONS_MAX)]

    def command(self, order_id: UUID) -> OrderChange:
        """Returns the command for this order."""
        return Amend(order_id=order_id, operations=tuple(one.command(order_id) for one in self.operations))
