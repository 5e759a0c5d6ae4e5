"""Reaching the customer another way."""

from msgspec import UNSET, UnsetType

from aftercart.orders.events import ContactChanged
from aftercart.orders.model import ChangeKind, Customer, Email, Locale, Order, OrderChange, PersonName, Phone
from aftercart.orders.rules.aftermath import settle
from aftercart.orders.rules.allowed_changes import require_allowed
from aftercart.orders.rules.facts import Facts


class ChangeContact(OrderChange, frozen=True, kw_only=True, tag="change_contact"):
    """Replace what is given of the contact; a ``phone`` of ``None`` takes the number away."""

    email: Email | None = None
    name: PersonName | None = None
    phone: Phone | UnsetType | None = UNSET
    locale: Locale | None = None


def change_contact(command: ChangeContact, order: Order, *, facts: Facts) -> tuple[ContactChanged, ...]:
    """Returns the change, nothing when all of it is so already; raises what stands against it."""
    require_allowed(order, ChangeKind.CHANGE_CONTACT, facts)
    previous = order.customer
    customer = Customer(
        email=previous.email if command.email is None else command.email.lower(),
        name=command.name or previous.name,
        phone=previous.phone if isinstance(command.phone, UnsetType) else command.phone,
        locale=command.locale or previous.locale,
    )
    if customer == previous:
        return ()
    event = ContactChanged(previous=previous, customer=customer)
    return (settle(order, event, facts, change=ChangeKind.CHANGE_CONTACT),)
