"""The form of every change: its fields as the order is now, and the command that what was filled in asks for."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from aftercart.kit.address import Address
from aftercart.kit.refusal import Invalid, Refusal
from aftercart.orders.model import CancellationReason, ChangeKind, Order, OrderChange
from aftercart.orders.rules.unit_ledger import live_quantity
from aftercart.sentences.voice import Voice
from aftercart.web.api import order_wishes as wishes
from aftercart.web.api.bodies import NO_CONTROLS, is_forbidden
from aftercart.web.api.validation import refusal_of
from aftercart.web.portal.fields import Field, Option, address_fields

Given = Mapping[str, str]
"""What was filled in; empty when the form is shown for the first time."""

PAYMENT_METHODS: Final = ("card", "paypal", "bank_transfer")
ADDRESS_FIELDS: Final = ("name", "line1", "line2", "postcode", "city", "country")
MESSAGE_CHARACTERS_MAX: Final = 1_000
_EMAIL_CHARACTERS_MAX: Final = 254
_PHONE_CHARACTERS_MAX: Final = 31
_CODE_CHARACTERS_MAX: Final = 64


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
        raise refusal_of(error) from error


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
    if name == "address" and "line1" in fields:
        return "line1"
    return name if name in fields else ""


def line_of(order: Order, given: Given) -> int | None:
    """Returns the number of the line a form is about, ``None`` for all of the order or a line there is not."""
    text = given.get("line", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return number if 1 <= number <= len(order.lines) else None


def _filled(given: Given, name: str, now: object) -> str:
    return given[name] if name in given else str(now if now is not None else "")


def _whole(text: str, param: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise Invalid(param=param, expected="a whole number", got=text)
    return int(text)


def given_address(address: Address | None, given: Given) -> dict[str, str]:
    """Returns what stands in the fields of an address: what was filled in, else the address that is so now."""
    now = {} if address is None else {name: getattr(address, name) or "" for name in ADDRESS_FIELDS}
    return {name: given.get(name, now.get(name, "")) for name in ADDRESS_FIELDS}


def address_members(given: Given) -> dict[str, str | None]:
    """Returns the address that was filled in."""
    return {name: given.get(name, "") for name in ADDRESS_FIELDS} | {"line2": given.get("line2") or None}


def _address_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    return address_fields(voice, given_address(order.delivery.address, given))


def _contact_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    customer = order.customer
    locale = _filled(given, "locale", customer.locale.partition("-")[0])
    return (
        Field(
            name="name",
            label=voice.say("field_name"),
            value=_filled(given, "name", customer.name),
            autocomplete="name",
        ),
        Field(
            name="email",
            label=voice.say("field_email"),
            value=_filled(given, "email", customer.email),
            autocomplete="email",
            type="email",
            characters_max=_EMAIL_CHARACTERS_MAX,
        ),
        Field(
            name="phone",
            label=voice.say("field_phone"),
            value=_filled(given, "phone", customer.phone),
            autocomplete="tel",
            type="tel",
            is_optional=True,
            characters_max=_PHONE_CHARACTERS_MAX,
        ),
        Field(
            name="locale",
            label=voice.say("field_locale"),
            kind="select",
            value=locale,
            options=(Option(value="fr", label="Français"), Option(value="en", label="English")),
        ),
    )


def _contact_members(given: Given) -> dict[str, Any]:
    return {
        "name": given.get("name", ""),
        "email": given.get("email", ""),
        "phone": given.get("phone") or None,
        "locale": given.get("locale", ""),
    }


def _payment_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    now = order.payment.method
    methods = PAYMENT_METHODS if now in PAYMENT_METHODS else (now, *PAYMENT_METHODS)
    options = tuple(
        Option(
            value=method,
            label=voice.find(f"payment_{method}") or method,
            notes=(voice.say("chosen_now"),) if method == now else (),
        )
        for method in methods
    )
    label = voice.say("field_payment")
    return (Field(name="payment", label=label, kind="radio", value=_filled(given, "payment", now), options=options),)


def _quantity_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    return tuple(_quantity(order, voice, given))


def _quantity(order: Order, voice: Voice, given: Given) -> Iterator[Field]:
    number = line_of(order, given)
    if number is None:
        return
    quantity = live_quantity(order.units, order.lines[number - 1])
    yield Field(
        name="quantity",
        label=voice.say("field_quantity"),
        kind="number",
        value=_filled(given, "quantity", quantity),
        hint=voice.say("field_quantity_now", quantity=quantity),
    )


def _cancel_line_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    return (*_quantity(order, voice, given), _reason(voice, given))


def _reason_fields(_order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    return (_reason(voice, given),)


def _reason(voice: Voice, given: Given) -> Field:
    reasons = (reason for reason in CancellationReason if reason is not CancellationReason.PAYMENT_NOT_RECEIVED)
    options = tuple(
        Option(value=reason.value, label=voice.say(f"reason_{reason.value}").capitalize()) for reason in reasons
    )
    value = given.get("reason", CancellationReason.CHANGED_MIND.value)
    return Field(name="reason", label=voice.say("field_reason"), kind="radio", value=value, options=options)


def _message_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    return (
        Field(
            name="message",
            label=voice.say("field_message"),
            kind="textarea",
            value=_filled(given, "message", order.gift_message),
            is_optional=True,
            characters_max=MESSAGE_CHARACTERS_MAX,
        ),
    )


def _add_fields(_order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    return (
        Field(
            name="other_sku",
            label=voice.say("field_other_sku"),
            value=given.get("other_sku", ""),
            hint=voice.say("field_other_sku_hint"),
            is_optional=True,
            characters_max=_CODE_CHARACTERS_MAX,
        ),
        Field(name="quantity", label=voice.say("field_quantity"), kind="number", value=given.get("quantity", "1")),
    )


def _no_fields(_order: Order, _voice: Voice, _given: Given) -> tuple[Field, ...]:
    return ()


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


FORMS: Final[dict[ChangeKind, ChangeForm]] = {
    ChangeKind.CHANGE_DELIVERY_ADDRESS: ChangeForm(
        wish=wishes.ChangeDeliveryAddressWish,
        members=lambda given: {"address": address_members(given)},
        fields=_address_fields,
    ),
    ChangeKind.CHANGE_DELIVERY_METHOD: ChangeForm(
        wish=wishes.ChangeDeliveryMethodWish, members=_method_members, fields=_no_fields
    ),
    ChangeKind.CHANGE_PICKUP_POINT: ChangeForm(
        wish=wishes.ChangePickupPointWish,
        members=lambda given: {"pickup_point": given.get("pickup_point", "")},
        fields=_no_fields,
    ),
    ChangeKind.CHANGE_CONTACT: ChangeForm(
        wish=wishes.ChangeContactWish, members=_contact_members, fields=_contact_fields
    ),
    ChangeKind.CHANGE_PAYMENT_METHOD: ChangeForm(
        wish=wishes.ChangePaymentMethodWish,
        members=lambda given: {"method": given.get("payment", "")},
        fields=_payment_fields,
    ),
    ChangeKind.ADD_LINE: ChangeForm(wish=wishes.AddLineWish, members=_add_members, fields=_add_fields),
    ChangeKind.CHANGE_LINE_QUANTITY: ChangeForm(
        wish=wishes.ChangeLineQuantityWish, members=_line_members, fields=_quantity_fields
    ),
    ChangeKind.SWAP_VARIANT: ChangeForm(wish=wishes.SwapVariantWish, members=_swap_members, fields=_quantity_fields),
    ChangeKind.ADD_GIFT_MESSAGE: ChangeForm(
        wish=wishes.AddGiftMessageWish,
        members=lambda given: {"message": given.get("message", "")},
        fields=_message_fields,
    ),
    ChangeKind.CANCEL_LINES: ChangeForm(
        wish=wishes.CancelLinesWish, members=_cancel_line_members, fields=_cancel_line_fields
    ),
    ChangeKind.CANCEL_ORDER: ChangeForm(
        wish=wishes.CancelOrderWish, members=lambda given: {"reason": given.get("reason", "")}, fields=_reason_fields
    ),
    ChangeKind.ACCEPT_SPLIT: ChangeForm(wish=wishes.AcceptSplitWish, members=lambda _given: {}, fields=_no_fields),
    ChangeKind.ORDER_AGAIN: ChangeForm(wish=wishes.OrderAgainWish, members=lambda _given: {}, fields=_no_fields),
}
