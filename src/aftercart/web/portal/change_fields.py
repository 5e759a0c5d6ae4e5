"""The fields of every change's form, filled in with what the order is now."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from babel import Locale

from aftercart.kit.address import Address
from aftercart.orders.model import CancellationReason, Order
from aftercart.orders.rules.unit_ledger import live_quantity
from aftercart.sentences.voice import Voice
from aftercart.web.portal import fields as parts
from aftercart.web.portal.fields import Field, Option

Given = Mapping[str, str]
"""What was filled in; empty when the form is shown for the first time."""

PAYMENT_METHODS: Final = ("card", "paypal", "bank_transfer")
ADDRESS_FIELDS: Final = ("name", "line1", "line2", "postcode", "city", "country")
MESSAGE_CHARACTERS_MAX: Final = 1_000
_EMAIL_CHARACTERS_MAX: Final = 254
_PHONE_CHARACTERS_MAX: Final = 31
_CODE_CHARACTERS_MAX: Final = 64


def line_of(order: Order, given: Given) -> int | None:
    """Returns the number of the line a form is about, ``None`` for all of the order or a line there is not."""
    text = given.get("line", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return number if 1 <= number <= len(order.lines) else None


def given_address(address: Address | None, given: Given) -> dict[str, str]:
    """Returns what stands in the fields of an address: what was filled in, else the address that is so now."""
    now = {} if address is None else {name: getattr(address, name) or "" for name in ADDRESS_FIELDS}
    return {name: given.get(name, now.get(name, "")) for name in ADDRESS_FIELDS}


def address_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns the fields for the address the order goes to."""
    return parts.address_fields(voice, given_address(order.delivery.address, given))


def contact_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns the fields for how the customer is reached."""
    customer = order.customer
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
            value=_filled(given, "locale", customer.locale),
            options=tuple(_languages(customer.locale)),
        ),
    )


def _languages(now: str) -> Iterator[Option]:
    """Yields our languages; who reads one of them as in their country, or another one, may keep it so."""
    ours = {"fr": "Français", "en": "English"}
    spoken = now.partition("-")[0]
    for code, label in ours.items():
        yield Option(value=now if code == spoken else code, label=label)
    if spoken not in ours:
        yield Option(value=now, label=Locale.parse(spoken).display_name or now)


def payment_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns the fields for how the order is paid."""
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


def quantity_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns the fields for how many of a line are wanted."""
    return tuple(_quantity(order, voice, given))


def part_of_line(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns how many of a line are meant; of one there is nothing to ask."""
    return tuple(
        msgspec.structs.replace(field, kind="hidden") if field.value == "1" and not given.get("quantity") else field
        for field in _quantity(order, voice, given)
    )


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


def cancel_line_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns the fields for how many of a line are to go, and why."""
    return (*part_of_line(order, voice, given), _reason(voice, given))


def reason_fields(_order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns the fields for why nothing is wanted."""
    return (_reason(voice, given),)


def _reason(voice: Voice, given: Given) -> Field:
    reasons = (reason for reason in CancellationReason if reason is not CancellationReason.PAYMENT_NOT_RECEIVED)
    options = tuple(
        Option(value=reason.value, label=voice.say(f"reason_{reason.value}").capitalize()) for reason in reasons
    )
    value = given.get("reason", CancellationReason.CHANGED_MIND.value)
    return Field(name="reason", label=voice.say("field_reason"), kind="radio", value=value, options=options)


def message_fields(order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns the fields for the words that go along."""
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


def add_fields(_order: Order, voice: Voice, given: Given) -> tuple[Field, ...]:
    """Returns the fields for what else is wanted, and how many."""
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


def no_fields(_order: Order, _voice: Voice, _given: Given) -> tuple[Field, ...]:
    """Returns the fields for nothing: the change says it all."""
    return ()


def _filled(given: Given, name: str, now: object) -> str:
    return given[name] if name in given else str(now if now is not None else "")
