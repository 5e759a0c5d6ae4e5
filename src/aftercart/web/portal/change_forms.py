"""The form of every change: its fields as the order is now, and the command that what was filled in asks for."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.kit.refusal import Invalid, Refusal
from aftercart.orders.model import ChangeKind, Order, OrderChange
from aftercart.sentences.voice import Voice
from aftercart.web.api import order_wishes as wishes
from aftercart.web.api.bodies import NO_CONTROLS, is_forbidden
from aftercart.web.api.validation import refusal_of
from aftercart.web.portal.change_fields import (
    ADDRESS_FIELDS,
    Given,
    add_fields,
    address_fields,
    cancel_line_fields,
    contact_fields,
    message_fields,
    no_fields,
    part_of_line,
    payment_fields,
    quantity_fields,
    reason_fields,
)
from aftercart.web.portal.fields import Field


class ChangeForm(msgspec.Struct, frozen=True, kw_only=True):
    """One change as a form: which fields an order has for it, and the wish they make.

    ``fields`` knows only the order; what has to be looked up is added by ``choices.py``.
    """

    wish: type[wishes.Wish]
    members: Callable[[Given], dict[str, Any]]
    fields: Callable[[Order, Voice, Given], tuple[Field, ...]]


def command_from(change: ChangeKind, given: Given, order_id: UUID) -> OrderChange:
    """Returns the command; raises the refusal that names the member at fault."""
    form = FORMS[change]
    for name, text in given.items():
        if is_forbidden(text):
            raise Invalid(param=name, expected=NO_CONTROLS, got=None)
    try:
        return msgspec.convert(form.members(given), form.wish).command(order_id)
    except msgspec.ValidationError as error:
        raise refusal_of(error, form.wish) from error


def field_of(refusal: Refusal, fields: Mapping[str, Field], given: Given) -> str:
    """Returns the name of the field a refusal is about; empty when it is about none, or about all."""
    if refusal.param is None:
        return ""
    name = refusal.param.rpartition(".")[2].partition("[")[0]
    of_method = f"{name}:{given.get('method', '')}"
    if of_method in fields:
        return of_method
    if name == "sku" and given.get("other_sku"):
        return "other_sku"
    name = _SHOWN_AS.get(name, name) if name not in fields else name
    return name if name in fields else ""


def _whole(text: str, param: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise Invalid(param=param, expected="a whole number", got=text)
    return int(text)


def address_members(given: Given) -> dict[str, str | None]:
    """Returns the address that was filled in."""
    return {name: given.get(name, "") for name in ADDRESS_FIELDS} | {"line2": given.get("line2") or None}


def _contact_members(given: Given) -> dict[str, Any]:
    return {
        "name": given.get("name", ""),
        "email": given.get("email", ""),
        "phone": given.get("phone") or None,
        "locale": given.get("locale", ""),
    }


def _method_members(given: Given) -> dict[str, Any]:
    method = given.get("method", "")
    members: dict[str, Any] = {"method": method}
    for name in ("pickup_point", "slot"):
        members[name] = given.get(f"{name}:{method}") or None
    if given.get("line1") and f"pickup_point:{method}" not in given:
        members["address"] = address_members(given)
    return members


def _line_members(given: Given) -> dict[str, Any]:
    return {"line": _whole(given.get("line", ""), "line"), "quantity": _whole(given.get("quantity", ""), "quantity")}


def _swap_members(given: Given) -> dict[str, Any]:
    return {**_line_members(given), "sku": given.get("sku", "")}


def _add_members(given: Given) -> dict[str, Any]:
    sku = given.get("other_sku", "").upper() or given.get("sku", "")
    return {"sku": sku, "quantity": _whole(given.get("quantity", ""), "quantity")}


def _cancel_line_members(given: Given) -> dict[str, Any]:
    return {"lines": [_line_members(given)], "reason": given.get("reason", "")}


_SHOWN_AS: Final = {"address": "line1", "method": "payment"}
"""Members of a wish that have another name on its form."""

FORMS: Final[dict[ChangeKind, ChangeForm]] = {
    ChangeKind.CHANGE_DELIVERY_ADDRESS: ChangeForm(
        wish=wishes.ChangeDeliveryAddressWish,
        members=lambda given: {"address": address_members(given)},
        fields=address_fields,
    ),
    ChangeKind.CHANGE_DELIVERY_METHOD: ChangeForm(
        wish=wishes.ChangeDeliveryMethodWish, members=_method_members, fields=no_fields
    ),
    ChangeKind.CHANGE_PICKUP_POINT: ChangeForm(
        wish=wishes.ChangePickupPointWish,
        members=lambda given: {"pickup_point": given.get("pickup_point", "")},
        fields=no_fields,
    ),
    ChangeKind.CHANGE_CONTACT: ChangeForm(
        wish=wishes.ChangeContactWish, members=_contact_members, fields=contact_fields
    ),
    ChangeKind.CHANGE_PAYMENT_METHOD: ChangeForm(
        wish=wishes.ChangePaymentMethodWish,
        members=lambda given: {"method": given.get("payment", "")},
        fields=payment_fields,
    ),
    ChangeKind.ADD_LINE: ChangeForm(wish=wishes.AddLineWish, members=_add_members, fields=add_fields),
    ChangeKind.CHANGE_LINE_QUANTITY: ChangeForm(
        wish=wishes.ChangeLineQuantityWish, members=_line_members, fields=quantity_fields
    ),
    ChangeKind.SWAP_VARIANT: ChangeForm(wish=wishes.SwapVariantWish, members=_swap_members, fields=part_of_line),
    ChangeKind.ADD_GIFT_MESSAGE: ChangeForm(
        wish=wishes.AddGiftMessageWish,
        members=lambda given: {"message": given.get("message", "")},
        fields=message_fields,
    ),
    ChangeKind.CANCEL_LINES: ChangeForm(
        wish=wishes.CancelLinesWish, members=_cancel_line_members, fields=cancel_line_fields
    ),
    ChangeKind.CANCEL_ORDER: ChangeForm(
        wish=wishes.CancelOrderWish, members=lambda given: {"reason": given.get("reason", "")}, fields=reason_fields
    ),
    ChangeKind.ACCEPT_SPLIT: ChangeForm(wish=wishes.AcceptSplitWish, members=lambda _given: {}, fields=no_fields),
    ChangeKind.ORDER_AGAIN: ChangeForm(wish=wishes.OrderAgainWish, members=lambda _given: {}, fields=no_fields),
}
